"""Whether a student may be asked, from the decisions of guardians and of the student. Pure.

Rules (4-workflow D9.3): the latest verified decision of each person counts; one refusal or withdrawal outweighs every
consent; what nobody has verified counts as not said; from 14 the student's own decision counts as well. Nobody is
forced: whatever the answer here, the student may decline at the door.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

OWN_WORD_FROM = 14


class Consent(StrEnum):
    GIVEN = "given"
    REFUSED = "refused"
    SILENT = "silent"


@dataclass(frozen=True)
class Said:
    """One decision about screenings. `guardian_id` None: the student's own; `decision`: given, refused, withdrawn."""

    guardian_id: int | None
    decision: str
    is_verified: bool
    at: datetime


def consent_of(said: Iterable[Said], age: int | None) -> Consent:
    """The consent that follows. At an unknown age the student's own refusal counts."""
    latest: dict[int | None, str] = {}
    for one in sorted((one for one in said if one.is_verified), key=lambda one: one.at):
        latest[one.guardian_id] = one.decision
    own = latest.pop(None, None)
    if own in ("refused", "withdrawn") and (age is None or age >= OWN_WORD_FROM):
        return Consent.REFUSED
    if any(decision != "given" for decision in latest.values()):
        return Consent.REFUSED
    return Consent.GIVEN if latest else Consent.SILENT


def may_be_asked(consent: Consent, legal_basis: str) -> bool:
    """Whether the student is invited: on the basis "duty" (学校法定职责) silence never hinders, refusal does."""
    return consent is Consent.GIVEN or (consent is Consent.SILENT and legal_basis == "duty")


def age_on(birth_on: date | None, day: date) -> int | None:
    """Completed years, None when the birthday is not known."""
    if birth_on is None:
        return None
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))
