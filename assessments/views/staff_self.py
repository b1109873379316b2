"""The pages of a member of staff who is asked herself: who sees what, the questionnaires, her own result."""

from typing import TypeGuard

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments import staff_notice
from assessments.actions import staff_answers as actions
from assessments.actions.staff_answers import ANSWER, RoundClosed
from assessments.actions.staff_rounds import RoundRefused
from assessments.adults import adult_parts
from assessments.answers import PageRefused, blanks_of, places_of, read_form
from assessments.forms.staff_rounds import AgreeForm
from assessments.models import StaffAlert, StaffLook, StaffSitting
from assessments.prerender import items_of
from assessments.queries.answering import hotline_of
from assessments.queries.staff_rounds import (
    OwnRound,
    battery_of,
    has_critical,
    own_rounds,
    results_of,
    sheets_of,
    station_is_kept,
)
from xinyu.access.allow import allow
from xinyu.access.posts import schools_with


def _mine(request) -> list[OwnRound]:
    return own_rounds(request.user.pk, schools_with(request.posts, ANSWER), timezone.localdate())


def _own(request, round_id: int) -> OwnRound:
    found = next((one for one in _mine(request) if one.round.pk == round_id), None)
    if found is None:
        raise Http404
    return found


def _is_in_hand(sitting: StaffSitting | None) -> TypeGuard[StaffSitting]:
    """Agreed to and neither handed in nor withdrawn, whatever has become of the round."""
    return bool(sitting and sitting.agreed_at and not sitting.withdrawn_at and not sitting.is_handed_in)


def _is_alerted(own: OwnRound) -> bool:
    return StaffAlert.objects.filter(sitting=own.sitting).exists()


def _help(own: OwnRound) -> dict:
    return {"station": own.round.station, "hotline": hotline_of(own.round.county_id)}


@require_GET
@allow(ANSWER)
def self_list(request):
    return render(request, "assessments/self_list.html", {"rows": _mine(request)})


@require_http_methods(["GET", "POST"])
@allow(ANSWER)
def self_round(request, round_id):
    """Before agreeing: who sees what. Afterwards one goes on where one stopped, or to the result."""
    own = _own(request, round_id)
    sitting = own.sitting
    if sitting is not None and sitting.is_handed_in:
        return redirect("assessments:self-result", round_id)
    if sitting is not None and own.is_waiting:
        return _go_on(own)
    form, refused, status = AgreeForm(request.POST or None), "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.agree(own.round, actor=request.user, contact=form.cleaned_data["contact"])
                return redirect("assessments:self-page", round_id, 1)
            except RoundRefused as no:
                refused, status = str(no), 409
    battery = battery_of(own.round)
    context = {
        "own": own, "form": form, "refused": refused, "count": sum(len(one.scored_items) for _, one in battery),
        "notice": staff_notice.notice(has_critical=has_critical(battery)), **_help(own),
    }  # fmt: skip
    return render(request, "assessments/self_round.html", context, status=status)


def _go_on(own: OwnRound):
    assert own.sitting is not None
    saved = sheets_of(own.sitting)
    battery = battery_of(own.round)
    position = next((n for n, (_, one) in enumerate(battery, 1) if one.code not in saved), len(battery))
    return redirect("assessments:self-page", own.round.pk, position)


@require_http_methods(["GET", "POST"])
@allow(ANSWER)
def self_page(request, round_id, position):
    """One questionnaire. What was left out is named once; a second press goes on. What is sent is read and looked at
    for critical answers also after the round has closed: whoever typed them must not lose both sheet and help."""
    own = _own(request, round_id)
    battery = battery_of(own.round)
    if not 1 <= position <= len(battery):
        raise Http404
    if not _is_in_hand(own.sitting) or (request.method == "GET" and not own.is_waiting):
        return redirect("assessments:self-round", round_id)
    definition, is_last = battery[position - 1][1], position == len(battery)
    if request.method == "GET":
        sheet = sheets_of(own.sitting).get(definition.code)
        return _sheet(request, own, position, places_of(definition, sheet) if sheet else {})
    try:
        page, _ = read_form(request.POST, definition)
        blanks = blanks_of(definition, page.sheet)
        waits = bool(blanks) and not (request.POST.get("again") and definition.screen.skip)
        actions.save_part(own.sitting, page, actor=request.user, is_last=is_last and not waits)
    except PageRefused as refused:
        return _sheet(request, own, position, {}, said=str(refused), status=422)
    except RoundClosed as closed:
        return _closed(request, own, position, places_of(definition, page.sheet), said=str(closed))
    except RoundRefused as refused:
        messages.error(request, str(refused))
        return redirect("assessments:self-list")
    if waits:
        return _sheet(request, own, position, places_of(definition, page.sheet), blanks=blanks)
    if is_last:
        return redirect("assessments:self-result", round_id)
    return redirect("assessments:self-page", round_id, position + 1)


def _closed(request, own: OwnRound, position: int, chosen, *, said: str):
    """The sheet as she sent it, why it was not kept, and where help is."""
    more = {"is_closed": True, "is_kept": station_is_kept(own.round.county_id), **_help(own)}
    return _sheet(request, own, position, chosen, said=said, status=409, **more)


def _sheet(request, own: OwnRound, position: int, chosen, *, blanks=(), said="", status=200, **more):
    battery = battery_of(own.round)
    definition = battery[position - 1][1]
    context = {
        "own": own, "scale": definition, "items": items_of(definition, chosen), "position": position,
        "count": len(battery), "is_last": position == len(battery), "intro": staff_notice.INTRO, "said": said,
        "blanks": blanks, "before": position - 1, "is_alerted": _is_alerted(own), **more,
    }  # fmt: skip
    return render(request, "assessments/self_sheet.html", context, status=status)


@require_POST
@allow(ANSWER)
def self_decline(request, round_id):
    try:
        actions.decline(_own(request, round_id).round, actor=request.user)
        messages.success(request, "好的，这一轮不会再问您。没有人会知道您的选择。")
    except RoundRefused as no:
        messages.error(request, str(no))
    return redirect("assessments:self-list")


@require_GET
@allow(ANSWER)
def self_result(request, round_id):
    """One's own result in words, who has looked at it, and where help is: now where an answer asked for it."""
    own = _own(request, round_id)
    if own.sitting is None or not own.sitting.is_handed_in:
        return redirect("assessments:self-round", round_id)
    found = results_of(own.sitting, battery_of(own.round))
    context = {
        "own": own, "parts": adult_parts((one.scale.title_zh, one.result, one.is_critical) for one in found),
        "is_alerted": _is_alerted(own), **_help(own),
        "looks": StaffLook.objects.filter(sitting=own.sitting).select_related("by"),
    }  # fmt: skip
    return render(request, "assessments/self_result.html", context)


@require_POST
@allow(ANSWER)
def self_withdraw(request, round_id):
    own = _own(request, round_id)
    try:
        if own.sitting is None:
            raise RoundRefused("没有可以撤回的内容。")
        actions.withdraw(own.sitting, actor=request.user)
        messages.success(request, "已撤回，您填的内容已经销毁，谁也不能再打开。")
    except RoundRefused as no:
        messages.error(request, str(no))
    return redirect("assessments:self-list")
