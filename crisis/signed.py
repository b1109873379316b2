"""The words under which a lowering or a closing is signed, found again for the page that verifies a signature."""

from crisis.looks import level_fact
from crisis.models import ClosingRequest, LoweringRequest
from xinyu.audit.signing import sign, signatures_of
from xinyu.vault.fields import reveal

LOWERING, CLOSING = "lowering", "closing"


def words_of(request: LoweringRequest | ClosingRequest) -> dict:
    """What both people sign; the reason goes in by its text and nowhere out of the digest."""
    words = {
        "case": request.case.code,
        "reason": reveal(request, "reason"),
        "medical_opinion": request.has_medical_opinion,
        "asked_by": request.by_id,
    }
    if isinstance(request, LoweringRequest):
        to = {"level": request.level, "until_on": request.until_on, "team_met_on": request.team_met_on}
        return words | to
    return words | {"kind": request.kind}


def sign_request(request: LoweringRequest | ClosingRequest, *, role: str) -> None:
    """The acting person signs; the view has asked again who it is (4-workflow D9.13)."""
    if isinstance(request, LoweringRequest):
        purpose, title = LOWERING, f"降级至{level_fact(request.level).label}"
    else:
        purpose, title = CLOSING, request.get_kind_display()
    sign(request, purpose=purpose, title=title, content=words_of(request), role=role)


def signers_of(request: LoweringRequest | ClosingRequest) -> frozenset[int]:
    """Ids of the people whose signature stands under the request."""
    return frozenset(signatures_of(request).values_list("user_id", flat=True))


def lowering_words(pk: int) -> dict | None:
    row = LoweringRequest.objects.select_related("case").filter(pk=pk).first()
    return words_of(row) if row else None


def closing_words(pk: int) -> dict | None:
    row = ClosingRequest.objects.select_related("case").filter(pk=pk).first()
    return words_of(row) if row else None
