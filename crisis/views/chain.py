"""The duty clock for people of the school: their own tasks, one tap each; the clock of a case; handing it over."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crisis.actions.chain import answer_step
from crisis.actions.handover import hand_over
from crisis.duty import roles_in, schools_for
from crisis.forms.chain import HandoverForm
from crisis.looks import is_withdrawn, level_fact, level_of, state_fact
from crisis.models import Case, ChainStep
from crisis.queries import cases as case_queries
from crisis.queries import chain as queries
from crisis.tabs import tabs_of
from xinyu.access.allow import allow
from xinyu.access.permissions import roles_for
from xinyu.accounts.confirm import confirmed_to_open
from xinyu.audit.entries import record_view
from xinyu.ui.frame import Crumb

from .answers import crumbs, submit
from .cases import rights_of, withdrawn_page
from .steps import case_in_sight

#: what a tap says → whether it is more than "I know"
ANSWERS = {"known": False, "acted": True}
SAID = {"known": "已记录：您已知晓。", "acted": "已记录：已采取措施。"}


@require_GET
@allow("crisis.answer_step")
def step_list(request):
    """What the person has been told and what it asks for; no level and no finding stands here."""
    rows = list(queries.steps_of(request.user.pk).select_related("student__klass__grade"))
    record_view([step.student for step in rows], "case", purpose="联动任务")
    now = timezone.now()
    readable = schools_for("crisis.see")
    lines = [(queries.StepLine(step, now), step.school_id in readable) for step in rows]
    return render(request, "crisis/step_list.html", {"lines": lines})


@require_POST
@allow("crisis.answer_step")
def step_answer(request, step_id, name):
    if name not in ANSWERS:
        raise Http404
    step = get_object_or_404(ChainStep, pk=step_id, person=request.user)
    done = answer_step(step, actor=request.user, has_acted=ANSWERS[name])
    over = done.cancelled_at is not None and done.acknowledged_at is None
    messages.success(request, "这项联动已经结束，不再需要您处理。" if over else SAID[name])
    return redirect("crisis:step-list")


@require_GET
@allow("crisis.see")
def case_clock(request, case_id):
    """Who was told when, what came of it, what the bureau has said."""
    case = get_object_or_404(
        Case.objects.select_related("student__klass__grade", "school__county", "owner"), pk=case_id
    )
    record_view([case.student], "case", purpose="时限与联动")
    if is_withdrawn(case) and not rights_of(case)["can_notes"]:
        return withdrawn_page(request, case)
    clock = queries.clock_of(case.school.county, case.level)
    roles = roles_in(case.school_id)
    handed = queries.handed(case, timezone.now())
    context = {
        "case": case,
        "student": case.student,
        "student_state": state_fact(case.state),
        "level_fact": level_fact(case.level, case.scheme),
        "crumbs": [Crumb(*crumb) for crumb in crumbs(case, "时限与联动")],
        "tabs": tabs_of(case, "crisis:case-clock"),
        "title": case_queries.title_of(case),
        "runs": [
            (statement, level_fact(statement.level, statement.scheme), lines)
            for statement, lines in queries.runs_of(case)
        ],
        "clock": clock,
        "limits": [(rung.label, rung.limits(clock.kind)) for rung in clock.rungs] if clock else [],
        "handovers": handed,
        "signatures": queries.signatures_under([one.row for one in handed]),
        "can_print": bool(roles & roles_for("crisis.print_papers")),
        "can_hand_over": case.closed_at is None and bool(roles & roles_for("crisis.hand_over")),
    }
    return render(request, "crisis/case_clock.html", context)


@require_http_methods(["GET", "POST"])
@allow("crisis.hand_over")
@confirmed_to_open
def handover_new(request, case_id):
    case = case_in_sight(case_id, "crisis.hand_over")
    is_named = level_of(case.level, case.scheme).gravity == 1

    def act(said):
        hand_over(case, actor=request.user, reason=said["reason"])

    lead = (
        "教育局将看到学校、级别、这里写的事由，以及学生的姓名和班级。其他内容不会移交。"
        if is_named
        else "教育局将看到学校、级别和这里写的事由，看不到学生是谁。请不要在事由中写姓名。"
    )
    page = {"heading": "移交教育局", "button": "签字并移交", "lead": lead}
    return submit(request, case, HandoverForm(request.POST or None), act, said="已移交教育局。", **page)
