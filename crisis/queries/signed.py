"""What was signed at a hand-over, word for word: the page that verifies a signature asks for it again."""

from typing import Any

from crisis.models import Handover
from xinyu.vault.fields import reveal


def handover_words(handover_id: int) -> dict[str, Any] | None:
    """Level, name, reason and time of a formal hand-over; None where it is out of sight or its key is destroyed."""
    row = Handover.objects.filter(pk=handover_id, handed_at__isnull=False, wrapped__isnull=False).first()
    if row is None:
        return None
    texts = {field: reveal(row, field) for field in ("identity", "reason")}
    return {"handover": row.pk, "level": row.level, "handed_at": row.handed_at, **texts}
