"""ORM → the pure shapes of seasons.py and due.py: a county's setting, its places, its people, what is known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from xinyu.access.roles import ROLES
from xinyu.accounts.models import Post
from xinyu.organisations.calendar import SchoolCalendar, Span
from xinyu.organisations.choices import GRADE_NAMES
from xinyu.organisations.models import County, ExamPeriod, Grade, Klass, School
from xinyu.organisations.queries import EXAMS, calendar_of
from xinyu.reminders.due import Fact, Person, Subject, windows_around
from xinyu.reminders.models import CountyReview, Due, SeasonCheck, SeasonRecord, SeasonSetting
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
    subjects: Sequence[Subject] = ()
    people: Sequence[Person] = ()
    facts: Sequence[Fact] = ()

    def filled(self, subjects: list[Subject], people: list[Person], facts: list[Fact]) -> Self:
        return replace(self, subjects=subjects, people=people, facts=facts)


def county_facts(county: County, on: date, rules: Mapping | None = None) -> CountyFacts:
    """Call as somebody who sees posts and facts: system:reminders. `rules`: as if these were in force."""
    frame = frame_of(county, on, rules)
    return frame.filled(subjects_of(county, on), people_of(county, on), facts_of(county, frame.windows))


def frame_of(county: County, on: date, rules: Mapping | None = None) -> CountyFacts:
    """The county's seasons and calendar as of the day, without places, people and facts: the same for everybody."""
    rules = rules_of(county, on) if rules is None else rules
    setting = setting_of(county, rules)
    calendar = setting.calendar.filled(on.year - 1, on.year)
    return CountyFacts(setting, Policy(**rules.get("policy", {})), windows_around(on.year, setting), calendar)


def school_facts(school: School, on: date, rules: Mapping | None = None) -> CountyFacts:
    """One school of its own counselor or principal: exactly what the sweep knows of it."""
    frame = frame_of(school.county, on, rules)
    facts = facts_of(school.county, frame.windows)
    return frame.filled(subjects_of(school.county, on, school), school_people(school), facts)


def officer_facts(county: County, on: date, rules: Mapping | None = None) -> CountyFacts:
    """The county in the sight of its officer, who reads no check of a class, only that what was owed is met."""
    frame = frame_of(county, on, rules)
    facts = [*facts_of(county, frame.windows), *met_facts(county, frame.windows)]
    return frame.filled(subjects_of(county, on), people_of(county, on), facts)


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


def school_people(school: School) -> list[Person]:
    """The posts of an own school, also for a counselor, who reads no rows of posts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, post, place, starts, ends FROM access_season_posts(%s)", [school.pk])
        return [
            Person(person, role, (ROLES[role].level, place), starts, ends and ends - timedelta(days=1))
            for person, role, place, starts, ends in cursor.fetchall()
        ]


def met_facts(county: County, windows: list[SeasonWindow]) -> list[Fact]:
    """What the dues of a county say: that something was met, and when. Who met it before anybody was reminded of it
    is not among them."""
    occasions = Occasions(windows)
    met = Due.objects.filter(county=county, met_at__isnull=False, season__in=occasions.seasons)
    return [occasions.met(row) for row in met]


def place_of(due: Due) -> tuple[str, int]:
    """The most local place that a due names, as the pure part writes it."""
    for kind in ("klass", "grade", "school"):
        if (pk := getattr(due, f"{kind}_id")) is not None:
            return kind, pk
    return "county", due.county_id


def period_of(due: Due) -> str:
    """Start of the month or week of a repeated obligation, '' for what is owed once."""
    return due.key.split("/")[2]


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

    def met(self, due: Due) -> Fact:
        spans = self._periods[due.season, due.obligation]
        start = period_of(due) or (str(spans[0].start) if spans else "")
        assert due.met_at is not None
        occasion = f"{due.season}/{due.obligation}/{start}"
        return Fact(self._evidence(due), place_of(due), timezone.localdate(due.met_at), occasion)

    def _evidence(self, row: SeasonCheck | SeasonRecord | CountyReview | Due) -> str:
        obligations = self._windows[row.season].obligations
        return next((o.evidence for o in obligations if o.code == row.obligation), row.obligation)
