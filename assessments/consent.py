"""Whether a student may be asked, and who is reminded, from what guardians and the student have said. Pure.

Rules (4-workflow D9.3, decision 0021): the latest decision of each person counts; a yes that nobody has verified
counts as not said, a no needs no proof (decision 0030); a no always holds, whoever said it, at any school, under any
notice; a yes holds only at the school that asked, under the notice of the screening, and from somebody who is a
guardian now. Two guardians who disagree are a state of their own. From 14 the student's own word is asked as well, at
the door; a yes from before 14 is asked again.
Nobody is forced: whatever the answer here, the student may decline on every page.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

OWN_WORD_FROM = 14


class Consent(StrEnum):
    GIVEN = "given"
    OWN_WORD = "own_word"
    CONFLICT = "conflict"
    REFUSED = "refused"
    SILENT = "silent"


@dataclass(frozen=True)
class Said:
    """One decision about screenings. `guardian_id` None: the student's own; `decision`: given, refused, withdrawn."""

    guardian_id: int | None
    decision: str
    is_verified: bool
    at: datetime
    notice: str = ""
    school_id: int | None = None


@dataclass(frozen=True)
class Asking:
    """What decisions are held against. `withheld`: guardians who are told nothing for now (4-workflow D9.5)."""

    day: date
    birth_on: date | None
    guardians: frozenset[int]
    notice: str = ""
    school_id: int | None = None
    withheld: frozenset[int] = field(default_factory=frozenset)

    @property
    def asks_own_word(self) -> bool:
        """From 14, and where the birthday is not known."""
        age = age_on(self.birth_on, self.day)
        return age is None or age >= OWN_WORD_FROM


def consent_of(said: Iterable[Said], asking: Asking) -> Consent:
    """The consent that follows, whatever the order in which decisions are given."""
    latest: dict[int | None, Said] = {}
    counted = (one for one in said if one.is_verified or one.decision != "given")
    for one in sorted(counted, key=lambda one: one.at):
        latest[one.guardian_id] = one
    own = latest.get(None)
    if own is not None and own.decision != "given":
        return Consent.REFUSED
    words = [one for who, one in latest.items() if who in asking.guardians]
    has_yes = any(_holds(one, asking) for one in words)
    if any(one.decision != "given" for one in words):
        return Consent.CONFLICT if has_yes else Consent.REFUSED
    if not has_yes:
        return Consent.SILENT
    if asking.asks_own_word and not (own and _holds(own, asking) and _was_of_age(own, asking)):
        return Consent.OWN_WORD
    return Consent.GIVEN


def _holds(one: Said, asking: Asking) -> bool:
    """Whether this yes is a yes to this notice of this school."""
    return one.decision == "given" and one.notice == asking.notice and one.school_id == asking.school_id


def _was_of_age(own: Said, asking: Asking) -> bool:
    age = age_on(asking.birth_on, own.at.date())
    return age is None or age >= OWN_WORD_FROM


def to_remind(said: Iterable[Said], asking: Asking) -> frozenset[int | None]:
    """Guardians who have yet to answer, None: the student, at the door. Nobody after a no, nobody who is withheld."""
    consent = consent_of(said, asking)
    if consent is Consent.OWN_WORD:
        return frozenset({None})
    return frozenset(asking.guardians - asking.withheld) if consent is Consent.SILENT else frozenset()


def may_be_asked(consent: Consent, legal_basis: str) -> bool:
    """Whether the student is invited: on the basis "duty" (学校法定职责) silence never hinders; a no, or one no of two
    guardians, does."""
    return consent in (Consent.GIVEN, Consent.OWN_WORD) or (consent is Consent.SILENT and legal_basis == "duty")


def age_on(birth_on: date | None, day: date) -> int | None:
    """Completed years, None when the birthday is not known."""
    if birth_on is None:
        return None
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))
