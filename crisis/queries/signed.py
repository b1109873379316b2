"""Signatures under what was asked about a case, and what was signed at a hand-over, word for word: the page that
verifies a signature asks for it again."""

from typing import Any

from crisis.models import Case, Handover
from xinyu.audit.models import Signature
from xinyu.vault.fields import reveal


def signatures_under(case: Case) -> list[Signature]:
    """Under requests to lower or to close, newest first."""
    names = [f"crisis_loweringrequest:{pk}" for pk in case.loweringrequests.values_list("pk", flat=True)]
    names += [f"crisis_closingrequest:{pk}" for pk in case.closingrequests.values_list("pk", flat=True)]
    return list(Signature.objects.filter(subject__in=names).order_by("-at", "-id")) if names else []


def handover_words(handover_id: int) -> dict[str, Any] | None:
    """Level, name, reason and time of a formal hand-over; None where it is out of sight or its key is destroyed."""
    row = Handover.objects.filter(pk=handover_id, handed_at__isnull=False, wrapped__isnull=False).first()
    if row is None:
        return None
    texts = {field: reveal(row, field) for field in ("identity", "reason")}
    return {"handover": row.pk, "level": row.level, "handed_at": row.handed_at, **texts}
