"""The list, the page of one student, editing her basics, who may see her."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinyu.access.allow import allow, may
from xinyu.audit.entries import record_view
from xinyu.audit.queries import looks_at, named
from xinyu.lib.masking import mask_phone
from xinyu.vault.fields import open_key, reveal_with

from .. import actions, queries
from ..forms import AttentionForm, SearchForm, StudentForm
from ..holds import held_guardians
from ..models import Guardian, Student, owner_of
from ..sight import PARTS, eyes_on
from ..tables import StudentTable

PER_PAGE = 50


@require_GET
@allow("students.list")
def student_list(request):
    klasses = queries.klasses_in_sight(request.posts)
    form = SearchForm(request.GET or None, klasses=klasses)
    filters = form.cleaned_data if form.is_valid() else {}
    rows = queries.student_list(filters, queries.school_ids(klasses))
    table = StudentTable(rows, request=request, order_by=request.GET.get("sort", "number"))
    table.paginate(page=request.GET.get("page", 1), per_page=PER_PAGE)
    context = {
        "form": form,
        "table": table,
        "may_import": may(request, "students.import_roster"),
        "search_text": filters.get("q", ""),
        "is_empty": not filters.get("q") and not table.page.paginator.count,
    }
    return render(request, "students/list.html", context)


def growth_file_url(student: Student) -> str:
    try:
        return reverse("assessments:growth-file", args=[student.pk])
    except NoReverseMatch:
        return ""


def about(student: Student) -> dict:
    """Context of components/student_header.html."""
    on = timezone.localdate()
    return {"student": queries.header_of(student, on), "kid": student, "student_url": growth_file_url(student)}


def masked_phones(student: Student) -> list[tuple[Guardian, str]]:
    """Each guardian with the phone as it may stand on a page; whole numbers are opened one by one, and recorded."""
    guardians = list(student.guardians.all())
    if not guardians or student.key.wrapped is None:
        return [(guardian, "") for guardian in guardians]
    owner = owner_of(student.pk)
    key = open_key(owner, student.key.wrapped)
    return [(g, mask_phone(reveal_with(g, "phone", owner=owner, key=key))) for g in guardians]


@require_GET
@allow("students.see")
def student_detail(request, student_id: int):
    student = get_object_or_404(queries.one_student(), pk=student_id)
    record_view([student], "学生资料")
    decisions = list(student.decisions.all())
    attentions = list(student.attentions.all())
    context = about(student) | {
        "facts": basics(student),
        "guardians": masked_phones(student),
        "held": held_guardians(student),
        "open_attentions": [a for a in attentions if a.to_on is None],
        "past_attentions": [a for a in attentions if a.to_on is not None],
        "decisions": decisions,
        "standing": queries.standing(decisions),
        "has_id": student.id_number is not None,
        "attention_form": AttentionForm(),
        "may_edit": may(request, "students.edit"),
        "may_tag": may(request, "students.tag"),
        "may_decide": may(request, "students.record_decision"),
        "may_see_readers": may(request, "students.see_readers"),
    }
    return render(request, "students/detail.html", context)


def basics(student: Student) -> list[tuple[str, object]]:
    return [
        ("学校", student.school.name),
        ("班级", student.klass.name_on(timezone.localdate())),
        ("性别", student.get_sex_display()),
        ("出生日期", student.birth_on),
        ("住宿", "住校" if student.is_boarding else "走读"),
        ("入学", student.enrolled_on),
        ("离校", student.left_on),
    ]


@require_http_methods(["GET", "POST"])
@allow("students.edit")
def student_edit(request, student_id: int):
    student = get_object_or_404(Student.objects.select_related("klass__grade", "school"), pk=student_id)
    form = StudentForm(request.POST or None, instance=student)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                actions.edit_student(student, actor=request.user, **form.cleaned_data)
        except IntegrityError:
            form.add_error("number", "本校已有学生使用这个学号。")
        else:
            messages.success(request, "已保存。")
            return redirect("students:detail", student.pk)
    context = about(student) | {"form": form}
    return render(request, "students/edit.html", context, status=422 if form.errors else 200)


@require_GET
@allow("students.see_readers")
def who_sees(request, student_id: int):
    student = get_object_or_404(Student.objects.select_related("klass__grade", "school"), pk=student_id)
    context = about(student) | {
        "eyes": eyes_on(student),
        "parts": list(PARTS),
        "looks": named(looks_at(student.pk)[:50]),
    }
    return render(request, "students/who_sees.html", context)


@require_POST
@allow("students.see")
def guardian_phone(request, guardian_id: int):
    guardian = get_object_or_404(Guardian.objects.select_related("student"), pk=guardian_id)
    phone = actions.reveal_guardian_phone(guardian, actor=request.user)
    return _number(request, guardian.student, phone)


@require_POST
@allow("students.edit")
def id_number(request, student_id: int):
    student = get_object_or_404(Student.objects.select_related("key"), pk=student_id)
    return _number(request, student, actions.reveal_id_number(student, actor=request.user))


def _number(request, student: Student, number: str):
    """The opened number alone for htmx; without JavaScript a page that holds it and the way back."""
    if request.htmx:
        return render(request, "students/_number.html", {"number": number})
    student = Student.objects.select_related("klass__grade").get(pk=student.pk)
    return render(request, "students/number.html", about(student) | {"number": number})
