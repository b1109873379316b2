"""ORM → shape, as the person who asked: row sight decides what is in the file. The number of statements is fixed."""

from collections import defaultdict
from datetime import datetime

from django.utils import timezone

from assessments.choices import EntryKind
from assessments.models import Interview, TimelineEntry
from assessments.queries.earlier import EarlierLine, earlier_of
from assessments.queries.growth import opening
from assessments.queries.informants import SideBySide, side_by_side
from assessments.queries.results import ResultView, noted, results_of, trends
from assessments.queries.sealed import texts_of
from xinyu.access.posts import live_posts, schools_with
from xinyu.accounts.models import User
from xinyu.audit.queries import LABELS, looks_at
from xinyu.students.models import Attention, Guardian, GuardianDecision, Student

from .shapes import Beside, Entry, GrowthFile, Imported, Score, Section, Trend

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
    views = noted(results_of(student), student.pk)
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
        beside=[_beside(one) for one in side_by_side(student)],
        imported=[_imported(line) for line in earlier_of(student)],
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
    at = result.sitting.finished_at or result.at
    return Score(
        timezone.localdate(at), result.sitting.screening.title, view.title, view.total, _said(view),
        view.state.label, view.band_source if result.is_valid else "", _standing(view), view.note,
    )  # fmt: skip


def _said(view: ResultView) -> str:
    if view.result.is_valid:
        return view.result.band
    return "本次结果不作解释" + (f"（{view.why_void}）" if view.why_void else "")


def _standing(view: ResultView) -> str:
    """Until somebody has talked with the student the band is a proposal; afterwards it says who read it how."""
    if view.reading is None or view.standing is None:
        return view.standing.label if view.standing else ""
    day = timezone.localdate(view.reading.at)
    return f"{view.standing.label}（{view.reading.by.name}，{day:%Y年%-m月%-d日}）"


def _beside(one: SideBySide) -> Beside:
    return Beside(one.title, [(voice.who, voice.on) for voice in one.voices], one.rows, one.sources)


def _imported(line: EarlierLine) -> Imported:
    day = timezone.localdate(line.batch.at)
    source = f"{line.batch.platform}；{line.batch.by.name}于{day:%Y年%-m月%-d日}导入"
    return Imported(line.on, line.scale, line.score, line.said, source)


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
