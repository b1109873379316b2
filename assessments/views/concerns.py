"""反映情况: any member of school staff about a student in sight; and what climbed to a leader."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.actions import interviews as actions
from assessments.choices import FlagLevel
from assessments.forms.interviews import ConcernForm
from assessments.models import Flag
from assessments.queries import concerns as queries
from assessments.queries.interviews import OVERDUE
from xinyu.access.allow import allow
from xinyu.audit.entries import record_view
from xinyu.students.models import Student

AT_ONCE = "已送达心理教师。请不要让学生独处，同时当面或打电话联系心理教师和学校领导。"


@require_http_methods(["GET", "POST"])
@allow("assessments.raise_concern")
def concern_new(request, student_id):
    student = get_object_or_404(Student.objects.select_related("klass__grade", "school__county"), pk=student_id)
    form = ConcernForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        flag = actions.raise_concern(student, actor=request.user, **form.cleaned_data)
        messages.success(request, AT_ONCE if flag.level == FlagLevel.IMMEDIATE else "已送达心理教师，谢谢您的留心。")
        return redirect("assessments:concern-list")
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/interview_concern.html", {"student": student, "form": form}, status=status)


@require_GET
@allow("assessments.raise_concern")
def concern_list(request):
    """One's own reports and how far they are: received, being handled, closed. Nothing of what was found."""
    rows = queries.own_concerns(request.user)
    record_view([row.student for row in rows if row.student], "concerns", purpose="我反映的情况")
    return render(request, "assessments/interview_concerns.html", {"rows": rows})


@require_GET
@allow("assessments.see_climbed")
def climbed_list(request):
    """Flags that climbed to this person because nobody opened or answered them in time."""
    rows = queries.climbed_to(request.user)
    record_view([row.student for row in rows if row.student], "climbed", purpose="超时提示上移")
    return render(request, "assessments/queue_climbed.html", {"rows": rows, "now": timezone.now(), "overdue": OVERDUE})


@require_POST
@allow("assessments.see_climbed")
def climbed_acknowledge(request, flag_id):
    flag = get_object_or_404(Flag, pk=flag_id, climbed_to=request.user)
    if actions.acknowledge_flag(flag, actor=request.user):
        messages.success(request, "已登记知悉。请确认心理教师已经接手。")
    return redirect("assessments:climbed-list")
