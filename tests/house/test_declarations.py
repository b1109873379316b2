"""Every table declares its seal or says why not; a change of sight shows in a diff of policies.txt."""

import os
from pathlib import Path

from tests.house.rows_everywhere import sealed_models
from xinyu.access import compile as compiled
from xinyu.access.checks import every_table_declares
from xinyu.access.seal import seal_of

GOLDEN = Path(__file__).with_name("policies.txt")


def test_every_table_declares_a_seal_or_says_why_not():
    assert every_table_declares(None) == []


def policies_as_text() -> str:
    lines = []
    for model in sorted(sealed_models(), key=lambda m: m._meta.db_table):
        for statement in compiled.statements(model, seal_of(model)):
            if statement.startswith(("CREATE POLICY", "GRANT")):
                lines.append(statement)
        seal = seal_of(model)
        said = {name: getattr(seal, name) for name in ("writes", "fixed", "once", "own")}  # what access_write refuses
        if any(said.values()):
            rules = "; ".join(f"{name} {words}" for name, words in said.items() if words)
            lines.append(f"TRIGGER access_write ON {model._meta.db_table}: {rules}")
    return "\n".join(lines) + "\n"


def test_the_policies_are_the_ones_that_were_reviewed():
    """After a deliberate change XINYU_WRITE_POLICIES=1 writes the file anew; review its diff."""
    if os.environ.get("XINYU_WRITE_POLICIES"):
        GOLDEN.write_text(policies_as_text(), encoding="utf-8")
    assert policies_as_text() == GOLDEN.read_text(encoding="utf-8")
