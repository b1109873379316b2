"""What is done with a case: moves, levels, the second signature, notes."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from assessments.diagnosis_words import with_source
from crisis.actions.levels import ask_lowering, decide_lowering, state_level
from crisis.actions.moves import SIGNED, move_case, verb_of
from crisis.actions.notes import add_note
from crisis.actions.passing import pass_case
from crisis.duty import roles_at
from crisis.forms.cases import LevelForm, LoweringForm, MoveForm, NoteForm
from crisis.forms.passing import PassForm
from crisis.looks import MOVE_LEADS, level_of
from crisis.models import Case, LoweringRequest
from crisis.queries.schemes import scheme_at
from crisis.workflow import MOVES, wants_reason
from xinyu.access.allow import allow
from xinyu.accounts.confirm import confirmed_to_press, confirmed_to_sign
from xinyu.audit.entries import record_view

from .answers import answers_refusals, submit


def case_in_sight(case_id: int, verb: str) -> Case:
    """404 out of sight, 403 when the verb is not the person's at this school. The look is recorded."""
    case = get_object_or_404(Case.objects.select_related("student__klass__grade"), pk=case_id)
    roles_at(case.school_id, verb)
    record_view([case.student], "case", purpose="办理个案")
    return case


def picked(said: dict, *names: str) -> dict:
    return {name: said[name] for name in names}


def reason_of(said: dict) -> str:
    """The reason, with the note about its medical source where the writer ticked it."""
    return with_source(said["reason"]) if said.get("is_from_hospital") else said["reason"]


def _is_signed(request) -> bool:
    return request.resolver_match.kwargs.get("name") in SIGNED


@require_http_methods(["GET", "POST"])
@allow("crisis.review")
@reauthentication_required(enabled=lambda request: request.method != "POST" and _is_signed(request))
def case_move(request, case_id, name):
    if name not in MOVES:
        raise Http404
    case = case_in_sight(case_id, verb_of(name))
    form = MoveForm(request.POST or None, initial={"version": case.version})
    form.fields["reason"].required = wants_reason(name)
    label, lead = MOVES[name].label, MOVE_LEADS.get(name, "")

    def act(said):
        move_case(case, name, actor=request.user, **said)

    page = {"heading": label, "button": f"签字并{label}" if name in SIGNED else label, "lead": lead}
    return submit(request, case, form, act, said=f"已办理：{label}。", is_signed=name in SIGNED, **page)


@require_http_methods(["GET", "POST"])
@allow("crisis.confirm_level")
def level_change(request, case_id):
    """Raise or renew; lower levels have a page of their own."""
    case = case_in_sight(case_id, "crisis.confirm_level")
    scheme, current = scheme_at(case.school_id), level_of(case.level, case.scheme)
    initial = {"version": case.version, "level": scheme.same_as(current).code}
    form = LevelForm(request.POST or None, initial=initial, scheme=scheme, at_least=current.gravity)

    def act(said):
        said["reason"] = reason_of(said)
        state_level(case, actor=request.user, **picked(said, "level", "reason", "until_on", "version"))

    lead = "选择现在的级别即为续期。降级须研判会决定，请使用“提出降级”。"
    return submit(request, case, form, act, said="级别已更新。", heading="升级或续期", button="确认级别", lead=lead)


@require_http_methods(["GET", "POST"])
@allow("crisis.confirm_level")
@confirmed_to_sign
def lowering_new(request, case_id):
    case = case_in_sight(case_id, "crisis.confirm_level")
    scheme, current = scheme_at(case.school_id), level_of(case.level, case.scheme)
    form = LoweringForm(request.POST or None, initial={"version": case.version}, scheme=scheme, below=current.gravity)

    def act(said):
        said["reason"] = reason_of(said)
        ask_lowering(case, actor=request.user, **picked(said, "level", "reason", "until_on", "team_met_on", "version"))

    lead = "降级须研判会决定，并由两人签字；最高等级还须先登记医疗机构意见（就医信息）。"
    said = "降级申请已提交，等待第二人复核。"
    page = {"heading": "提出降级", "button": "签字并提交", "lead": lead}
    return submit(request, case, form, act, said=said, is_signed=True, **page)


@require_POST
@allow("crisis.review")
@confirmed_to_press
@answers_refusals
def lowering_decide(request, case_id, request_id):
    case = case_in_sight(case_id, "crisis.review")
    asked = get_object_or_404(LoweringRequest.objects.select_related("case", "by"), pk=request_id, case=case)
    is_accepted = request.POST.get("decision") == "accept"
    decide_lowering(asked, actor=request.user, is_accepted=is_accepted)
    messages.success(request, "已签字，级别已降低。" if is_accepted else "已退回降级申请。")
    return redirect("crisis:case-page", case.pk)


@require_http_methods(["GET", "POST"])
@allow("crisis.pass_case")
def case_pass(request, case_id):
    case = case_in_sight(case_id, "crisis.pass_case")
    form = PassForm(request.POST or None, initial={"version": case.version}, case=case)

    def act(said):
        pass_case(case, actor=request.user, **said)

    lead = "过程记录随个案交给新的责任人，双方都会收到消息。请假时在“消息设置”登记代理人，系统会自动移交。"
    return submit(request, case, form, act, said="已移交。", heading="移交责任人", button="移交", lead=lead)


@require_http_methods(["GET", "POST"])
@allow("crisis.notes")
def note_new(request, case_id):
    case = case_in_sight(case_id, "crisis.notes")
    form = NoteForm(request.POST or None, initial={"kind": request.GET.get("kind")})

    def act(said):
        add_note(case, actor=request.user, **said)

    lead = "只有您、个案责任人和责任人指定的人能看到。保存后不能修改。"
    return submit(request, case, form, act, said="记录已保存。", heading="添加记录", button="保存记录", lead=lead)
