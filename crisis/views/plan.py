"""The lines of a plan. Two people editing one line: the second sees both texts and decides."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from crisis.actions.plan import PlanValues, add_plan_item, edit_plan_item, finish_plan_item
from crisis.forms.cases import PlanItemForm
from crisis.models import Case, PlanItem
from crisis.queries.cases import Opener, PlanLine
from crisis.refusals import StaleVersionError
from xinyu.access.allow import allow

from .answers import answers_refusals, crumbs, form_page, submit
from .steps import case_in_sight


def plan_values(form: PlanItemForm) -> PlanValues:
    return PlanValues(**{name: form.cleaned_data[name] for name in ("cause", "goal", "action", "person_id", "due_on")})


def _back(request, case: Case, said: str):
    messages.success(request, said)
    return redirect("crisis:case-page", case.pk)


@require_http_methods(["GET", "POST"])
@allow("crisis.plan")
def plan_new(request, case_id):
    case = case_in_sight(case_id, "crisis.plan")
    form = PlanItemForm(request.POST or None, school_id=case.school_id, initial={"person_id": request.user.pk})

    def act(said):
        add_plan_item(case, plan_values(form), actor=request.user)

    return submit(request, case, form, act, said="方案已添加一项。", heading="添加方案内容", button="保存")


def _line(item: PlanItem) -> PlanLine:
    text = Opener(item.student_id)
    return PlanLine(item, text(item, "goal"), text(item, "action"), timezone.localdate())


@require_http_methods(["GET", "POST"])
@allow("crisis.plan")
@answers_refusals
def plan_edit(request, case_id, item_id):
    case = case_in_sight(case_id, "crisis.plan")
    item = get_object_or_404(PlanItem.objects.select_related("person"), pk=item_id, case=case)
    line = _line(item)
    saved = {"cause": item.cause, "goal": line.goal, "action": line.action, "person_id": item.person_id}
    saved |= {"due_on": item.due_on, "version": item.version}
    form = PlanItemForm(request.POST or None, school_id=case.school_id, initial=saved)
    if request.method == "POST" and form.is_valid():
        try:
            edit_plan_item(item, plan_values(form), actor=request.user, version=form.cleaned_data["version"] or 0)
        except StaleVersionError as why:
            return _conflict(request, case, line, form, why)
        return _back(request, case, "方案已更新。")
    status = 422 if form.is_bound else 200
    return form_page(request, case, form, heading="修改方案内容", button="保存", status=status)


def _conflict(request, case: Case, line: PlanLine, form: PlanItemForm, why: StaleVersionError):
    """Both texts side by side; the form carries the newest version, so that saving again is a decision."""
    typed = request.POST.copy()
    typed["version"] = str(line.item.version)
    again = PlanItemForm(typed, school_id=case.school_id)
    again.is_valid()
    context = {
        "case": case,
        "student": case.student,
        "line": line,
        "form": again,
        "typed": form.cleaned_data,
        "why": str(why),
        "crumbs": crumbs(case, "修改方案内容"),
    }
    return render(request, "crisis/plan_conflict.html", context, status=409)


@require_POST
@allow("crisis.plan")
@answers_refusals
def plan_done(request, case_id, item_id):
    case = case_in_sight(case_id, "crisis.plan")
    item = get_object_or_404(PlanItem, pk=item_id, case=case)
    finish_plan_item(item, actor=request.user)
    return _back(request, case, "已登记完成。")
