"""研判会 as pages and papers show them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from crisis.looks import level_fact
from crisis.models import Case, Conference, MinutesCopy
from xinyu.ui.frame import Fact
from xinyu.vault.fields import reveal

from .cases import Opener


def conference_for_lowering(case: Case, level: str, met_on: date) -> Conference | None:
    """The meeting of that day whose minutes put forward that level (4-workflow D9.8)."""
    held = Conference.objects.filter(case=case, decided_level=level, decided_at__isnull=False)
    return next((row for row in held if timezone.localdate(row.meets_at) == met_on), None)


@dataclass(frozen=True)
class SeatLine:
    name: str
    was_there: bool | None
    signed_at: datetime | None
    digest: str

    @property
    def fact(self) -> Fact:
        if self.signed_at is not None:
            return Fact("已签字确认", "circle-check", "good")
        if self.was_there:
            return Fact("到会，待签字", "pencil", "notice")
        return Fact("已邀请", "mail", "info") if self.was_there is None else Fact("未到会", "minus", "neutral")


@dataclass(frozen=True)
class ConferenceShape:
    """One meeting, complete for a page or a paper. `minutes` '' for whoever was not there."""

    pk: int
    meets_at: datetime
    place: str
    convened_by: str
    expert: str
    level: Fact | None
    colour_until: date | None
    seats: tuple[SeatLine, ...]
    minutes: str
    may_sign: bool


def conferences_of(case: Case, reader_id: int) -> list[ConferenceShape]:
    """Newest first; as many queries for one as for three."""
    copies = {row.conference_id: row for row in MinutesCopy.objects.filter(case=case, reader_id=reader_id)}
    rows = Conference.objects.filter(case=case).select_related("convened_by").prefetch_related("seats__person")
    text = Opener(case.student_id) if copies else None
    held = {pk: text(copy, "body") for pk, copy in copies.items()} if text else {}
    return [_shape(row, held.get(row.pk, ""), reader_id) for row in rows]


def _shape(row: Conference, minutes: str, reader_id: int) -> ConferenceShape:
    seats = list(row.seats.all())
    return ConferenceShape(
        row.pk,
        row.meets_at,
        row.place,
        row.convened_by.name,
        row.expert,
        level_fact(row.decided_level) if row.decided_level else None,
        row.colour_until,
        tuple(SeatLine(seat.person.name, seat.was_there, seat.signed_at, seat.signed_digest) for seat in seats),
        minutes,
        any(seat.person_id == reader_id and seat.was_there and seat.signed_at is None for seat in seats),
    )


def minutes_words(conference_id: int) -> str | None:
    """What was signed, for the page that verifies it; None for whoever holds no copy."""
    copy = MinutesCopy.objects.filter(conference_id=conference_id).first()
    return reveal(copy, "body") if copy else None
