"""休息一下: a calm page between two parts of a battery, and the way out for today. Works without a script."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import answering as actions
from assessments.prerender import answer
from assessments.queries.answering import Desk, closes_at, hotline_of
from assessments.views.answer_door import EXIT_SECONDS, door_shut, forget, moment, own_desk
from xinyu.access.allow import for_keyed

#: a pause that nobody comes back from leaves by itself, as a page of questions does
PAUSE_SECONDS = 600


def _at_pause(request, position: int) -> Desk:
    """The sitting that acts. 404 where its battery has no pause behind this part."""
    at = own_desk(request)
    if not (1 <= position <= len(at.versions) and at.pauses_after(position)):
        raise Http404
    return at


@for_keyed("sitting")
@require_http_methods(["GET", "HEAD", "POST"])
def answer_pause(request, position):
    """POST: the student would like to talk; the pause goes on."""
    at = _at_pause(request, position)
    if request.method == "POST":
        actions.ask_to_talk(at)
        return redirect(f"{request.path}?talked")
    if at.state == "invited":
        return redirect("assessments:answer-confirm")
    if at.state != "started" or at.door not in actions.GOES_ON:
        return door_shut(request, at.door)
    words = {
        "student_label": at.label, "talked": "yes" if "talked" in request.GET else "", "until": moment(closes_at()),
        "left": str(len(at.versions) - position), "here": request.path,
        "next": reverse("assessments:answer-page", args=[position + 1]),
        "leave": reverse("assessments:answer-leave", args=[position]),
    }  # fmt: skip
    response = answer(request, "answer/pause.html", words)
    response["Refresh"] = f"{PAUSE_SECONDS}; url={reverse('assessments:answer-door')}"
    return response


@for_keyed("sitting")
@require_POST
def answer_leave(request, position):
    """今天先到这里: the session ends, the code goes on later inside the window."""
    at = _at_pause(request, position)
    if at.state != "started":
        return redirect("assessments:answer-end")
    actions.leave_for_today(at)
    words = {"until": moment(closes_at()), "hotline": hotline_of(at.county_id)}
    forget(request)
    response = answer(request, "answer/left_for_today.html", words)
    response["Refresh"] = f"{EXIT_SECONDS}; url={reverse('assessments:answer-door')}"
    return response
