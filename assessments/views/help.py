"""求助: a page behind a code on a wall, for anybody; the codes of a school with their posters, for its counselor."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments import posters
from assessments.actions import help as actions
from assessments.codes import grouped
from assessments.forms.help import DoorForm, FollowForm, HelpForm
from assessments.help_limits import is_too_much
from assessments.models import HelpDoor
from assessments.queries.concerns import klasses_of_schools
from assessments.standing import schools_as
from xinyu.access.actor import DOOR, acting_as
from xinyu.access.allow import allow, for_anyone
from xinyu.organisations.models import School
from xinyu.ui.downloads import PDF, file_answer
from xinyu.ui.printing import to_pdf

#: word of door_help_state() -> what the reporter reads; never who, never what
STATES = {
    "received": ("已收到", "心理老师会看到你的留言。情况急的话，不要等，直接去找身边的老师。"),
    "in_hand": ("处理中", "心理老师已经看到，正在处理。谢谢你说出来。"),
    "closed": ("已结束", "老师已经处理完。还不放心，可以再扫码留言，或者直接去找老师。"),
    "": ("没有找到这个编号", "请照你写下的编号再输一次。"),
}


@for_anyone("a friend, a class monitor or the student asks for help; nobody has an account")
@require_http_methods(["GET", "POST"])
def help_ask(request, code):
    with acting_as(DOOR):
        try:
            at = actions.behind(code)
            form = HelpForm(request.POST or None, klasses=klasses_of_schools([at.school.pk]))
            template, status, more = _hear(request, at, form)
        except actions.DoorGone:
            at = None
    if at is None:
        return render(request, "help/gone.html", status=404)
    # outside: the page of somebody who happens to be logged in asks as that person
    return render(request, f"help/{template}.html", {"at": at, "form": form} | more, status=status)


def _hear(request, at: actions.Behind, form: HelpForm) -> tuple[str, int, dict]:
    """(template, status, what else it says). Raises DoorGone when the code was taken down meanwhile."""
    if request.method != "POST":
        return "ask", 200, {}
    if not form.is_valid():
        return "ask", 422, {}
    said = dict(form.cleaned_data)
    client = request.META.get("REMOTE_ADDR", "")
    if is_too_much(said["level"], client, at.door_id, timezone.localdate()):
        return "ask", 429, {"is_too_much": True}
    said["klass_id"] = said.pop("klass")
    told = actions.leave_word(at, client=client, **said)
    return "told", 200, {"code": grouped(told), "is_urgent": said["level"] == "immediate"}


@for_anyone("whoever left a word sees how far it is, by the code on the paper")
@require_http_methods(["GET", "POST"])
def help_follow(request):
    form, state = FollowForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        with acting_as(DOOR):
            state = STATES[actions.state_of(form.cleaned_data["code"])]
    status = 422 if form.errors else 200
    return render(request, "help/follow.html", {"form": form, "state": state}, status=status)


@require_http_methods(["GET", "POST"])
@allow("assessments.interview")
def door_list(request):
    """The codes of the school, each with its poster; a new one."""
    school = School.objects.get(pk=schools_as(request.posts, "counselor")[0])
    rows = HelpDoor.objects.filter(school=school)
    newest = rows.order_by("-made_at").first()
    form = DoorForm(request.POST or None, initial={"room": newest.room if newest else ""})
    if request.method == "POST" and form.is_valid():
        door = actions.open_door(school, actor=request.user, **form.cleaned_data)
        messages.success(request, f"“{door.place}”的求助码已生成，请打印海报张贴。")
        return redirect("assessments:help-door-list")
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/help_doors.html", {"form": form, "rows": rows}, status=status)


def _own_door(request, door_id: int) -> HelpDoor:
    return get_object_or_404(HelpDoor.objects.select_related("school__county"), pk=door_id)


@require_POST
@allow("assessments.interview")
def door_end(request, door_id):
    door = _own_door(request, door_id)
    actions.end_door(door, actor=request.user)
    messages.success(request, f"“{door.place}”的求助码已停用，请取下海报。")
    return redirect("assessments:help-door-list")


@require_GET
@allow("assessments.interview")
def door_poster(request, door_id):
    """A4, to hang up."""
    door = _own_door(request, door_id)
    address = request.build_absolute_uri(reverse("assessments:help-ask", args=[door.code]))
    pdf, _ = to_pdf(posters.render(posters.gather(door, address)))
    return file_answer(pdf, PDF, f"求助海报-{door.place}.pdf", is_shown=True)
