"""The duty clock at work: a run under way, a case handed over with an expert at the school, one handed back."""

from datetime import timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from assessments.actions.interviews import record_interview
from crisis.actions.chain import answer_step
from crisis.actions.experts import ExpertValues, add_expert, assign_expert, write_visit
from crisis.actions.handover import acknowledge, guide, hand_back, hand_over
from crisis.actions.opening import open_case
from crisis.models import Case, ChainStep, ExpertAccess, Handover
from xinyu.access.actor import acting_as
from xinyu.students.models import Student

from ..stage import Stage

SPACE = UUID(int=20261125)
PLAN = "有自杀想法，说得出时间和方式；已有人陪伴，家长正在来校的路上。"
LOSS = "反复自伤，不愿说原因；同意由家长陪同就医，学校希望得到指导。"
TALK = "在辅导室陪同，全程有两位老师；学生愿意留下等家长。"
CALLED = "已电话联系学校，确认有人全程陪伴、工具已收走。请专家今天到校。"
MET = "与学生面谈五十分钟，和心理教师、班主任会商。学生愿意写安全计划，能说出两位信任的老师。"
ADVICE = "本周每天见面一次；家长收好药品和尖锐物品；建议尽快到医院评估，返校前再会商一次。"


def run_the_clock(stage: Stage) -> None:
    first = stage.world.schools[0].school
    under_way, handed, back = _students(stage, first.code)
    counselor, vice, principal = (stage.first(first.code, r) for r in ("counselor", "vice_principal", "principal"))
    county = stage.world.county_staff[first.county]
    officer, expert = (
        stage.users[next(one.username for one in county if one.role == role)] for role in ("county_officer", "expert")
    )
    case = _case(under_way, "red", PLAN, counselor)
    _answer(case, vice)
    _with_an_expert(_hand(_case(handed, "red", PLAN, counselor), principal), officer, expert)
    row = _hand(_case(back, "orange", LOSS, counselor), vice)
    with acting_as(officer):
        acknowledge(row, actor=officer)
        guide(row, actor=officer, body="请由家长陪同就医，就医前每天有人见面；结果请登记在就医信息里。")
        hand_back(row, actor=officer)


def _students(stage: Stage, code: str) -> list[Student]:
    """Three students who are nobody's case and wait for no talk."""
    with acting_as(stage.first(code, "counselor")):
        rows = Student.objects.filter(school=stage.schools[code], left_on=None, cases=None, flags=None, interviews=None)
        return list(rows.select_related("klass__grade").order_by("pk")[:3])


def _case(student: Student, level: str, reason: str, counselor) -> Case:
    with acting_as(counselor):
        at = timezone.now() - timedelta(hours=1)
        talk = record_interview(student, actor=counselor, at=at, outcome="case", summary=TALK, flag_ids=[])
        until = timezone.localdate() + timedelta(days=20)
        return open_case(talk, actor=counselor, level=level, reason=reason, until_on=until)


def _answer(case: Case, leader) -> None:
    """She knows; what she does is still open."""
    with acting_as(leader):
        step = ChainStep.objects.get(case=case, person=leader)
        answer_step(step, actor=leader, has_acted=False)


def _hand(case: Case, leader) -> Handover:
    with acting_as(leader):
        return hand_over(case, actor=leader, reason="学校已有人陪伴并通知家长，请派专家到校评估、指导后续安排。")


def _with_an_expert(row: Handover, officer, expert) -> None:
    today = timezone.localdate()
    with acting_as(officer):
        values = ExpertValues("青少年危机干预", "云川市第三人民医院", "0791-5550100", today + timedelta(days=200))
        entry = add_expert(values, actor=officer, user_id=expert.pk)
        acknowledge(row, actor=officer)
        guide(row, actor=officer, body=CALLED)
        until = today + timedelta(days=14)
        access = assign_expert(row, actor=officer, expert=entry, until_on=until, ask="请今天到校评估，和学校商定方案。")
    with acting_as(expert):
        mine = ExpertAccess.objects.select_related("handover").get(pk=access.pk)
        key = uuid5(SPACE, str(access.pk))
        write_visit(mine, actor=expert, visited_at=timezone.now(), way="met", body=MET, advice=ADVICE, key=key)
