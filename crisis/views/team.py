"""研判与帮扶 of one case: follow-ups, the action card, 研判会."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crisis.actions.cards import end_card, give_card
from crisis.actions.conferences import convene, sign_minutes, write_minutes
from crisis.actions.follow_ups import hold_follow_up
from crisis.forms.team import CardForm, ConferenceForm, FollowUpForm, MinutesForm
from crisis.looks import is_withdrawn
from crisis.models import ActionCard, Conference, FollowUp, MinutesCopy, Seat
from crisis.queries.card_texts import shown_templates
from crisis.queries.conferences import conferences_of
from crisis.queries.helping import pairs_of
from crisis.queries.team import cards_of, follow_ups_of
from crisis.refusals import CaseRefusedError
from crisis.tabs import tabs_of
from xinyu.access.allow import allow
from xinyu.accounts.confirm import confirmed_to_press
from xinyu.audit.entries import record_view
from xinyu.ui.frame import Crumb
from xinyu.vault.fields import reveal

from .answers import crumbs, submit
from .cases import rights_of
from .steps import case_in_sight


@require_GET
@allow("crisis.see")
def case_team(request, case_id):
    case = case_in_sight(case_id, "crisis.see")
    today, rights = timezone.localdate(), rights_of(case)
    hides = is_withdrawn(case) and not rights["can_notes"]
    context = rights | {
        "case": case,
        "student": case.student,
        "hides": hides,
        "crumbs": [Crumb(*crumb) for crumb in crumbs(case, "研判与帮扶")],
        "tabs": tabs_of(case, "crisis:case-team"),
        "follow_ups": [] if hides else follow_ups_of(case, today),
        "cards": [] if hides else cards_of(case, today),
        "card_templates": shown_templates(case.school_id) if rights["can_plan"] else [],
        "pairs": [] if hides else pairs_of(case, today, with_words=rights["can_notes"]),
        "meetings": [] if hides else conferences_of(case, request.user.pk),
    }
    return render(request, "crisis/case_team.html", context)


@require_http_methods(["GET", "POST"])
@allow("crisis.notes")
def follow_up_hold(request, case_id, follow_up_id):
    case = case_in_sight(case_id, "crisis.notes")
    row = get_object_or_404(FollowUp, pk=follow_up_id, case=case)
    form = FollowUpForm(request.POST or None, initial={"kind": "talk"})

    def act(said):
        hold_follow_up(row, actor=request.user, **said)

    said = "随访已登记，下一次已排好。"
    lead = f"第 {row.step} 次随访，应于 {row.due_on:%Y-%m-%d} 前完成。记录只有心理教师能看到。"
    page = {"heading": "登记随访", "button": "保存随访", "lead": lead, "to": "crisis:case-team"}
    return submit(request, case, form, act, said=said, **page)


@require_http_methods(["GET", "POST"])
@allow("crisis.plan")
def card_give(request, case_id):
    """The card starts from a text by behaviour, `?template=`; the counselor edits it."""
    case = case_in_sight(case_id, "crisis.plan")
    chosen = next((row for row in shown_templates(case.school_id) if row.code == request.GET.get("template")), None)
    initial = {"watch": chosen.watch, "say": chosen.say, "call": chosen.call} if chosen else {}
    form = CardForm(request.POST or None, initial=initial)

    def act(said):
        give_card(case, actor=request.user, **said)

    lead = "给班主任看：写行为和做法，不写分数、级别和谈话内容。发出后旧卡自动撤下。"
    page = {"heading": "发行动卡", "button": "发给班主任", "lead": lead, "to": "crisis:case-team"}
    return submit(request, case, form, act, said="行动卡已发给班主任。", **page)


@require_POST
@allow("crisis.plan")
def card_end(request, case_id, card_id):
    case = case_in_sight(case_id, "crisis.plan")
    end_card(get_object_or_404(ActionCard.objects.select_related("case"), pk=card_id, case=case), actor=request.user)
    messages.success(request, "行动卡已撤下，班主任不再看到。")
    return redirect("crisis:case-team", case.pk)


@require_http_methods(["GET", "POST"])
@allow("crisis.convene")
def conference_new(request, case_id):
    case = case_in_sight(case_id, "crisis.convene")
    form = ConferenceForm(request.POST or None, school_id=case.school_id)

    def act(said):
        convene(case, actor=request.user, **said)

    lead = "召集人、心理教师、班主任、分管副校长一般都要参加；需要时请校外专家。"
    page = {"heading": "召集研判会", "button": "召集", "lead": lead, "to": "crisis:case-team"}
    return submit(request, case, form, act, said="研判会已召集。", **page)


@require_http_methods(["GET", "POST"])
@allow("crisis.convene")
def minutes_new(request, case_id, conference_id):
    case = case_in_sight(case_id, "crisis.convene")
    meeting = get_object_or_404(Conference.objects.select_related("case"), pk=conference_id, case=case)
    form = MinutesForm(request.POST or None, meeting=meeting, case=case)

    def act(said):
        write_minutes(meeting, actor=request.user, **said)

    lead = "研判级别与现在不同时：升级请到“升级或续期”，降级请到“提出降级”，以这份纪要为据。"
    page = {"heading": "登记研判会纪要", "button": "保存纪要", "lead": lead, "to": "crisis:case-team"}
    said = "纪要已保存，请到会人员签字确认。会上分下的任务，点“写下任务”写进方案。"
    return submit(request, case, form, act, said=said, **page)


@require_GET
@allow("crisis.read_minutes")
def minutes_page(request, conference_id):
    """The minutes for somebody who was there, whatever the post."""
    rows = MinutesCopy.objects.select_related("student__klass__grade", "by")
    copy = get_object_or_404(rows, conference_id=conference_id, reader=request.user)
    record_view([copy.student], "minutes", purpose="研判会纪要")
    seat = Seat.objects.filter(conference_id=conference_id, person=request.user).first()
    context = {"copy": copy, "student": copy.student, "body": reveal(copy, "body"), "seat": seat}
    return render(request, "crisis/minutes.html", context)


@require_POST
@allow("crisis.read_minutes")
@confirmed_to_press
def minutes_sign(request, conference_id):
    copy = get_object_or_404(MinutesCopy, conference_id=conference_id, reader=request.user)
    try:
        sign_minutes(copy, actor=request.user, text=reveal(copy, "body"))
    except CaseRefusedError as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "已签字确认。")
    return redirect("crisis:minutes", conference_id)
