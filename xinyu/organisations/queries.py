"""Nouns about places: the calendar of a county, its days month by month, its schools."""

import calendar as months
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, QuerySet

from .calendar import DayOverride, SchoolCalendar, Span, school_year
from .calendar import Term as PureTerm
from .models import CalendarDay, County, ExamPeriod, School, Term

#: codes of exam periods that the pure calendar knows as part of a term
EXAMS = {"midterm": "期中考试", "final": "期末考试", "zhongkao": "中考", "gaokao": "高考"}


def calendar_of(county: County, *, on: date | None = None) -> SchoolCalendar:
    """The county's calendar from its rows. Around `on`, school years without entered terms get the usual ones."""
    exams = list(ExamPeriod.objects.filter(county=county))
    terms = tuple(_with_exams(term, exams) for term in Term.objects.filter(county=county))
    days = tuple(DayOverride(day.on, day.kind, day.note) for day in CalendarDay.objects.filter(county=county))
    found = SchoolCalendar(terms, days, frozenset(county.settings.get("confirmed_years", [])))
    return found if on is None else found.filled(school_year(on) - 1, school_year(on), school_year(on) + 1)


def _with_exams(row: Term, exams: list[ExamPeriod]) -> PureTerm:
    term = PureTerm(row.code, row.starts_on, row.ends_on)
    for exam in exams:
        span = Span(exam.starts_on, exam.ends_on)
        if exam.code in ("midterm", "final") and span.overlaps(term.span):
            term = replace(term, midterm=span) if exam.code == "midterm" else replace(term, final=span)
    return term


@dataclass(frozen=True)
class Day:
    """One square of a month: None for squares outside the month."""

    on: date
    is_on_site: bool
    why: str
    is_own: bool


def month(found: SchoolCalendar, year: int, number: int) -> list[list[Day | None]]:
    """Weeks of seven days, Monday first."""
    own = {override.day for override in found.overrides}

    def square(on: date) -> Day | None:
        if on.month != number:
            return None
        return Day(on, found.has_students_on_site(on), found.why(on), on in own)

    return [[square(on) for on in week] for week in months.Calendar().monthdatescalendar(year, number)]


def schools_of(county: County) -> QuerySet[School]:
    """Schools with the number of their classes."""
    return School.objects.filter(county=county).annotate(klass_count=Count("klasses")).order_by("code")
