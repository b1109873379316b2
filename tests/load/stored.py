"""`python -m tests.load.stored`: what the database holds of every sitting that was touched, opened, as JSON."""

import json
import os
import sys
from collections import Counter
from typing import Any


def stored() -> dict[int, dict[str, Any]]:
    """By sitting: state, receipt, revision, values of the 100 items, totals of its results, rows written about it."""
    from assessments.answer_vault import open_answers
    from assessments.models import CoverageTicket, Flag, Result, SavedAnswers, ScreeningKey, Sitting, TimelineEntry
    from xinyu.access.actor import acting_as
    from xinyu.audit.models import AuditEntry

    found: dict[int, dict[str, Any]] = {}
    with acting_as("system:demo"):
        wrapped = {key.screening_id: bytes(key.wrapped) for key in ScreeningKey.objects.all()}
        saved = {one.sitting_id: one for one in SavedAnswers.objects.all()}
        tickets = Counter(CoverageTicket.objects.values_list("sitting_id", flat=True))
        entries = Counter(TimelineEntry.objects.values_list("source_sitting_id", flat=True))
        ended = Counter(AuditEntry.objects.filter(verb="assessments.finish_sitting").values_list("subject", flat=True))
        flags = Counter(Flag.objects.filter(source="item").values_list("sitting_id", flat=True))
        totals: dict[int, list[float]] = {}
        for sitting_id, total in Result.objects.values_list("sitting_id", "total"):
            totals.setdefault(sitting_id, []).append(float(total))
        for one in Sitting.objects.exclude(state="invited"):
            kept, sheets = saved.get(one.pk), {}
            if kept:
                key = wrapped[one.screening_id]
                sheets = open_answers(kept.answers, sitting_id=one.pk, screening_id=one.screening_id, wrapped=key)
            found[one.pk] = {
                "state": one.state,
                "receipt": one.receipt,
                "revision": kept.revision if kept else -1,
                "values": list(sheets["BENCH-100"].values) if sheets else [],
                "totals": totals.get(one.pk, []),
                "flags": flags[one.pk],
                "tickets": tickets[one.pk],
                "entries": entries[one.pk],
                "ended": ended[f"assessments_sitting:{one.pk}"],
            }
    return found


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinyu.settings")
    django.setup()
    json.dump(stored(), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
