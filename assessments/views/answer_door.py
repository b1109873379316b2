"""Coming in and going out: the code, 是我, 不是我本人, the same last page for everybody."""

import time
from datetime import date

from django.core import signing
from django.http import Http404
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments.actions.answering import OPEN_DOOR, DoorShut, SittingOver, ask_to_talk, begin_sitting, decline_sitting
from assessments.actions.door import sitting_in_klass
from assessments.answers import blanks_of
from assessments.forms.answering import CodeForm, KlassForm
from assessments.prerender import answer
from assessments.queries.answering import Desk, closes_at, desk, hotline_of, klass_name, opens_at
from assessments.queries.door import CodeUnknown, ShortWayLocked, TooManyWrong, sitting_with
from xinyu.access.actor import acting_as
from xinyu.access.allow import for_anyone, for_keyed, in_one_transaction

UNKNOWN = "没有找到这个作答码，请照纸条再输一次；还不行就请老师看一下。"
TOO_MANY = "这里输错的次数太多了，请过几分钟再试，或请老师看一下。"
WRONG_IN_KLASS = "班级码、学号、短码里有一项不对，请照黑板和纸条再输一次；还不行就请老师看一下。"
LOCKED = "这个短码输错的次数太多了。请用纸条上 10 位的作答码（或二维码）进入，或请老师解除锁定。"
#: the class whose code was typed on this machine last: a computer room stays with its class for a lesson
KLASS_COOKIE, LESSON_SECONDS = "klass", 2 * 3600
#: word of door_state() -> (headline, what to do); nobody learns here why a student has nothing to answer
SHUT = {
    "not_open_yet": ("还没有开始", "到了时间再用同一个作答码进来就可以。有疑问请问班主任或心理老师。"),
    "closed": ("这次测评已经结束", "现在不能再作答了。如果你还想参加，或想找人聊聊，请告诉心理老师。"),
    "too_late": (
        "现在来不及开始了",
        "剩下的时间不够从头答完，所以不再让人开始，不是你做错了什么。请告诉老师，老师会另外安排。",
    ),
    "stopped": (
        "测评停下来了",
        "老师请大家先停下来，不是你做错了什么。已经填写的内容都保存着，不用再答了。想找人聊聊，随时可以找心理老师。",
    ),
    "paused": ("老师暂停了这次测评", "已经填写的内容都保存着。老师恢复以后，用同一个作答码就能继续。"),
    "unguarded": ("现在没有老师值守", "这份问卷要在有心理老师值守的时间作答。请问一下身边的老师什么时候再来。"),
    "exempt": ("你这次不需要作答", "不用做任何事。想找人聊聊的话，随时可以找心理老师。"),
    "unknown": ("这个作答码不能使用", "请告诉身边的老师。"),
}
TALK_SALT, TALK_SECONDS = "assessments.talk-after", 30 * 60
#: pages that nobody looks at any more leave by themselves
EXIT_SECONDS, CONFIRM_SECONDS = 90, 300


def sitting_id(request) -> int:
    return int(request.actor.partition(":")[2])


def forget(request) -> None:
    """End the session. A sitting may not touch the table of sessions, so this is done as the process itself."""
    if request.session.session_key is None:
        return request.session.clear()  # a browser without a session: nothing is stored
    with acting_as(""):
        return request.session.flush()


def own_desk(request) -> Desk:
    """The sitting that acts; 404 when its row is gone."""
    at = desk(sitting_id(request))
    if at is None:
        raise Http404
    return at


@for_anyone("students have no account: a code opens one sitting")
@in_one_transaction
def answer_door(request):
    if request.actor.startswith("sitting:"):
        forget(request)  # whoever comes back to the door has left
    typed = request.POST.get("code") if request.method == "POST" else request.GET.get("c")
    if typed is None and KLASS_COOKIE in request.COOKIES and "slip" not in request.GET:
        return redirect("assessments:answer-door-klass")
    if typed is None:
        return answer(request, "answer/door.html", {}, CodeForm)
    form = CodeForm({"code": typed})
    if form.is_valid():
        try:
            return _let_in(request, sitting_with(form.cleaned_data["code"], request.META.get("REMOTE_ADDR", "")))
        except CodeUnknown:
            form.add_error("code", UNKNOWN)
        except TooManyWrong:
            form.add_error("code", TOO_MANY)
    return render(request, "answer/door.html", {"form": form}, status=422)


@for_anyone("students have no account: class, number and a short code open one sitting")
@in_one_transaction
def answer_door_klass(request):
    """The short way, for a keyboard in a computer room; the class stays filled in for the next student."""
    if request.actor.startswith("sitting:"):
        forget(request)
    if request.method != "POST":
        klass = request.GET.get("k") or request.COOKIES.get(KLASS_COOKIE, "")
        return render(request, "answer/door_klass.html", {"form": KlassForm(initial={"klass": klass[:12]})})
    form = KlassForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            found = sitting_in_klass(**typed, client=request.META.get("REMOTE_ADDR", ""))
        except CodeUnknown:
            form.add_error(None, WRONG_IN_KLASS)
        except TooManyWrong:
            form.add_error(None, TOO_MANY)
        except ShortWayLocked:
            form.add_error(None, LOCKED)
        else:
            response = _let_in(request, found)
            response.set_cookie(
                KLASS_COOKIE, typed["klass"], LESSON_SECONDS, path=request.path.rsplit("/", 2)[0] + "/",
                secure=request.is_secure(), httponly=True, samesite="Lax",
            )  # fmt: skip
            return response
    return render(request, "answer/door_klass.html", {"form": form}, status=422)


def _let_in(request, found: int):
    forget(request)  # a new session key, and nothing of whoever used this browser before
    request.session.update({"actor": f"sitting:{found}", "seen": int(time.time())})
    rotate_token(request)
    return redirect("assessments:answer-confirm")


@for_keyed("sitting")
def answer_confirm(request):
    at = desk(sitting_id(request))
    if at is None or at.door not in OPEN_DOOR:
        return door_shut(request, at.door if at else "unknown")
    words = {"title": at.title, "label": at.label, "klass": klass_name(at.klass_id, timezone.localdate())}
    words["resumed"], words["until"] = "yes" if at.state == "started" else "", moment(closes_at())
    words["talked"] = "yes" if "talked" in request.GET else ""
    response = answer(request, "answer/confirm.html", words)
    response["Refresh"] = f"{CONFIRM_SECONDS}; url={reverse('assessments:answer-door')}"
    return response


def door_shut(request, state: str):
    """A calm page and no session; a finished sitting gets the last page."""
    if state == "finished":
        return redirect("assessments:answer-end")
    headline, text = SHUT[state]
    when = moment(opens_at()) if state == "not_open_yet" else ""
    forget(request)
    return render(request, "answer/closed.html", {"headline": headline, "text": text, "when": when}, status=409)


def moment(at) -> str:
    """Day and time as a student reads them, '' for none."""
    local = timezone.localtime(at) if at else None
    return f"{local:%Y年%m月%d日 %H:%M}" if local and local.date() >= date(2000, 1, 1) else ""


@for_keyed("sitting")
@require_POST
def answer_begin(request):
    at = own_desk(request)
    try:
        begin_sitting(at)
    except DoorShut as shut:
        return door_shut(request, shut.state)
    return redirect("assessments:answer-page", first_open_part(at))


@for_keyed("sitting")
@require_POST
def answer_decline_first(request):
    """不想作答 before the first question: begun and declined in one transaction, as on any other page."""
    at = own_desk(request)
    try:
        begin_sitting(at)
        decline_sitting(own_desk(request), None)
    except DoorShut as shut:
        return door_shut(request, shut.state)
    except SittingOver:
        pass  # over already: the same last page
    return redirect("assessments:answer-end")


@for_keyed("sitting")
@require_POST
def answer_talk_first(request):
    """想聊聊 before the first question, whether or not anything is answered afterwards."""
    ask_to_talk(own_desk(request))
    return redirect(f"{reverse('assessments:answer-confirm')}?talked")


def first_open_part(at: Desk) -> int:
    """The first part (from 1) with something left out, else the last one."""
    for position, (_, definition) in enumerate(at.battery, 1):
        if blanks_of(definition, at.sheets.get(definition.code)):
            return position
    return len(at.battery)


@for_keyed("sitting")
@require_POST
def answer_not_me(request):
    forget(request)
    return redirect("assessments:answer-door")


@for_anyone("the same last page for everybody; the session ends here")
@in_one_transaction
def answer_end(request):
    at = desk(sitting_id(request)) if request.actor.startswith("sitting:") else None
    if at is not None and at.state != "finished":
        return redirect("assessments:answer-confirm")
    if at is None:
        return _last_page(request)
    hotline = hotline_of(at.county_id)
    forget(request)
    return _last_page(request, hotline=hotline, talk_token=signing.dumps(at.sitting_id, salt=TALK_SALT))


def _last_page(request, **words: str):
    """Shared machines: the page leaves by itself, and nothing of it is kept."""
    response = answer(request, "answer/end.html", words)
    response["Refresh"] = f"{EXIT_SECONDS}; url={reverse('assessments:answer-door')}"
    return response


@for_anyone("asking to talk is still possible on the last page, for half an hour, by a signed word in the form")
@require_POST
def answer_talk_after(request):
    try:
        found = signing.loads(request.POST.get("token", ""), salt=TALK_SALT, max_age=TALK_SECONDS)
    except signing.BadSignature:
        return redirect("assessments:answer-door")
    with acting_as(f"sitting:{found}"):
        at = desk(found)
        if at is None:
            return redirect("assessments:answer-door")
        ask_to_talk(at)
    return _last_page(request, hotline=hotline_of(at.county_id), talked="yes")
