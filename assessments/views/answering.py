"""The pages of a questionnaire: shown, saved, handed in, declined. JSON for the script, plain forms without it."""

import re
import uuid
from contextlib import suppress
from dataclasses import replace

from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import answering as actions
from assessments.answer_vault import copy_key
from assessments.answers import Page, PageRefused, blanks_of, places_of, read_form, read_json
from assessments.prerender import YOUNG, pieces_of
from assessments.queries.answering import Desk
from assessments.scoring import Definition
from assessments.views.answer_door import door_shut, own_desk
from xinyu.access.allow import for_keyed
from xinyu.vault.fields import find_by

TALKED = "已告诉心理老师，老师会找合适的时候和你聊。你可以继续作答，也可以停下来。"
NEWER = "这份问卷刚才在别的设备上有新的改动，下面显示的是最新保存的内容。"
LEFT = "第 {} 题还没有选。可以补上；不想答的也可以空着，再点一次页面下方的按钮。"
SMALL = re.compile(r"[0-9]{1,4}")
#: word in the session -> what the next page says; the session itself tells nothing of the answers
NOTICES = {"talked": TALKED, "newer": NEWER, "left": LEFT}


def _here(request, position: int) -> tuple[Desk, Definition]:
    at = own_desk(request)
    if not 1 <= position <= len(at.versions):
        raise Http404
    return at, at.battery[position - 1][1]


def _page(request, definition: Definition) -> tuple[Page, str]:
    """(page, client's key). A form without JavaScript carries the revision it was shown with and sends the next."""
    if request.content_type == "application/json":
        return read_json(request.body, definition)
    page, key = read_form(request.POST, definition)
    return replace(page, revision=page.revision + 1), key


def _is_script(request) -> bool:
    return request.content_type == "application/json"


@for_keyed("sitting")
@require_http_methods(["GET", "HEAD", "POST"])
def answer_page(request, position):
    at, definition = _here(request, position)
    if request.method == "POST":
        return _hand_in(request, at, definition, position)
    if at.state == "invited":
        return redirect("assessments:answer-confirm")
    if at.state != "started" or at.door not in actions.GOES_ON:
        return door_shut(request, at.door)
    sheet = at.sheets.get(definition.code)
    notice = _notice(request, blanks_of(definition, sheet))
    return _show(request, at, definition, position, places_of(definition, sheet) if sheet else {}, notice)


def _notice(request, blanks: list[int]) -> str:
    word = request.session.pop("notice", "") if "notice" in request.session else ""
    return NOTICES.get(word, "").format("、".join(map(str, blanks)))


def _show(request, at: Desk, definition: Definition, position: int, checked: dict, notice: str, status: int = 200):
    values = {
        "csrf": get_token(request),
        "label": at.label,
        "revision": str(max(at.base, 0)),
        "key": str(uuid.uuid4()),
        "draft": find_by("answer-draft", f"{at.sitting_id}:{position}").hex(),
        "copy": copy_key(at.sitting_id, position),
        "notice": f'<p class="say trouble" role="alert">{notice}</p>' if notice else "",
    }
    pieces = pieces_of(definition, position, len(at.versions), is_young=at.grade_number in YOUNG)
    html = pieces.filled(values, checked)
    return HttpResponse(html, status=status)


def _hand_in(request, at: Desk, definition: Definition, position: int):
    """One part of the battery: saved, and on the last part everything is handed in."""
    try:
        page, key = _page(request, definition)
        if not _is_script(request) and _asks_once(request, definition, page, position):
            actions.save_page(at, page)
            return redirect("assessments:answer-page", position)
        if position < len(at.versions):
            return _next_part(request, at, actions.save_page(at, page), position)
        receipt = actions.submit_sitting(at, page, _key(key))
    except PageRefused as refused:
        return _refused(request, at, definition, position, str(refused))
    except actions.OlderRevision as older:
        return _older(request, older, definition, position)
    except actions.SittingOver:
        return _over(request)
    end = reverse("assessments:answer-end")
    return JsonResponse({"receipt": receipt.code, "next": end}) if _is_script(request) else redirect(end)


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise PageRefused("这一页缺少提交编号，请刷新后再试。") from None


def _asks_once(request, definition: Definition, page: Page, position: int) -> bool:
    """Without JavaScript: items left out are named once, a second press goes on."""
    blanks = blanks_of(definition, page.sheet)
    if not blanks or (request.session.pop("left", None) == position and definition.screen.skip):
        return False
    request.session["left"] = position
    request.session["notice"] = "left"
    return True


def _next_part(request, at: Desk, revision: int, position: int):
    url = reverse("assessments:answer-page", args=[position + 1])
    if at.pauses_after(position):
        url = reverse("assessments:answer-pause", args=[position])
    return JsonResponse({"saved": revision, "next": url}) if _is_script(request) else redirect(url)


def _refused(request, at: Desk, definition: Definition, position: int, text: str):
    if _is_script(request):
        return JsonResponse({"error": text}, status=422)
    typed = {int(n): int(v) for n, v in request.POST.items() if SMALL.fullmatch(n) and SMALL.fullmatch(v)}
    return _show(request, at, definition, position, typed, text, status=422)


def _older(request, older: actions.OlderRevision, definition: Definition, position: int):
    """The script lays what is stored beside what it has; without it the page is shown again as stored."""
    if _is_script(request):
        sheet = older.sheets.get(definition.code)
        answers = places_of(definition, sheet) if sheet else {}
        return JsonResponse({"saved": older.stored, "answers": answers}, status=409)
    request.session["notice"] = "newer"
    return redirect("assessments:answer-page", position)


def _over(request):
    """No receipt: what this request carried was not stored. Without JavaScript everybody gets the same last page."""
    return JsonResponse({"over": True}, status=409) if _is_script(request) else redirect("assessments:answer-end")


def _shut(at: Desk) -> dict[str, str]:
    """Paused or stopped meanwhile: what was in flight is stored, and the page then turns to the words of the door."""
    return {} if at.door in actions.GOES_ON else {"shut": reverse("assessments:answer-confirm")}


@for_keyed("sitting")
@require_POST
def answer_save(request, position):
    at, definition = _here(request, position)
    try:
        return JsonResponse({"saved": actions.save_page(at, _page(request, definition)[0])} | _shut(at))
    except PageRefused as refused:
        return JsonResponse({"error": str(refused)}, status=422)
    except actions.OlderRevision as older:
        return _older(request, older, definition, position)
    except actions.SittingOver:
        return _over(request)


@for_keyed("sitting")
@require_POST
def answer_talk(request, position):
    at, definition = _here(request, position)
    actions.ask_to_talk(at)
    if _is_script(request):
        return JsonResponse({"ok": True})
    request.session["notice"] = "talked"
    try:
        actions.save_page(at, _page(request, definition)[0])
    except (PageRefused, actions.OlderRevision, actions.SittingOver):
        return redirect("assessments:answer-page", position)  # asking was the point; what could be saved is saved
    return redirect("assessments:answer-page", position)


@for_keyed("sitting")
@require_POST
def answer_decline(request, position):
    at, definition = _here(request, position)
    try:
        page: Page | None = _page(request, definition)[0]
    except PageRefused:
        page = None  # declining needs no well-formed page
    with suppress(actions.SittingOver):
        actions.decline_sitting(at, page)
    return redirect("assessments:answer-end")
