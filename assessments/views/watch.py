"""The board in the computer room for the colleague who supervises, and asking one from the page of a class."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from assessments.actions import watch as actions
from assessments.forms.screenings import WatchForm
from assessments.queries.screenings import require_school, screenings
from assessments.queries.watch import colleagues, watched_rooms
from assessments.screening_flow import ScreeningRefused
from xinyu.access.allow import allow

WATCH = "assessments.watch_room"


@require_GET
@allow(WATCH)
def room_board(request):
    """The whole page, or to htmx its board alone."""
    part = "assessments/_room_board.html" if request.headers.get("HX-Request") else "assessments/room_board.html"
    return render(request, part, {"rooms": watched_rooms()})


@require_POST
@allow(WATCH)
def room_free(request, sitting_id):
    if not actions.free_watched(sitting_id, actor=request.user):
        raise Http404
    messages.success(request, "这个作答码可以重新输入了。")
    return redirect("assessments:room-board")


@require_POST
@allow("assessments.plan_screening")
def room_ask(request, screening_id, klass_id):
    screening = get_object_or_404(screenings(), pk=screening_id)
    require_school("assessments.plan_screening", screening.school_id)
    form = WatchForm(request.POST, people=colleagues(screening.school_id))
    try:
        if form.is_valid():
            watcher, until = int(form.cleaned_data["watcher"]), form.cleaned_data["until"]
            actions.ask_to_watch(screening, klass_id, actor=request.user, watcher_id=watcher, until=until)
            messages.success(request, "已请这位老师看机房，今天到时自动结束。")
        else:
            messages.error(request, "；".join(str(error) for errors in form.errors.values() for error in errors))
    except ScreeningRefused as refused:
        messages.error(request, str(refused))
    return redirect("assessments:screening-klass", screening.pk, klass_id)
