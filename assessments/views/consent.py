"""Asking guardians: the notice, codes by message and on slips (the counselor), and the page behind a code (anybody)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments import consent_slips as sheets
from assessments.actions import consent as actions
from assessments.codes import clean_code
from assessments.forms.consent import CodeOnPaperForm, NoticeForm, SayForm
from assessments.models import ConsentLink, ScaleVersion, Screening
from assessments.models.consent_links import LinkWay
from assessments.queries import consent as queries
from assessments.queries.door import TooManyWrong, count_wrong
from assessments.queries.people import enrolled
from assessments.queries.screenings import require_school, screenings, standings
from assessments.scale_library import definition_of
from assessments.screening_flow import DRAFT, ScreeningRefused
from assessments.topics import topics_of
from xinyu.access.actor import DOOR, acting_as
from xinyu.access.allow import allow, for_anyone
from xinyu.audit.entries import record_view
from xinyu.organisations.models import Klass, School
from xinyu.ui.downloads import PDF, file_answer
from xinyu.ui.printing import to_pdf
from xinyu.vault.fields import find_by

PLAN = "assessments.plan_screening"


def _own(screening_id: int) -> Screening:
    screening = get_object_or_404(screenings(), pk=screening_id)
    require_school(PLAN, screening.school_id)
    return screening


def page_address(request) -> str:
    """Of the page behind a code, without the code."""
    return request.build_absolute_uri(reverse("assessments:consent-door"))


@require_http_methods(["GET", "POST"])
@allow(PLAN)
def notice_write(request, screening_id):
    screening = _own(screening_id)
    scales = queries.scales_of(screening)
    notice = queries.notice_of(screening.notice_version, scales)
    topics = notice.topics or topics_of(definition_of(scale) for scale in scales)
    form = NoticeForm(request.POST or None, initial={"text": notice.text, "topics": "\n".join(topics)})
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.write_notice(screening, actor=request.user, **form.cleaned_data)
            messages.success(request, f"告知书已保存为 {row.version}。")
            return redirect("assessments:screening-consent", screening.pk)
        except ScreeningRefused as refused:
            form.add_error(None, str(refused))
            status = 409
    context = {
        "screening": screening, "notice": notice, "form": form, "can_write": screening.state == DRAFT,
        "yes_so_far": queries.yes_to(screening.notice_version),
    }  # fmt: skip
    return render(request, "assessments/notice.html", context, status=status)


@require_POST
@allow(PLAN)
def links_send(request, screening_id):
    """A code to every guardian who has yet to answer; the messages go out by the next sweep."""
    screening = _own(screening_id)
    waiting = standings(screening, enrolled(screening), timezone.localdate())
    try:
        made = actions.issue_links(
            screening, waiting, actor=request.user, way=LinkWay.CODE, address=page_address(request)
        )
        messages.success(request, f"将向 {len(made)} 位还没有回复的监护人发送链接；短信里没有姓名。")
    except ScreeningRefused as refused:
        messages.error(request, str(refused))
    return redirect("assessments:screening-consent", screening.pk)


@require_POST
@allow(PLAN)
def consent_slips(request, screening_id, klass_id):
    """Sheets of one class as a PDF. A POST: printing makes new codes, and those of earlier sheets end."""
    screening = _own(screening_id)
    klass = get_object_or_404(
        Klass.objects.select_related("grade"), pk=klass_id, pk__in=screening.chosen.values("klass_id")
    )
    students = [one for one in enrolled(screening) if one.klass_id == klass.pk]
    waiting = [one for one in standings(screening, students, timezone.localdate()) if one.remind]
    try:
        made = actions.issue_links(
            screening, waiting, actor=request.user, way=LinkWay.SLIP, address=page_address(request)
        )
    except ScreeningRefused as refused:
        messages.error(request, str(refused))
        return redirect("assessments:screening-consent", screening.pk)
    if not waiting:
        messages.info(request, f"{klass.name}没有需要发放回执的监护人。")
        return redirect("assessments:screening-consent", screening.pk)
    record_view([one.student for one in waiting], "consent_slips", purpose="打印监护人回执")
    notice = queries.notice_of(screening.notice_version, queries.scales_of(screening))
    name = klass.name_on(timezone.localdate())
    html = sheets.render(screening, name, notice, sheets.slips_of(waiting, made), page_address(request))
    return file_answer(to_pdf(html)[0], PDF, f"监护人回执-{name}.pdf", is_shown=True)


@for_anyone("a guardian has no account: a code on a slip or in a message")
@require_http_methods(["GET", "POST"])
def consent_door(request):
    form = CodeOnPaperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("assessments:consent-say", clean_code(form.cleaned_data["code"]) or "X")
    status = 422 if request.method == "POST" else 200
    return render(request, "consent/door.html", {"form": form}, status=status)


@for_anyone("a guardian has no account: the code opens one question, once")
@require_http_methods(["GET", "POST"])
def consent_say(request, code):
    with acting_as(DOOR):
        found = actions.find_link(code)
    if not found:
        try:
            count_wrong(request.META.get("REMOTE_ADDR", ""))
        except TooManyWrong:
            return render(request, "consent/gone.html", {"is_too_much": True}, status=429)
        return render(request, "consent/gone.html", status=404)
    with acting_as(f"consent:{found}"):
        template, status, context = _ask(request, found)
    response = render(request, f"consent/{template}.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _ask(request, link_id: int) -> tuple[str, int, dict]:
    """(template, status, context), as the link."""
    link = ConsentLink.objects.get(pk=link_id)
    state = actions.link_state()
    if state != "open":
        return ("done", 200, {"is_again": True}) if state == "used" else ("gone", 410, {})
    form = SayForm(request.POST or None, asks_phone=link.phone_index is not None)
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data.get("phone")
        state = actions.say(link, form.cleaned_data["decision"], find_by("phone", phone) if phone else None)
        if state == "done":
            return "done", 200, {"decision": form.cleaned_data["decision"]}
        if state != "wrong":
            return ("done", 200, {"is_again": True}) if state == "used" else ("gone", 410, {})
        form.add_error("phone", "与学校登记的手机号不一致。输错五次，这个编号就不能再用，请联系班主任。")
    school = School.objects.only("name").get(pk=link.school_id)
    scales = ScaleVersion.objects.filter(screeningscale__screening=link.screening_id)
    notice = queries.notice_of(link.notice_version, list(scales.order_by("screeningscale__order")))
    context = {"link": link, "school": school, "notice": notice, "form": form}
    return "say", 422 if request.method == "POST" else 200, context
