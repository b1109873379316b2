"""ORM → the pure shapes of seasons.py and due.py: a county's setting, its places, its people, what is known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from xinyu.access.roles import ROLES
from xinyu.accounts.models import Post
from xinyu.organisations.calendar import SchoolCalendar, Span
from xinyu.organisations.choices import GRADE_NAMES
from xinyu.organisations.models import County, ExamPeriod, Grade, Klass, School
from xinyu.organisations.queries import EXAMS, calendar_of
from xinyu.reminders.due import Fact, Person, Subject, windows_around
from xinyu.reminders.models import CountyReview, SeasonCheck, SeasonRecord, SeasonSetting
from xinyu.reminders.season_book import PsychMonth, parse_season
from xinyu.reminders.seasons import CountySetting, Exam, SeasonWindow
from xinyu.reminders.steps import Policy, periods

NO_RULES: dict = {}


@dataclass(frozen=True)
class CountyFacts:
    """Everything that the pure part asks for about one county on one day."""

    setting: CountySetting
    policy: Policy
    windows: list[SeasonWindow]
    calendar: SchoolCalendar
    subjects: list[Subject]
    people: list[Person]
    facts: list[Fact]


def county_facts(county: County, on: date, rules: Mapping | None = None) -> CountyFacts:
    """Call as somebody who sees posts and facts: system:reminders. `rules`: as if these were in force."""
    rules = rules_of(county, on) if rules is None else rules
    setting = setting_of(county, rules)
    windows = windows_around(on.year, setting)
    return CountyFacts(
        setting,
        Policy(**rules.get("policy", {})),
        windows,
        setting.calendar.filled(on.year - 1, on.year),
        subjects_of(county, on),
        people_of(county, on),
        facts_of(county, windows),
    )


def rules_of(county: County, on: date) -> dict:
    """The newest rules of the county in force on the day; none means the shipped seasons as they are."""
    row = SeasonSetting.objects.filter(county=county, in_force_from__lte=on).order_by("-in_force_from", "-id").first()
    return row.rules if row else NO_RULES


def county_setting(county: County, on: date) -> CountySetting:
    return setting_of(county, rules_of(county, on))


def setting_of(county: County, rules: Mapping) -> CountySetting:
    exams = ExamPeriod.objects.filter(county=county, code__in=EXAMS)
    return CountySetting(
        county.name,
        calendar_of(county),
        tuple(Exam(exam.code, Span(exam.starts_on, exam.ends_on)) for exam in exams),
        tuple(PsychMonth(**row) for row in rules.get("psych_months", ())),
        tuple(parse_season(row) for row in rules.get("custom", ())),
        frozenset(rules.get("disabled", ())),
    )


def _mark(grade: Grade, on: date) -> str:
    if grade.year_of_study(on) == 1:
        return "entering"
    return "leaving" if grade.is_leaving(on) else ""


def _is_here(grade: Grade, on: date) -> bool:
    return 1 <= grade.year_of_study(on) <= len(GRADE_NAMES[grade.stage])


def subjects_of(county: County, on: date, school: School | None = None) -> list[Subject]:
    """Places of the county (or of one school of it) with the stages and marks of that day; left grades are gone."""
    schools = [school] if school else list(School.objects.filter(county=county))
    ids = [row.pk for row in schools]
    grades = [grade for grade in Grade.objects.filter(school__in=ids) if _is_here(grade, on)]
    groups = {grade.pk: frozenset({(grade.stage, _mark(grade, on))}) for grade in grades}
    above = (("county", county.pk), ("city", county.city_id))
    found = [Subject("county", county.pk, county.name, _all(groups.values()), above[1:])]
    for row in schools:
        own = [groups[grade.pk] for grade in grades if grade.school_id == row.pk]
        found.append(Subject("school", row.pk, row.name, _all(own), above))
    for grade in grades:
        found.append(
            Subject("grade", grade.pk, grade.name_on(on), groups[grade.pk], (("school", grade.school_id), *above))
        )
    for klass in Klass.objects.filter(grade__in=groups).select_related("grade"):
        over = (("grade", klass.grade_id), ("school", klass.school_id), *above)
        found.append(Subject("klass", klass.pk, klass.name_on(on), groups[klass.grade_id], over))
    return found


def _all(groups: Iterable[frozenset]) -> frozenset:
    return frozenset().union(*groups)


def people_of(county: County, on: date) -> list[Person]:
    """Approved posts in the county and of its city, with their dates; not the revoked, not those of closed accounts."""
    posts = Post.objects.filter(
        Q(county=county) | Q(county__isnull=True, city_id=county.city_id),
        approved_at__isnull=False,
        revoked_at__isnull=True,
        user__is_active=True,
    )
    return [
        Person(
            post.user_id,
            post.role,
            (ROLES[post.role].level, post.place_id),
            post.valid_from,
            post.valid_to and post.valid_to - timedelta(days=1),
        )
        for post in posts
    ]


def facts_of(county: County, windows: list[SeasonWindow]) -> list[Fact]:
    """Checks of classes, records of schools, reviews of the county, tied to the occasions they belong to."""
    occasions = Occasions(windows)
    checks = SeasonCheck.objects.filter(school__county=county, season__in=occasions.seasons)
    found = [occasions.fact(row, ("klass", row.klass_id), row.checked_on) for row in checks]
    records = SeasonRecord.objects.filter(school__county=county, season__in=occasions.seasons)
    found += [occasions.fact(row, ("school", row.school_id), timezone.localdate(row.at)) for row in records]
    reviews = CountyReview.objects.filter(county=county, season__in=occasions.seasons)
    found += [occasions.fact(row, ("county", row.county_id), timezone.localdate(row.at)) for row in reviews]
    return found


class Occasions:
    """Finds the obligation and the occasion that a stored fact belongs to, also after the season's dates have moved."""

    def __init__(self, windows: list[SeasonWindow]):
        self.seasons = [window.key for window in windows]
        self._windows = {window.key: window for window in windows}
        self._periods: dict = defaultdict(list)
        for window in windows:
            for obligation in window.obligations:
                self._periods[window.key, obligation.code] = periods(window.span, obligation.repeat)

    def fact(self, row: SeasonCheck | SeasonRecord | CountyReview, place: tuple[str, int], on: date) -> Fact:
        spans = self._periods[row.season, row.obligation]
        span = next((span for span in spans if on in span), spans[0] if len(spans) == 1 else None)
        occasion = f"{row.season}/{row.obligation}/{span.start}" if span else ""
        return Fact(self._evidence(row), place, on, occasion)

    def _evidence(self, row: SeasonCheck | SeasonRecord | CountyReview) -> str:
        obligations = self._windows[row.season].obligations
        return next((o.evidence for o in obligations if o.code == row.obligation), row.obligation)
