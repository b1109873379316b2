"""反映情况: any member of school staff, with or without the student in sight; what the counselor makes of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.actions import concerns as reporting
from assessments.actions import interviews as actions
from assessments.choices import FlagLevel
from assessments.forms.concerns import ClosingForm, ConcernForm, NamedConcernForm, OutsideForm, WhoForm
from assessments.models import ConcernReport, Flag
from assessments.queries import concerns as queries
from assessments.queries.interviews import OVERDUE
from assessments.standing import schools_as
from xinyu.access.allow import allow
from xinyu.access.posts import schools_with
from xinyu.audit.entries import record_view
from xinyu.organisations.models import School
from xinyu.students.models import Student

AT_ONCE = "已送达心理教师。请不要让学生独处，同时当面或打电话联系心理教师和学校领导。"
THANKS = "已送达心理教师，谢谢您的留心。"


def _told(request, report: ConcernReport):
    messages.success(request, AT_ONCE if report.level == FlagLevel.IMMEDIATE else THANKS)
    return redirect("assessments:concern-list")


@require_http_methods(["GET", "POST"])
@allow("assessments.raise_concern")
def concern_tell(request):
    """For somebody who sees no roster: a class and names, typed."""
    klasses = queries.klasses_of_schools(schools_with(request.posts, "assessments.raise_concern"))
    form = NamedConcernForm(request.POST or None, klasses=klasses)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        klass = next((k for k, _ in klasses if k.pk == values["klass"]), None)
        school = klass.grade.school if klass else _school(request)
        report = reporting.tell_concern(school, actor=request.user, **values | {"klass": klass})
        return _told(request, report)
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/interview_concern.html", {"form": form}, status=status)


def _school(request) -> School:
    return School.objects.get(pk=min(schools_with(request.posts, "assessments.raise_concern")))


@require_http_methods(["GET", "POST"])
@allow("assessments.raise_concern")
def concern_new(request, student_id):
    student = get_object_or_404(Student.objects.select_related("klass__grade", "school__county"), pk=student_id)
    form = ConcernForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        report = reporting.tell_concern(student.school, actor=request.user, student=student, **form.cleaned_data)
        return _told(request, report)
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/interview_concern.html", {"student": student, "form": form}, status=status)


@require_GET
@allow("assessments.raise_concern")
def concern_list(request):
    """One's own reports and how far they are. No look is recorded: a log of looks would tell who reported whom."""
    return render(request, "assessments/interview_concerns.html", {"rows": queries.own_concerns(request.user)})


@require_GET
@allow("assessments.interview")
def concern_unnamed(request):
    """Reports that name nobody whom the school has once."""
    rows = queries.unnamed(schools_as(request.posts, "counselor"))
    shown = {student.pk: student for row in rows for student in row.candidates}
    record_view(shown.values(), "concerns", purpose="核对反映的学生")
    return render(request, "assessments/concern_unnamed.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@allow("assessments.interview")
def outside_new(request):
    """A hospital or a hotline has told the school: entered by the counselor, a concern like any other from then on."""
    form = OutsideForm(request.POST or None, initial={"happened_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        student = _numbered(request, said["number"])
        if student is None:
            form.add_error("number", "没有找到这个学号的学生，请核对后再填。")
        else:
            kept = {name: said[name] for name in ("level", "source", "happened_on", "names_home", "is_from_hospital")}
            reporting.tell_concern(student.school, actor=request.user, student=student, text=form.told(), **kept)
            record_view([student], "concerns", purpose="登记医院或热线告知")
            messages.success(request, "已登记，这名学生进入访谈队列。")
            return redirect("assessments:queue")
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/outside_form.html", {"form": form}, status=status)


def _numbered(request, number: str) -> Student | None:
    rows = Student.objects.filter(school__in=schools_as(request.posts, "counselor"), number=number.strip())
    return rows.select_related("klass__grade", "school__county").first()


def _own_report(request, concern_id: int) -> ConcernReport:
    report = get_object_or_404(ConcernReport, pk=concern_id)
    if report.school_id not in schools_as(request.posts, "counselor"):
        raise PermissionDenied("只有本校的心理教师可以办理。")
    return report


def _refused(request, text: str):
    messages.error(request, text)
    return redirect("assessments:concern-unnamed")


@require_POST
@allow("assessments.interview")
def concern_take(request, concern_id):
    reporting.take_report(_own_report(request, concern_id), actor=request.user)
    return redirect("assessments:concern-unnamed")


@require_POST
@allow("assessments.interview")
def concern_attach(request, concern_id):
    report, form = _own_report(request, concern_id), WhoForm(request.POST)
    number = form.cleaned_data["number"].strip() if form.is_valid() else ""
    students = Student.objects.select_related("klass__grade", "school")
    student = students.filter(school_id=report.school_id, number=number).first()
    if student is None:
        return _refused(request, "没有找到这个学号的学生，请核对后再填。")
    try:
        reporting.attach_report(report, student, actor=request.user)
    except reporting.ReportDoneError as refusal:
        return _refused(request, str(refusal))
    record_view([student], "concerns", purpose="核对反映的学生")
    messages.success(request, "已归到这个学号的学生，进入访谈队列。")
    return redirect("assessments:concern-unnamed")


@require_POST
@allow("assessments.interview")
def concern_close(request, concern_id):
    report, form = _own_report(request, concern_id), ClosingForm(request.POST)
    if not form.is_valid():
        return _refused(request, "请写明结束的理由。")
    try:
        reporting.close_report(report, actor=request.user, **form.cleaned_data)
    except reporting.ReportDoneError as refusal:
        return _refused(request, str(refusal))
    messages.success(request, "已结束，理由随反映一起加密保存。")
    return redirect("assessments:concern-unnamed")


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
