"""Rooms of one's own school; for the bureau the schools of its county or city."""

from collections import Counter

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from xinyu.access.allow import allow
from xinyu.access.posts import schools_with
from xinyu.organisations.models import County, School
from xinyu.organisations.settings_tabs import own_county, setting_tabs

from .actions import add_room, edit_room, set_room_rules
from .forms import RoomFilter, RoomForm, RulesForm
from .models import Room
from .queries import SchoolRooms, room_compliance, rule_settings, schools_in_reach
from .standard import COMPLIANCES, load_standard

RULES = "rooms.set_rules"


@require_http_methods(["GET", "POST"])
@allow(RULES)
def room_rules(request):
    """The county's own choices where the standard is silent; the answer says for how many schools they matter."""
    county = own_county(request, RULES)
    document = county.settings.get("room_rules_document", "")
    form = RulesForm(request.POST or None, initial=vars(rule_settings(county.settings)) | {"document": document})
    before = _required(county)
    if request.method == "POST" and form.is_valid():
        set_room_rules(county, form.rules(), form.cleaned_data["document"])
        now = _required(county)
        changed = sum(before[pk] != label for pk, label in now.items())
        messages.success(request, f"已保存。{changed} 所学校应建的类型随之改变。")
        return redirect("rooms:rules")
    context = {
        "form": form,
        "county": county,
        "counts": Counter(before.values()).most_common(),
        "tabs": setting_tabs(request, "rooms:rules"),
    }
    return render(request, "counseling_rooms/room_rules.html", context, status=422 if form.errors else 200)


def _required(county: County) -> dict[int, str]:
    """School → the least type that it must have by the rules that stand."""
    lines = room_compliance(School.objects.filter(county=county).select_related("county"))
    return {line.school.pk: line.required.minimum.label for line in lines}


@require_GET
@allow("rooms.see")
def room_list(request):
    """A person with one school sees its page at once."""
    schools = list(schools_in_reach(request.posts))
    if len(schools) == 1:
        return _school_page(request, room_compliance(schools)[0])
    lines = room_compliance(schools)
    form = RoomFilter(request.GET)
    chosen = form.cleaned_data.get("compliance") if form.is_valid() else ""
    counted = Counter(line.compliance.code for line in lines)
    context = {
        "form": form,
        "lines": [line for line in lines if not chosen or line.compliance.code == chosen],
        "counts": [(state.label, counted[code]) for code, state in COMPLIANCES.items()],
        "total": len(lines),
    }
    return render(
        request, "counseling_rooms/_room_rows.html" if request.htmx else "counseling_rooms/room_list.html", context
    )


@require_GET
@allow("rooms.see")
def school_rooms(request, school_id):
    school = get_object_or_404(schools_in_reach(request.posts), pk=school_id)
    return _school_page(request, room_compliance([school])[0])


def _school_page(request, line: SchoolRooms):
    context = {
        "line": line,
        "standard": load_standard(),
        "can_edit": line.school.pk in schools_with(request.posts, "rooms.edit"),
        "crumbs": [("心理辅导室", reverse("rooms:list")), (line.school.name, "")],
    }
    return render(request, "counseling_rooms/school_rooms.html", context)


def _own_school(request, school_id: int) -> School:
    """404 for a school that one does not see, 403 for one whose rooms somebody else keeps."""
    school = get_object_or_404(schools_in_reach(request.posts), pk=school_id)
    if school.pk not in schools_with(request.posts, "rooms.edit"):
        raise PermissionDenied("辅导室信息由本校心理教师填写。")
    return school


def _form_page(request, school: School, form: RoomForm, heading: str):
    crumbs = [
        ("心理辅导室", reverse("rooms:list")),
        (school.name, reverse("rooms:school", args=[school.pk])),
        (heading, ""),
    ]
    context = {"school": school, "form": form, "heading": heading, "crumbs": crumbs}
    return render(request, "counseling_rooms/room_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@allow("rooms.edit")
def room_new(request, school_id):
    school = _own_school(request, school_id)
    least = room_compliance([school])[0].required.minimum
    form = RoomForm(request.POST or None, initial={"built_type": least.code})
    if request.method == "POST" and form.is_valid():
        add_room(school.pk, form.values(), actor=request.user)
        messages.success(request, "辅导室已添加。")
        return redirect("rooms:school", school.pk)
    return _form_page(request, school, form, "添加辅导室")


@require_http_methods(["GET", "POST"])
@allow("rooms.edit")
def room_edit(request, room_id):
    room = get_object_or_404(Room, pk=room_id)
    school = _own_school(request, room.school_id)
    form = RoomForm(request.POST or None, room=room)
    if request.method == "POST" and form.is_valid():
        edit_room(room, form.values(), actor=request.user)
        messages.success(request, "辅导室信息已更新。")
        return redirect("rooms:school", school.pk)
    return _form_page(request, school, form, "修改辅导室信息")
