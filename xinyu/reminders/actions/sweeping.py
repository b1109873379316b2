"""The sweep of obligations: who owes what is written once, what has been met stops at once, people are told once."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.utils import timezone

from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.organisations.models import County
from xinyu.reminders import causes, gather
from xinyu.reminders.actions.meeting import call_off, meet
from xinyu.reminders.due import Due as Reminder
from xinyu.reminders.due import Subject, told
from xinyu.reminders.models import Due, Notice
from xinyu.reminders.notices import Draft, url_of, write_notices
from xinyu.reminders.seasons import SeasonWindow
from xinyu.reminders.standing import Standing, standings
from xinyu.reminders.steps import is_asked
from xinyu.ui.wording import day

SYSTEM = "system:reminders"
INSERT = """INSERT INTO reminders_due
(key, season, obligation, title, user_id, role, county_id, school_id, grade_id, klass_id, from_on, due_on)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[],
  %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::date[], %s::date[])
ON CONFLICT (key) DO UPDATE SET from_on = EXCLUDED.from_on, due_on = EXCLUDED.due_on, called_off_at = NULL
WHERE (reminders_due.due_on <> EXCLUDED.due_on OR reminders_due.called_off_at IS NOT NULL)
  AND reminders_due.met_at IS NULL"""


def sweep_dues(on: date | None = None) -> str:
    """Every county on its own, in its own transaction; the outcome in words for the list of sweeps."""
    on = on or timezone.localdate()
    with acting_as(SYSTEM):
        counties = list(County.objects.all())
    totals = [0, 0, 0]
    for county in counties:
        with acting_as(SYSTEM):
            totals = [sum(pair) for pair in zip(totals, sweep_county(county, on), strict=True)]
    return "{} new dues, {} notices, {} met".format(*totals)


def sweep_county(county: County, on: date) -> tuple[int, int, int]:
    """(dues written or moved, notices written, dues met). Call as system:reminders."""
    found = gather.county_facts(county, on)
    rows = standings(on, found.facts, found.windows, found.calendar, found.people, found.subjects, policy=found.policy)
    subjects = {subject.place: subject for subject in found.subjects}
    waiting = _waiting(county, on)
    met = _mark_met(waiting, [row for row in rows if row.is_met])
    gone = _call_off(waiting, rows, found.windows, on)
    owed = [(row, reminder) for row in rows for reminder in row.reminders]
    new = _write_dues(county, owed, subjects)
    _write_early(county, [(row, reminder) for row in rows for reminder in row.early], subjects)
    notices = _tell(owed, county)
    if new or met or notices or gone:
        detail = {"dues": new, "notices": notices, "met": met, "called_off": gone}
        record("reminders.sweep_dues", subject=county, detail=detail)
    return new, notices, met


def due_key(row: Standing, user_id: int) -> str:
    """One row per occasion × place × person; an occasion that is owed once keeps its key when its dates move."""
    return f"{row.season}/{row.obligation}/{row.period}/{row.place[0]}-{row.place[1]}/{user_id}"


def _write_dues(county: County, owed: list[tuple[Standing, Reminder]], subjects: dict[tuple[str, int], Subject]) -> int:
    values = {}
    for row, reminder in owed:
        places = dict((row.place, *subjects[row.place].above))
        key = due_key(row, reminder.person_id)
        values[key] = (
            key, row.season, row.obligation, row.title, reminder.person_id, reminder.role, county.pk,
            places.get("school"), places.get("grade"), places.get("klass"), row.starts_on, row.due_on,
        )  # fmt: skip
    if not values:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [list(column) for column in zip(*values.values(), strict=True)])
        return cursor.rowcount


def _write_early(
    county: County, early: list[tuple[Standing, Reminder]], subjects: dict[tuple[str, int], Subject]
) -> None:
    """What was met before anybody was reminded: the bureau reads dues, not checks, and must not miss the diligent."""
    keys = {due_key(row, reminder.person_id) for row, reminder in early}
    known = set(Due.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else keys
    unknown = [(row, reminder) for row, reminder in early if due_key(row, reminder.person_id) not in known]
    if _write_dues(county, unknown, subjects):
        meet(Due.objects.filter(key__in=keys - known))


def _waiting(county: County, on: date) -> list[Due]:
    """Not met yet, of the seasons that can still be asked about."""
    rows = Due.objects.filter(county=county, met_at__isnull=True, from_on__gte=date(on.year - 1, 1, 1), from_on__lte=on)
    fields = ("key", "season", "obligation", "county_id", "school_id", "grade_id", "klass_id", "called_off_at")
    return list(rows.order_by().only(*fields))


def _mark_met(waiting: list[Due], rows: Iterable[Standing]) -> int:
    done = {(row.season, row.obligation, row.period, row.place) for row in rows}
    ids = [due.pk for due in waiting if occasion_of(due) in done]
    return meet(Due.objects.filter(pk__in=ids)) if ids else 0


def _call_off(waiting: list[Due], rows: Iterable[Standing], windows: list[SeasonWindow], on: date) -> int:
    """The county has taken a season away, or its dates, its classes, an obligation of it: nobody owes it any more."""
    known = {window.key for window in windows}
    asked = {window.key for window in windows if is_asked(window, on)}
    alive = {(row.season, row.obligation, row.period, row.place) for row in rows}
    gone = [
        due.pk
        for due in waiting
        if due.called_off_at is None
        and (due.season not in known or (due.season in asked and occasion_of(due) not in alive))
    ]  # fmt: skip
    return call_off(Due.objects.filter(pk__in=gone)) if gone else 0


def occasion_of(due: Due) -> tuple[str, str, str, tuple[str, int]]:
    return due.season, due.obligation, gather.period_of(due), gather.place_of(due)


def _tell(owed: list[tuple[Standing, Reminder]], county: County) -> int:
    row_of = {(reminder.occasion, reminder.place): row for row, reminder in owed}
    reminders = told((reminder for _, reminder in owed), county.pk)
    known = set(Notice.objects.filter(key__in=[r.key for r in reminders]).values_list("key", flat=True))
    fresh = [(row_of[r.occasion, r.place], r) for r in reminders if r.key not in known]
    keys = [due_key(row, reminder.person_id) for row, reminder in fresh]
    ids = dict(Due.objects.filter(key__in=keys).values_list("key", "pk"))
    return write_notices([_draft(row, r, ids.get(key)) for (row, r), key in zip(fresh, keys, strict=True)])


def _draft(row: Standing, reminder: Reminder, due_id: int | None) -> Draft:
    return Draft(
        reminder.person_id,
        reminder.key,
        f"{reminder.reason.label}：{reminder.title}",
        f"{reminder.season}（规则 {reminder.version}）：{reminder.place_title}，由您的岗位负责；完成后不再提醒。",
        f"{reminder.season}，{reminder.place_title}，请在 {day(row.due_on)}前完成。",
        url_of("reminders:due", due_id) if due_id else url_of("reminders:seasons"),
        due_id=due_id,
    )


def sweep_causes(today: date | None = None) -> str:
    """Flags, closing requests and levels that somebody must hear of."""
    today = today or timezone.localdate()
    with acting_as(SYSTEM):
        told = write_notices(causes.drafts(today))
        if told:
            record("reminders.tell", subject="reminders_notice", detail={"notices": told})
    return f"{told} notices"
