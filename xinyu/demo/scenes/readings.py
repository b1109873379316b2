"""What is added to results: a sheet that is not interpreted and its second try, readings, paper forms of a mother and a
teacher, what an earlier platform left behind, and a draft of cut-offs that nobody has put in force."""

from datetime import date, timedelta

from django.utils import timezone

from assessments.actions.earlier import import_earlier
from assessments.actions.readings import read_result, record_informant
from assessments.actions.retests import invite_again
from assessments.answers import Sheet
from assessments.band_editing import EditTable, tables_of, with_tables
from assessments.earlier_rows import EarlierRow
from assessments.models import Result, ScaleVersion, Screening, Sitting
from assessments.queries.answering import desk
from assessments.scale_revisions import revise
from assessments.submit_sql import run
from xinyu.access.actor import acting_as
from xinyu.dashboard.tasks import publish_screening_reports
from xinyu.lib.dates import school_year
from xinyu.students.models import Student

from ..stage import DEMO, Stage
from .last_term import TITLE, as_of, ending_of
from .screenings import STAGES, at_nine

#: a tired child on a hot afternoon: half of the items left out
TIRED = {"PHQ-9": (1, None, None, 1, None, None, 0, None, 0), "WHO-5": (None, 3, None, None, 2)}
OLD = (("SCL-90", "142", "未见明显异常"), ("MHT", "38", "正常范围"), ("SCL-90", "171", "轻度"))
NOTE = "两次谈话都说最近睡得好、和同学处得来，当天是考试后情绪低落。"
REASON = "依据本市 2025 年初中生抽样研究（演示数据），等待三所学校核对。"


def read_results(stage: Stage) -> None:
    one = next(one for one in stage.world.schools if STAGES & set(one.school.stages) and one.school.kind != "special")
    code, counselor = one.school.code, stage.first(one.school.code, "counselor")
    with acting_as(DEMO):
        ended = Screening.objects.filter(school=stage.schools[code], state="closed", is_listed=True)
        screening = ended.filter(title__in=[TITLE.format(term) for term in ("春季", "秋季")]).order_by("opens_at")[0]
        _tired(screening)
    with acting_as(counselor):
        _read(screening, counselor)
        student = Student.objects.filter(results__screening=screening).order_by("number").first()
        if student is not None:
            _papers(student, counselor)
        _import(stage, code, counselor)
    _draft(stage)
    publish_screening_reports()


def _tired(screening: Screening) -> None:
    absent = Sitting.objects.filter(screening=screening, state="invited").order_by("pk").first()
    if absent is None:
        return
    day = timezone.localdate(screening.opens_at) + timedelta(days=2)
    Sitting.objects.filter(pk=absent.pk).update(state="started", started_at=at_nine(day))
    at = desk(absent.pk, kind="system")
    if at is not None:
        sheets = {scale: Sheet(values, 40.0) for scale, values in TIRED.items()}
        run(*as_of(at_nine(day) + timedelta(minutes=9), ending_of(at, sheets, day)))


def _read(screening: Screening, counselor) -> None:
    """One invited again, two read, the rest still proposals."""
    void = Result.objects.filter(screening=screening, is_valid=False, scale="PHQ-9").order_by("-pk").first()
    if void is not None:
        invite_again(void, actor=counselor, until=timezone.localdate() + timedelta(days=10))
    raised = Result.objects.filter(screening=screening, scale="PHQ-9", is_valid=True, band_order__gte=2).order_by("pk")
    for result, verdict in zip(raised[:2], ("not", "agrees"), strict=False):
        read_result(result, actor=counselor, verdict=verdict, note=NOTE if verdict == "not" else "")


def _papers(student: Student, counselor) -> None:
    version = ScaleVersion.objects.filter(code="SDQ").order_by("pk")[0]
    day = timezone.localdate() - timedelta(days=20)
    mother = [1, 1, 1, 1, 0, 1, 1, 2, 1, 1, 1, 0, 1, 1, 1, 1, 2, 0, 0, 1, 1, 0, 0, 1, 1]
    teacher = [2, 0, 0, 2, 0, 0, 2, 0, 0, 0, 2, 0, 0, 2, 0, 0, 2, 0, 0, 1, 2, 0, 0, 0, 2]
    for role, who, values in (("parent", "母亲", mother), ("teacher", "班主任", teacher)):
        record_informant(student, version, values, actor=counselor, role=role, form="A", who=who, filled_on=day)


def _import(stage: Stage, code: str, counselor) -> None:
    first = date(school_year(timezone.localdate()) - 1, 10, 12)
    students = Student.objects.filter(school=stage.schools[code], left_on=None).order_by("number")[:12]
    rows = [EarlierRow(student.pk, first, *OLD[n % len(OLD)]) for n, student in enumerate(students)]
    import_earlier(
        stage.schools[code], rows, actor=counselor, platform="原校测评系统（演示）", document="2024秋测评导出.xlsx"
    )


def _draft(stage: Stage) -> None:
    people = next(iter(stage.world.county_staff.values()))
    officer = stage.users[next(member.username for member in people if member.role == "county_officer")]
    with acting_as(officer):
        base = ScaleVersion.objects.get(code="GAD-7", version="1")
        table = tables_of(base.definition)[0]
        rows = tuple(row if row.start != 10 else type(row)(11, row.above, row.label, row.concern, row.code)
                     for row in table.rows)  # fmt: skip
        made = with_tables(base.definition, {table.key: EditTable(table.key, table.title, REASON[:40], rows)})
        revise(base, made, actor=officer, reason=REASON)
