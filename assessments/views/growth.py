"""一生一册: the growth file of one student."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments.actions.growth import open_growth_file, write_observation
from assessments.choices import EntryKind
from assessments.forms.growth import ObservationForm, OlderForm
from assessments.queries import growth as queries
from assessments.queries.earlier import earlier_of
from assessments.queries.informants import side_by_side
from assessments.queries.results import SIGNAL, results_of, trends
from assessments.standing import roles_over
from xinyu.access.allow import allow, may
from xinyu.audit.entries import record_view
from xinyu.students.models import Student

#: pages of apps that stand higher or are told apart by verb: (words, icon, url name, verb)
LINKS = (
    ("反映情况", "message-2", "assessments:concern-new", "assessments.raise_concern"),
    ("访谈", "message-circle", "assessments:interview-new", "assessments.interview"),
    ("录入家长／教师问卷", "clipboard-text", "assessments:informant-new", "assessments.see_results"),
    ("谁能看到这名学生", "eye", "students:who-sees", "students.see_readers"),
    ("生成 PDF", "file-type-pdf", "reports:growth-file-request", "reports.growth_file"),
)


def links_for(request, student: Student) -> list[tuple[str, str, str]]:
    """[(words, icon, address)] of what this person may do from here."""
    found = []
    for words, icon, name, verb in LINKS:
        if not may(request, verb):
            continue
        try:
            found.append((words, icon, reverse(name, args=[student.pk])))
        except NoReverseMatch:
            continue
    return found


def _student(request, student_id: int) -> tuple[Student, queries.Depth]:
    student = get_object_or_404(Student.objects.select_related("klass__grade"), pk=student_id)
    roles = roles_over(request.posts, student)
    if not roles & {"counselor", "homeroom", "principal"}:
        raise PermissionDenied("成长档案由心理教师和班主任使用。")
    return student, queries.Depth.of(roles)


def _timeline(student: Student, depth: queries.Depth, section: str, since) -> dict:
    found: dict = {"moments": queries.moments(student, section=section, since=since) if depth.reads_timeline else []}
    if depth.reads_timeline:
        found["opening"] = queries.opening(student)
        found["has_older"] = since is not None and queries.has_older(student, since)
    if depth.reads_all and section in ("", EntryKind.SCREENING):
        views = results_of(student, since)
        found |= {"results": views, "charts": trends(views), "signal": SIGNAL}
        found |= {"earlier": earlier_of(student, since), "beside": side_by_side(student)}
    return found


@require_GET
@allow("assessments.see_growth")
def growth_file(request, student_id):
    student, depth = _student(request, student_id)
    section = request.GET.get("section", "")
    section = section if section in EntryKind.values else ""
    older = OlderForm(request.GET) if "older" in request.GET else OlderForm()
    shows_all = older.is_bound and older.is_valid()
    today = timezone.localdate()
    since = None if shows_all else queries.first_day_shown(today)
    if depth.reads_timeline:
        open_growth_file(student)
    purpose = f"{EntryKind(section).label if section else '全部'}" + (f"；更早记录：{older.words}" if shows_all else "")
    record_view([student], "growth-file", purpose=purpose)
    extra = f"older=True&reason={older.cleaned_data['reason']}" if shows_all else ""
    context = {
        "student": student,
        "depth": depth,
        "tabs": queries.tabs(request.path, section, extra) if depth.reads_timeline else [],
        "section": section,
        "older": older,
        "since": since,
        "attentions": queries.attentions(student, today),
        "guardians": queries.guardians(student),
        "links": links_for(request, student),
        **_timeline(student, depth, section, since),
    }
    return render(request, "assessments/growth_file.html", context, status=422 if older.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("assessments.write_observation")
def observation_new(request, student_id):
    student, depth = _student(request, student_id)
    if not depth.may_observe:
        raise PermissionDenied("观察记录由心理教师和班主任填写。")
    form = ObservationForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        write_observation(student, actor=request.user, **form.cleaned_data)
        messages.success(request, "观察已记入成长档案。")
        return redirect("assessments:growth-file", student.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/observation_form.html", {"student": student, "form": form}, status=status)
