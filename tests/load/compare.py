"""Ledger against database: acknowledged = stored = scored, once each. Pure."""

from collections.abc import Mapping
from typing import Any

from tests.load.student import Ledger

CRITICAL_ITEM, CRITICAL_FROM = 9, 2


def differences(ledger: Ledger, stored: Mapping[int, Mapping[str, Any]]) -> list[str]:
    """One sentence for each thing that was acknowledged and is not there, is there twice, or is there by halves."""
    found = [f"{count} × {what}" for what, count in ledger.trouble.items() if count]
    for sitting, (revision, given) in ledger.saved.items():
        row = stored.get(sitting)
        kept = dict(enumerate(row["values"], 1)) if row else {}
        if not row or row["revision"] < revision or any(kept.get(n) != value for n, value in given.items()):
            found.append(f"lost: save {revision} of sitting {sitting}")
    for sitting, receipt in ledger.receipts.items():
        if stored.get(sitting, {}).get("receipt") != receipt:
            found.append(f"lost: receipt of sitting {sitting}")
    return found + [text for sitting, row in stored.items() for text in _halves(sitting, row)]


def _halves(sitting: int, row: Mapping[str, Any]) -> list[str]:
    is_over = row["state"] == "finished"
    has_flag = is_over and row["values"][CRITICAL_ITEM - 1] >= CRITICAL_FROM
    wanted = {
        "totals": [float(sum(row["values"]))] if is_over else [],
        "flags": int(has_flag),
        "tickets": 1 + is_over,
        "entries": int(is_over),
        "ended": int(is_over),
    }
    return [
        f"{name} of sitting {sitting}: {row[name]}, not {what}" for name, what in wanted.items() if row[name] != what
    ]
