"""Write the state diagram of a case into the documentation."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from crisis.workflow import MOVES, STATES, diagram

PAGE = Path(settings.BASE_DIR) / "xinyu" / "docs" / "case-states.md"


def page() -> str:
    """The whole page: the diagram and, for readers without one, the same moves as a table."""
    rows = [
        f"| {move.label} | {'、'.join(STATES[code].label for code in move.sources)} | {STATES[move.target].label} |"
        for move in MOVES.values()
    ]
    return "\n".join(
        [
            "# States of a case",
            "",
            "Written by `manage.py case_diagram` from `crisis/workflow.py`; do not edit by hand.",
            "",
            "```mermaid",
            diagram().rstrip(),
            "```",
            "",
            "| 步骤 | 从 | 到 |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


class Command(BaseCommand):
    help = "Write xinyu/docs/case-states.md from the workflow table"

    def handle(self, *args, **options):
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page(), "utf-8")
        self.stdout.write(f"{PAGE.relative_to(settings.BASE_DIR)}")
