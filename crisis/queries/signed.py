"""Signatures under what was asked about a case."""

from crisis.models import Case
from xinyu.audit.models import Signature


def signatures_under(case: Case) -> list[Signature]:
    """Under requests to lower or to close, newest first."""
    names = [f"crisis_loweringrequest:{pk}" for pk in case.loweringrequests.values_list("pk", flat=True)]
    names += [f"crisis_closingrequest:{pk}" for pk in case.closingrequests.values_list("pk", flat=True)]
    return list(Signature.objects.filter(subject__in=names).order_by("-at", "-id")) if names else []
