"""Facts for capacity.py: earlier sheets, open talks, classes, days; and which classes have been let in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from assessments.capacity import Check, Group, Pace, Part, Rate, check, minutes_for, rate_of
from assessments.choices import WAITING
from assessments.models import Flag, Screening, ScreeningScale, ScreeningWave, Sitting
from assessments.queries.calendars import calendar_of_school
from assessments.queries.people import enrolled
from assessments.scale_library import definition_of
from xinyu.organisations.models import Klass

TWO_YEARS = timedelta(days=730)


def open_talks(school_id: int) -> int:
    """Students of the school whom somebody has still to talk to."""
    return Flag.objects.filter(school_id=school_id, handled_at=None).values("student").distinct().count()


def own_rate(screening: Screening) -> Rate:
    since = timezone.now() - TWO_YEARS
    sheets = Sitting.objects.filter(
        school_id=screening.school_id, state="finished", finished_at__gte=since, is_listed=True
    )
    flagged = Flag.objects.filter(sitting__in=sheets).values("sitting").distinct().count()
    return rate_of(sheets.count(), flagged, has_critical=has_critical(screening))


def has_critical(screening: Screening) -> bool:
    return any(definition_of(version).critical for version in screening.scales.all())


def parts_of(screening: Screening) -> list[Part]:
    """The scales in their order, with the pauses behind them."""
    rows = ScreeningScale.objects.filter(screening=screening).select_related("version").order_by("order", "pk")
    return [
        Part(row.version.title, len(definition_of(row.version).items), row.pause_after, row.version_id) for row in rows
    ]


def minutes_of_plan(screening: Screening, parts: Sequence[Part]) -> int:
    """What the plan allows for the battery; for one that was planned without, what its items take."""
    return screening.minutes or minutes_for(sum(part.items for part in parts))


def groups_of(screening: Screening) -> list[Group]:
    """Classes of the screening with those of their students whom it is for, the oldest grade first."""
    chosen = screening.chosen.values("klass_id")
    counts = dict(enrolled(screening).order_by().values_list("klass_id").annotate(n=Count("pk")))
    today = timezone.localdate()
    klasses = Klass.objects.filter(pk__in=chosen).select_related("grade").order_by("grade__entry_year", "pk")
    return [Group(klass.pk, klass.name_on(today), counts.get(klass.pk, 0)) for klass in klasses]


def start_days(screening: Screening, today: date) -> list[date]:
    """School days of the window on which a wave may start: with critical items never the day before days off."""
    calendar = calendar_of_school(screening.school_id, today)
    first = max(today, timezone.localdate(screening.opens_at))
    days = calendar.days_on_site(first, timezone.localdate(screening.closes_at))
    if has_critical(screening):
        days = [day for day in days if not calendar.is_last_day_before_break(day)]
    return days


def capacity_of(screening: Screening, pace: Pace, today: date) -> tuple[Check, Rate]:
    rate = own_rate(screening)
    pace = replace(pace, backlog=open_talks(screening.school_id))
    return check(groups_of(screening), pace, rate, start_days(screening, today)), rate


def stored_pace(screening: Screening) -> Pace:
    """What the counselor said last, else the usual."""
    return Pace(**screening.pace) if screening.pace else Pace()


def let_in(screening: Screening) -> list[int]:
    """Ids of the chosen classes that may be invited now: in no wave, in the first, or in one that was let in."""
    held: set[int] = set()
    for wave in screening.waves.filter(released_at=None).exclude(number=1):
        held |= set(wave.klass_ids)
    return [pk for pk in screening.chosen.values_list("klass_id", flat=True) if pk not in held]


@dataclass(frozen=True)
class MadeUp:
    """How far the make-up wave is: begun in it and handed in, and who is still to answer."""

    done: int
    waiting: int


def make_up_began(screening: Screening) -> datetime | None:
    """When the absent and the newly arrived were asked to make it up, None before."""
    waves = screening.waves.filter(is_makeup=True, released_at__isnull=False)
    return waves.values_list("released_at", flat=True).first()


def made_up(screening: Screening) -> MadeUp | None:
    """None before the make-up wave has begun."""
    since = make_up_began(screening)
    if since is None:
        return None
    found = screening.sittings.aggregate(
        done=Count("pk", filter=Q(state="finished", started_at__gte=since)),
        waiting=Count("pk", filter=Q(state__in=WAITING)),
    )
    return MadeUp(**found)


def waves_of(screening: Screening) -> list[tuple[ScreeningWave, list[str]]]:
    """[(wave, names of its classes)]."""
    waves, today = list(screening.waves.all()), timezone.localdate()
    ids = {pk for wave in waves for pk in wave.klass_ids}
    names = {k.pk: k.name_on(today) for k in Klass.objects.filter(pk__in=ids).select_related("grade")}
    return [(wave, [names[pk] for pk in wave.klass_ids if pk in names]) for wave in waves]
