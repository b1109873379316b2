"""The interview queue, the same-day round, the interview form."""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.actions import interviews as actions
from assessments.actions.rounds import TakenError, claim
from assessments.choices import Outcome
from assessments.forms.interviews import InterviewForm, QueueFilter, RoundForm, ScreenerForm, TemplateForm
from assessments.interview_forms import template_for
from assessments.models import Interview
from assessments.queries import interviews as queries
from assessments.queries.concerns import threads, unnamed_count
from assessments.queries.growth import attentions, homeroom_comments
from assessments.queries.results import SIGNAL, sheets
from assessments.queries.templates import county_of, templates_of, words_of
from assessments.screeners import STAY
from assessments.standing import roles_over, schools_as
from assessments.talk_periods import SCRIPT
from xinyu.access.allow import allow
from xinyu.audit.entries import record_view
from xinyu.students.models import Student
from xinyu.vault.fields import reveal

QUEUE_PURPOSE = "访谈队列"


def students_own_counselor(request, student: Student) -> None:
    """403 for somebody who is counselor, but of another school than this student's."""
    if "counselor" not in roles_over(request.posts, student):
        raise PermissionDenied("只有这名学生所在学校的心理教师可以办理。")


def _note_shown(request, rows, *, is_poll: bool) -> None:
    """One access entry per student shown; the refresh every three seconds adds only whom it did not show before."""
    newest = request.session.get("queue_newest", 0) if is_poll else 0
    fresh = [row.student for row in rows if any(flag.pk > newest for flag in row.flags)]
    record_view(fresh, "queue", purpose=QUEUE_PURPOSE)
    top = max((flag.pk for row in rows for flag in row.flags), default=0)
    if top > newest:
        request.session["queue_newest"] = top


@require_GET
@allow("assessments.interview")
def queue(request):
    """The whole page, or for htmx only the list; 204 while nothing has changed."""
    schools = schools_as(request.posts, "counselor")
    form = QueueFilter(request.GET, klasses=queries.klasses_waiting(schools))
    rows = queries.queue(schools, timezone.now(), **form.chosen())
    is_poll = bool(request.htmx) and "rev" in request.GET
    revision = queries.revision(rows)
    if is_poll and request.GET["rev"] == revision:
        return HttpResponse(status=204)
    _note_shown(request, rows, is_poll=is_poll)
    query = request.GET.copy()
    query["rev"] = revision
    context = {"form": form, "rows": rows, "poll": f"{request.path}?{query.urlencode()}"}
    context["unnamed"] = 0 if request.htmx else unnamed_count(schools)
    return render(request, "assessments/_queue.html" if request.htmx else "assessments/queue.html", context)


@require_GET
@allow("assessments.interview")
def run_list(request):
    """The same-day round, on screen or (?print=1) bare for paper."""
    schools = schools_as(request.posts, "counselor")
    form = RoundForm(request.GET or {"counselors": 1, "minutes": 5})
    found = queries.run_list_of(schools[0], timezone.now(), **form.chosen())
    is_print = "print" in request.GET
    record_view(found.students, "run-list", purpose="打印当日谈话名单" if is_print else "当日谈话名单")
    template = "assessments/queue_run_list_print.html" if is_print else "assessments/queue_run_list.html"
    return render(request, template, {"form": form, "round": found, "script": SCRIPT, "now": timezone.now()})


@require_POST
@allow("assessments.interview")
def open_flags(request, student_id):
    student = get_object_or_404(Student, pk=student_id)
    students_own_counselor(request, student)
    try:
        claim(student, actor=request.user)
    except TakenError as refusal:
        messages.warning(request, str(refusal))
        return redirect("assessments:queue")
    actions.mark_seen(student, actor=request.user)
    return redirect("assessments:interview-new", student.pk)


def _beside(student: Student, flags: list) -> dict:
    """What stands beside the form."""
    sittings = queries.sittings_beside(student, flags)
    return {
        "student": student,
        **queries.lines_of(flags),
        "sheets": sheets(sittings),
        "threads": threads(student),
        "signal": SIGNAL,
        "earlier": queries.earlier_interviews(student),
        "comments": homeroom_comments(student),
        "attentions": attentions(student, timezone.localdate()),
    }


@require_http_methods(["GET", "POST"])
@allow("assessments.interview")
def interview_new(request, student_id):
    student = get_object_or_404(Student.objects.select_related("klass__grade"), pk=student_id)
    students_own_counselor(request, student)
    if request.method == "POST":
        return _save_interview(request, student)
    flags = queries.open_flags_of(student)
    record_view([student], "interview", purpose="访谈")
    form = InterviewForm(initial={"at": timezone.localtime()})
    form.stand_on(flags)
    county = county_of(student)
    template = template_for([flag.level for flag in flags], templates_of(county))
    forms = {"form": form, "sheet": TemplateForm(template=template)}
    forms["screeners"] = ScreenerForm(words=words_of(county))
    return render(request, "assessments/interview_form.html", forms | _beside(student, flags))


def _save_interview(request, student: Student):
    form, county = InterviewForm(request.POST), county_of(student)
    asked = ScreenerForm(request.POST, words=words_of(county))
    template = template_for([request.POST.get("sheet", "")], templates_of(county))
    sheet = TemplateForm(request.POST, template=template)
    conflict, status = "", 422
    if sheet.is_valid() and _agree(form, asked):
        values = dict(form.cleaned_data)
        try:
            flag_ids = values.pop("flags")
            interview = actions.record_interview(
                student,
                actor=request.user,
                flag_ids=flag_ids,
                screeners=asked.kept() | ({"form": sheet.kept()} if sheet.kept() else {}),
                is_acute=asked.is_acute,
                **values,
            )
            return redirect(_after(request, interview))
        except actions.AlreadyHandledError as refusal:
            conflict, status = str(refusal), 409
    record_view([student], "interview", purpose="访谈")  # a refused form shows as much as a fresh one
    flags = queries.open_flags_of(student)
    context = {"form": form, "sheet": sheet, "screeners": asked, "conflict": conflict} | _beside(student, flags)
    return render(request, "assessments/interview_form.html", context, status=status)


def _agree(form: InterviewForm, asked: ScreenerForm) -> bool:
    """Both are valid, and what a screener calls acute is not filed away: it goes to a level at once."""
    are_valid = form.is_valid() and asked.is_valid()
    if are_valid and asked.is_acute and form.cleaned_data["outcome"] != Outcome.CASE:
        form.add_error("outcome", f"问到的情况属于紧急：{STAY}结果请选“提请定级建案”。")
        return False
    return are_valid


def _after(request, interview: Interview) -> str:
    """Where the counselor goes next: to the level when a case was asked for, else to what was written."""
    messages.success(request, "访谈已保存，相应提示已办结。")
    if interview.is_acute:
        messages.warning(request, STAY)
    if queries.open_flags_of(interview.student):
        messages.info(request, "填写期间这名学生又有新的提示，仍在队列中。")
    if interview.outcome == Outcome.CASE:
        try:
            return reverse("crisis:level-confirm", args=[interview.pk])
        except NoReverseMatch:
            pass
    return reverse("assessments:interview-detail", args=[interview.pk])


@require_GET
@allow("assessments.interview")
def interview_detail(request, interview_id):
    rows = Interview.objects.select_related("student__klass__grade", "by")
    interview = get_object_or_404(rows, pk=interview_id)
    students_own_counselor(request, interview.student)
    record_view([interview.student], "interview-text", purpose="阅读访谈要点")
    kept = json.loads(reveal(interview, "answers") or "{}")
    context = {"interview": interview, "student": interview.student, "summary": reveal(interview, "summary")}
    context["readings"], context["sheet"] = kept.get("readings", []), kept.get("form")
    return render(request, "assessments/interview_detail.html", context)
