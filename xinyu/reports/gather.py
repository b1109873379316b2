"""ORM → shape, as the person who asked: row sight decides what is in the file. The number of statements is fixed."""

from collections import defaultdict
from datetime import datetime

from django.utils import timezone

from assessments.choices import EntryKind
from assessments.models import Interview, TimelineEntry
from assessments.queries.growth import opening
from assessments.queries.results import ResultView, results_of, trends
from assessments.queries.sealed import texts_of
from xinyu.access.posts import live_posts, schools_with
from xinyu.accounts.models import User
from xinyu.audit.queries import LABELS, looks_at
from xinyu.students.models import Attention, Guardian, GuardianDecision, Student

from .shapes import Entry, GrowthFile, Score, Section, Trend

VERB = "reports.growth_file"
#: told elsewhere in the file, or (cases) kept in a file of their own
NOT_LISTED = {EntryKind.SCREENING, EntryKind.INTERVIEW, EntryKind.CASE}
LAST_READINGS = 8


class OutOfSight(Exception):
    """Whoever asked may not see this student, or may not print files at this school (any more)."""


def growth_file(student_id: int, *, reader: User, purpose: str, at: datetime) -> GrowthFile:
    """Call inside acting_as(reader). Raises OutOfSight."""
    student = Student.objects.select_related("klass__grade", "school").filter(pk=student_id).first()
    if student is None or student.school_id not in schools_with(live_posts(), VERB):
        raise OutOfSight
    on = timezone.localdate(at)
    views = results_of(student)
    return GrowthFile(
        school=student.school.name,
        name=student.name,
        klass=student.klass.name_on(on),
        number=student.number,
        basics=_basics(student),
        attentions=_attentions(student),
        decisions=_decisions(student),
        scores=[_score(view) for view in views],
        trends=[Trend(c.title, c.categories, c.series[0].values) for c in trends(views)],
        sections=_sections(student),
        readings=_readings(student),
        reader=reader.name,
        printed_at=timezone.localtime(at),
        purpose=purpose,
    )


def _basics(student: Student) -> list[tuple[str, str]]:
    guardians = Guardian.objects.filter(student=student)
    born = f"{student.birth_on:%Y年%-m月%-d日}" if student.birth_on else ""
    opened = opening(student)
    rows = [
        ("性别", student.get_sex_display()),
        ("出生日期", born),
        ("住宿方式", "住校" if student.is_boarding else "走读"),
        ("入学日期", f"{student.enrolled_on:%Y年%-m月%-d日}" if student.enrolled_on else ""),
        ("监护人", "、".join(f"{g.name}（{g.relation}）" if g.relation else g.name for g in guardians)),
        ("建档日期", f"{opened.at:%Y年%-m月%-d日}" if opened else ""),
    ]
    return [(term, value) for term, value in rows if value]


def _attentions(student: Student) -> list[Entry]:
    rows = Attention.objects.filter(student=student).select_related("group").order_by("from_on", "pk")
    return [Entry(row.from_on, row.group.label, row.source, _until(row)) for row in rows]


def _until(row: Attention) -> str:
    return f"{row.to_on:%Y年%-m月%-d日}结束" if row.to_on else "持续关注"


def _decisions(student: Student) -> list[Entry]:
    rows = GuardianDecision.objects.filter(student=student).select_related("guardian")
    return [_decision(row) for row in rows]


def _decision(row: GuardianDecision) -> Entry:
    who = row.guardian.name if row.guardian else "学生本人"
    what = f"{row.get_purpose_display()}：{row.get_decision_display()}"
    how = f"{row.get_channel_display()}，告知书 {row.notice_version}"
    return Entry(timezone.localdate(row.decided_at), what, how, who)


def _score(view: ResultView) -> Score:
    result = view.result
    band = result.band if result.is_valid else ""
    at = result.sitting.finished_at or result.at
    return Score(timezone.localdate(at), result.sitting.screening.title, view.title, view.total, band, view.state.label)


def _sections(student: Student) -> list[Section]:
    entries = list(TimelineEntry.objects.filter(student=student).exclude(kind__in=NOT_LISTED).select_related("author"))
    texts = texts_of(entries, "body", student.pk)
    by_kind: dict[str, list[Entry]] = defaultdict(list)
    for row in sorted(entries, key=lambda row: (row.on, row.pk)):
        by_kind[row.kind].append(Entry(row.on, row.title, texts[row.pk], row.author.name if row.author else ""))
    by_kind[EntryKind.INTERVIEW] = _interviews(student)
    return [Section(kind.label, by_kind[kind]) for kind in EntryKind if by_kind[kind]]


def _interviews(student: Student) -> list[Entry]:
    rows = list(Interview.objects.filter(student=student).select_related("by").order_by("at"))
    texts = texts_of(rows, "summary", student.pk)
    return [Entry(timezone.localdate(row.at), row.get_outcome_display(), texts[row.pk], row.by.name) for row in rows]


def _readings(student: Student) -> list[Entry]:
    """Who read this file last (查阅登记)."""
    rows = list(looks_at(student.pk)[:LAST_READINGS])
    names = dict(User.objects.filter(pk__in={row.user_id for row in rows}).values_list("pk", "name"))
    return [
        Entry(timezone.localdate(row.at), LABELS.get(row.what, row.what), row.purpose, names.get(row.user_id, ""))
        for row in rows
    ]
