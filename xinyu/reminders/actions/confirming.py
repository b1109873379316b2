"""The facts that meet obligations: a class was checked, a school's work was done, a county went through the answers."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from xinyu.accounts.models import User
from xinyu.audit.entries import record
from xinyu.audit.signing import sign
from xinyu.organisations.models import County, Klass, School
from xinyu.reminders import signed
from xinyu.reminders.actions.meeting import meet
from xinyu.reminders.models import CountyReview, Due, SeasonCheck, SeasonRecord
from xinyu.reminders.season_book import REPORTS

#: what people read on the signature of a report
TITLES = {"zero_report": "零报告", "privacy_report": "未成年人个人信息保护年度报告"}


@dataclass(frozen=True)
class Held:
    """What was held; `hours` from `on` to `until`: [{"weekday": 0 for Monday, "opens": "17:00", "closes": "18:30"}]."""

    on: date | None = None
    place: str = ""
    participants: int | None = None
    hours: tuple[dict, ...] = ()
    until: date | None = None


NOT_HELD = Held()


@transaction.atomic
def confirm_check(
    klass: Klass, season: str, obligation: str, count: int, *, actor: User, on: date | None = None, note: str = ""
) -> SeasonCheck:
    """The homeroom teacher has looked at the class; zero is an answer. A later check is a row of its own and counts."""
    check = SeasonCheck.objects.create(
        klass=klass,
        season=season,
        obligation=obligation,
        checked_on=on or timezone.localdate(),
        attention_count=count,
        note=note,
        by=actor,
    )
    record(
        "reminders.confirm_check",
        subject=check,
        school_id=klass.school_id,
        detail={"season": season, "klass": klass.pk, "count": count},
    )
    _meet(season, obligation, klass=klass)
    return check


@transaction.atomic
def confirm_record(
    school: School, season: str, obligation: str, counts: dict, *, actor: User, note: str = "", held: Held = NOT_HELD
) -> SeasonRecord:
    """A fact of the whole school; `counts` are the figures that stood on the page when it was confirmed, `held` says
    when, where and with how many an activity was, or the longer hours of the room.

    Side effect: a report to the bureau is signed by the actor as the school's principal.
    """
    row = SeasonRecord.objects.create(
        school=school, season=season, obligation=obligation, counts=counts, note=note, by=actor,
        is_report=obligation in REPORTS, held_on=held.on, place=held.place, participants=held.participants,
        hours=list(held.hours), until=held.until,
    )  # fmt: skip
    record(
        "reminders.confirm_record",
        subject=row,
        school_id=school.pk,
        detail={"season": season, "obligation": obligation} | counts,
    )
    if row.is_report:
        title, words = TITLES[obligation], signed.words_of(row)
        sign(row, purpose=signed.PURPOSE, title=title, content=words, role="principal", school_id=school.pk,
             for_bureau=True)  # fmt: skip
    _meet(season, obligation, school=school, klass=None, grade=None)
    return row


@transaction.atomic
def review_county(
    county: County, season: str, obligation: str, counts: dict, *, actor: User, note: str = ""
) -> CountyReview:
    """The officer has gone through the schools' answers."""
    row = CountyReview.objects.create(
        county=county, season=season, obligation=obligation, counts=counts, note=note, by=actor
    )
    record("reminders.review_county", subject=row, detail={"season": season, "county": county.pk} | counts)
    _meet(season, obligation, county=county, school=None)
    return row


def _meet(season: str, obligation: str, **place: object) -> None:
    """Dues in the actor's own sight at once; those of others follow with the next sweep."""
    where = {f"{name}__isnull" if value is None else name: value is None or value for name, value in place.items()}
    meet(Due.objects.filter(season=season, obligation=obligation, **where))
