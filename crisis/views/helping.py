"""结对帮扶 and tasks: made on the case, done on the helper's own page."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crisis.actions.pairs import begin_pair, end_pair, log_contact
from crisis.actions.plan import add_plan_item, finish_plan_item
from crisis.forms.cases import PlanItemForm
from crisis.forms.helping import PairContactForm, PairForm
from crisis.models import CardAnswer, Conference, Pair, PlanItem
from crisis.queries.helping import own_pairs, task_lines
from crisis.refusals import CaseRefusedError
from xinyu.access.allow import allow
from xinyu.audit.entries import record_view

from .answers import submit
from .cards import AT_ONCE
from .plan import plan_values
from .steps import case_in_sight

TEAM = "crisis:case-team"


@require_http_methods(["GET", "POST"])
@allow("crisis.pair")
def pair_new(request, case_id):
    case = case_in_sight(case_id, "crisis.pair")
    form = PairForm(request.POST or None, school_id=case.school_id)

    def act(said):
        begin_pair(case, actor=request.user, **said)

    lead = "一名学生可以有几位帮扶人，各登记一次。帮扶人只看到学生姓名和要做的事，看不到级别和档案。"
    page = {"heading": "结对帮扶", "button": "结对", "lead": lead, "to": TEAM}
    return submit(request, case, form, act, said="已结对，帮扶人的“今天”里会看到。", **page)


@require_POST
@allow("crisis.pair")
def pair_end(request, case_id, pair_id):
    case = case_in_sight(case_id, "crisis.pair")
    end_pair(get_object_or_404(Pair, pk=pair_id, case=case), actor=request.user)
    messages.success(request, "结对已结束，帮扶人不再看到。")
    return redirect(TEAM, case.pk)


@require_http_methods(["GET", "POST"])
@allow("crisis.convene")
def task_new(request, case_id, conference_id):
    """Tasks of the minutes, one after the other, into the plan of the case."""
    case = case_in_sight(case_id, "crisis.convene")
    meeting = get_object_or_404(Conference, pk=conference_id, case=case)
    form = PlanItemForm(request.POST or None, school_id=case.school_id, initial={"person_id": request.user.pk})

    def act(said):
        add_plan_item(case, plan_values(form), actor=request.user, conference=meeting)

    lead = "会上分下的任务写进干预方案：谁、做什么、什么时候做完。会出现在负责人的“今天”里。"
    page = {"heading": "研判会的任务", "button": "写进方案", "lead": lead, "to": TEAM}
    return submit(request, case, form, act, said="任务已写进方案。", **page)


@require_GET
@allow("crisis.help")
def helping(request):
    """What somebody of the school has promised to do for students: pairs and tasks of her own."""
    today = timezone.localdate()
    pairs, tasks = own_pairs(request.user.pk, today), task_lines(request.user.pk, today)
    seen = {row.item.student_id: row.item for row in tasks}
    record_view([_Seen(row.student_id, row.school_id) for row in seen.values()], "case", purpose="我的帮扶与任务")
    record_view([_Seen(line.pair.student_id, line.pair.school_id) for line in pairs], "pair", purpose="结对帮扶")
    return render(request, "crisis/helping.html", {"pairs": pairs, "tasks": tasks})


class _Seen:
    """A student whose roster row the helper need not see."""

    def __init__(self, pk: int, school_id: int):
        self.pk, self.school_id = pk, school_id


def _own_pair(request, pair_id: int) -> Pair:
    return get_object_or_404(Pair, pk=pair_id, helper=request.user, ended_at__isnull=True)


@require_http_methods(["GET", "POST"])
@allow("crisis.help")
def pair_log(request, pair_id):
    """How, and how it was: the second tap sends."""
    pair = _own_pair(request, pair_id)
    form, status = PairContactForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                said = log_contact(pair, actor=request.user, **form.cleaned_data)
            except CaseRefusedError as why:
                form.add_error(None, str(why))
                status = 409
            else:
                urgent = said.answer == CardAnswer.URGENT
                messages.success(request, AT_ONCE if urgent else "已登记，谢谢您的陪伴。")
                return redirect("crisis:helping")
    line = next((one for one in own_pairs(request.user.pk, timezone.localdate()) if one.pair.pk == pair.pk), None)
    record_view([_Seen(pair.student_id, pair.school_id)], "pair", purpose="结对帮扶")
    context = {"form": form, "line": line, "pair": pair, "answers": CardAnswer.choices}
    return render(request, "crisis/pair_log.html", context, status=status)


@require_POST
@allow("crisis.help")
def task_done(request, item_id):
    item = get_object_or_404(PlanItem, pk=item_id, person=request.user)
    try:
        finish_plan_item(item, actor=request.user)
    except CaseRefusedError as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "已登记完成。")
    return redirect("crisis:helping")
