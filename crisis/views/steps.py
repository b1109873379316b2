"""What is done with a case: moves, levels, the second signature, notes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from crisis.actions.levels import ask_lowering, decide_lowering, state_level
from crisis.actions.moves import move_case, verb_of
from crisis.actions.notes import add_note
from crisis.duty import roles_at
from crisis.forms.cases import LevelForm, LoweringForm, MoveForm, NoteForm
from crisis.looks import level_of
from crisis.models import Case, LoweringRequest
from crisis.workflow import MOVES
from xinyu.access.allow import allow
from xinyu.audit.entries import record_view

from .answers import answers_refusals, form_page


def case_in_sight(case_id: int, verb: str) -> Case:
    """404 out of sight, 403 when the verb is not the person's at this school. The look is recorded."""
    case = get_object_or_404(Case.objects.select_related("student__klass__grade"), pk=case_id)
    roles_at(case.school_id, verb)
    record_view([case.student], "case", purpose="办理个案")
    return case


def _done(request, case: Case, said: str):
    messages.success(request, said)
    return redirect("crisis:case-page", case.pk)


@require_http_methods(["GET", "POST"])
@allow("crisis.review")
@answers_refusals
def case_move(request, case_id, name):
    if name not in MOVES:
        raise Http404
    case = case_in_sight(case_id, verb_of(name))
    form = MoveForm(request.POST or None, initial={"version": case.version})
    if request.method == "POST" and form.is_valid():
        moved = move_case(case, name, actor=request.user, **form.cleaned_data)
        return _done(request, moved, f"已办理：{MOVES[name].label}。")
    label = MOVES[name].label
    return form_page(request, case, form, heading=label, button=label, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@allow("crisis.confirm_level")
@answers_refusals
def level_change(request, case_id):
    """Raise or renew; lower levels have a page of their own."""
    case = case_in_sight(case_id, "crisis.confirm_level")
    initial = {"version": case.version, "level": case.level}
    form = LevelForm(request.POST or None, initial=initial, at_least=level_of(case.level).order)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("level", "reason", "until_on", "version")}
        state_level(case, actor=request.user, **values)
        return _done(request, case, "级别已更新。")
    lead = "选择现在的级别即为续期。降级须研判会决定，请使用“提出降级”。"
    return form_page(
        request, case, form, heading="升级或续期", button="确认级别", lead=lead, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "POST"])
@allow("crisis.confirm_level")
@answers_refusals
def lowering_new(request, case_id):
    case = case_in_sight(case_id, "crisis.confirm_level")
    form = LoweringForm(request.POST or None, initial={"version": case.version}, below=level_of(case.level).order)
    if request.method == "POST" and form.is_valid():
        names = ("level", "reason", "until_on", "team_met_on", "version")
        ask_lowering(case, actor=request.user, **{name: form.cleaned_data[name] for name in names})
        return _done(request, case, "降级申请已提交，等待第二人复核。")
    lead = "降级须研判会决定，并由两人签字；最高等级还须先登记医疗机构意见（就医信息）。"
    return form_page(
        request, case, form, heading="提出降级", button="签字并提交", lead=lead, status=422 if form.is_bound else 200
    )


@require_POST
@allow("crisis.review")
@answers_refusals
def lowering_decide(request, case_id, request_id):
    case = case_in_sight(case_id, "crisis.review")
    asked = get_object_or_404(LoweringRequest.objects.select_related("case", "by"), pk=request_id, case=case)
    is_accepted = request.POST.get("decision") == "accept"
    decide_lowering(asked, actor=request.user, is_accepted=is_accepted)
    return _done(request, case, "已签字，级别已降低。" if is_accepted else "已退回降级申请。")


@require_http_methods(["GET", "POST"])
@allow("crisis.notes")
@answers_refusals
def note_new(request, case_id):
    case = case_in_sight(case_id, "crisis.notes")
    form = NoteForm(request.POST or None, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        add_note(case, actor=request.user, **form.cleaned_data)
        return _done(request, case, "记录已保存。")
    lead = "只有心理教师能看到记录。保存后不能修改。"
    return form_page(
        request, case, form, heading="添加记录", button="保存记录", lead=lead, status=422 if form.is_bound else 200
    )
