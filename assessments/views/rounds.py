"""The same-day round at work: the next student, a talk in three taps, a takeover."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import rounds as actions
from assessments.actions.interviews import AlreadyHandledError
from assessments.choices import FlagLevel, Outcome
from assessments.forms.interviews import RoundTalkForm
from assessments.queries import interviews as queries
from assessments.standing import schools_as
from assessments.talk_periods import SCRIPT
from xinyu.access.allow import allow
from xinyu.audit.entries import record_view
from xinyu.students.models import Student

from .interviews import students_own_counselor

#: 本区设定: how long "watch" from the round lasts until somebody looks again
WATCH_DAYS = 14


@require_POST
@allow("assessments.interview")
def round_next(request):
    """Claim whoever waits longest and go there; back to the list when nobody is left."""
    for school_id in schools_as(request.posts, "counselor"):
        student_id = actions.claim_next(school_id, actor=request.user)
        if student_id is not None:
            return redirect("assessments:round-talk", student_id)
    messages.success(request, "没有等待您的学生了：都已谈过，或由同事负责。")
    return redirect("assessments:queue-run-list")


@require_POST
@allow("assessments.interview")
def flags_take_over(request, student_id):
    student = get_object_or_404(Student, pk=student_id)
    students_own_counselor(request, student)
    actions.claim(student, actor=request.user, is_takeover=True)
    messages.success(request, "这名学生由您负责。")
    return redirect("assessments:queue")


@require_http_methods(["GET", "POST"])
@allow("assessments.interview")
def round_talk(request, student_id):
    student = get_object_or_404(Student.objects.select_related("klass__grade"), pk=student_id)
    students_own_counselor(request, student)
    form, status, refusal = RoundTalkForm(request.POST or None), 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _save(request, student, form)
            except (actions.TakenError, actions.NotForTheRoundError, AlreadyHandledError) as error:
                refusal, status = str(error), 409
    record_view([student], "interview", purpose="当日谈话")
    flags = queries.open_flags_of(student)
    form.stand_on(flags)
    context = {"student": student, "form": form, "script": SCRIPT, "refusal": refusal}
    context |= queries.lines_of(flags) | {"is_urgent": any(flag.level == FlagLevel.IMMEDIATE for flag in flags)}
    return render(request, "assessments/round_talk.html", context, status=status)


def _save(request, student: Student, form: RoundTalkForm):
    values = form.cleaned_data
    heard = dict(form.fields["heard"].choices)[values["heard"]]  # type: ignore[attr-defined]
    note = "；".join(part for part in (f"当日谈话：{heard}", values["note"]) if part)
    until = timezone.localdate() + timedelta(days=WATCH_DAYS) if values["outcome"] == Outcome.WATCH else None
    actions.record_round(
        student, actor=request.user, outcome=values["outcome"], note=note, shown=values["flags"], watch_until=until
    )
    messages.success(request, "刚才的谈话已保存。")  # messages travel in a cookie: no name, no outcome
    return round_next(request)
