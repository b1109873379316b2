"""Asking a guardian or teacher about a student by a code (the counselor), and the page behind the code (anybody)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import informants as actions
from assessments.actions.readings import SEE, NotNow
from assessments.answers import Page, PageRefused, blanks_of, places_of, read_form
from assessments.codes import clean_code, grouped
from assessments.forms.informants import InformantCodeForm, PhoneForm, SendForm
from assessments.models import InformantLink
from assessments.prerender import items_of
from assessments.queries.door import TooManyWrong, count_wrong
from assessments.queries.informants import links_of, versions_to_send
from assessments.scoring import Definition
from assessments.slips import qr_svg
from xinyu.access.actor import DOOR, acting_as
from xinyu.access.allow import allow, for_anyone
from xinyu.audit.entries import record_view
from xinyu.students.holds import held_among
from xinyu.students.models import Guardian, Student
from xinyu.vault.fields import find_by

from .interviews import students_own_counselor

INTRO = "请按您平时看到的选择，没有对错。拿不准的题可以空着。您看不到孩子自己的回答，也看不到得分。"
OTHER_PHONE = "与学校登记的手机号不一致。输错五次，这个编号就不能再用，请联系心理教师。"


@require_http_methods(["GET", "POST"])
@allow(SEE)
def informant_send(request, student_id):
    """Choose questionnaire and person; the code is shown once, on a page to print or to hold out."""
    student = get_object_or_404(Student.objects.select_related("klass__grade", "school__county"), pk=student_id)
    students_own_counselor(request, student)
    known = list(Guardian.objects.filter(student=student, phone_index__isnull=False))
    held = held_among(known)
    form = SendForm(
        request.POST or None, papers=versions_to_send(student.school.county_id),
        guardians=[one for one in known if one.pk not in held],
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                link, code = actions.issue_link(student, actor=request.user, **form.asked())
                return _code(request, student, link, code)
            except NotNow as no:
                form.add_error(None, str(no))
                status = 409
    record_view([student], "informant-links")
    context = {"student": student, "form": form, "links": links_of(student), "has_held": bool(held)}
    return render(request, "assessments/informant_send.html", context, status=status)


def _code(request, student: Student, link: InformantLink, code: str):
    door = request.build_absolute_uri(reverse("assessments:informant-door"))
    context = {"student": student, "link": link, "code": grouped(code), "door": door, "qr": qr_svg(f"{door}{code}/")}
    return render(request, "assessments/informant_code.html", context)


@require_POST
@allow(SEE)
def informant_end(request, link_id):
    link = get_object_or_404(InformantLink, pk=link_id)
    actions.end_link(link, actor=request.user)
    messages.success(request, "这个编号已停用。")
    return redirect("assessments:informant-send", link.student_id)


@for_anyone("a guardian has no account: a code on a slip")
@require_http_methods(["GET", "POST"])
def informant_door(request):
    form = InformantCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("assessments:informant-answer", clean_code(form.cleaned_data["code"]) or "X")
    return render(request, "informant/door.html", {"form": form}, status=422 if request.method == "POST" else 200)


@for_anyone("a guardian has no account: the code opens one questionnaire, once")
@require_http_methods(["GET", "POST"])
def informant_answer(request, code):
    with acting_as(DOOR):
        at = actions.behind(code)
        found = _ask(request, at) if at is not None else None
    if found is None:
        try:
            count_wrong(request.META.get("REMOTE_ADDR", ""))
        except TooManyWrong:
            return render(request, "informant/gone.html", {"is_too_much": True}, status=429)
        return render(request, "informant/gone.html", status=404)
    # outside: the page of somebody who happens to be logged in asks as that person
    template, status, context = found
    return render(request, f"informant/{template}.html", context, status=status)


def _ask(request, at: actions.Asked) -> tuple[str, int, dict]:
    """(template, status, context), as the door."""
    if at.state != "open":
        return _over(at.state)
    scale = at.definition
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return "ask", 200, _sheet(at, scale, form, {})
    try:
        page, _ = read_form(request.POST, scale)
    except PageRefused as refused:
        return "ask", 422, _sheet(at, scale, form, {}) | {"said": str(refused)}
    said = _why_not(at, scale, page, request.POST)
    chosen = places_of(scale, page.sheet)
    is_named = bool(said) or "again" in request.POST  # what was left out is named once
    if said or (at.asks_phone and not form.is_valid()):
        return "ask", 422, _sheet(at, scale, form, chosen) | {"said": said, "is_named": is_named}
    phone = find_by("phone", form.cleaned_data["phone"]) if at.asks_phone else None
    state = actions.leave_answers(at, page, phone)
    if state == "wrong":
        form.add_error("phone", OTHER_PHONE)
        return "ask", 422, _sheet(at, scale, form, chosen) | {"is_named": is_named}
    return ("done", 200, {"at": at}) if state == "done" else _over(state)


def _why_not(at: actions.Asked, scale: Definition, page: Page, data) -> str:
    """What was left out, named once; nothing at all is no sheet."""
    if page.sheet.is_blank:
        return "还没有选择任何一题。"
    blanks = blanks_of(scale, page.sheet)
    if not blanks or data.get("again"):
        return ""
    return f"第 {'、'.join(map(str, blanks))} 题还没有选。可以补上；拿不准的也可以空着，再点一次“交卷”。"


def _sheet(at: actions.Asked, scale: Definition, form: PhoneForm, chosen) -> dict:
    shown = form if at.asks_phone else None
    return {"at": at, "scale": scale, "items": items_of(scale, chosen), "form": shown, "intro": INTRO}


def _over(state: str) -> tuple[str, int, dict]:
    return ("done", 200, {"is_again": True}) if state == "used" else ("gone", 410, {})
