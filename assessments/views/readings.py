"""Beside a result: other informants' paper sheets, and a soft-worded sheet for the student."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments.actions.readings import NotNow, let_have, record_informant
from assessments.forms.readings import InformantForm, OwnWordsForm, WhichForm
from assessments.models import Flag, OwnResult, Result, ScaleVersion
from assessments.own_words import own_parts
from assessments.queries.informants import forms_for_others
from assessments.scale_gate import ROLE_NAMES
from assessments.scale_library import definition_of
from xinyu.access.allow import allow
from xinyu.audit.entries import record_view
from xinyu.students.models import Student
from xinyu.vault.fields import reveal

from .interviews import students_own_counselor
from .results import SEE, own_sitting


@require_http_methods(["GET", "POST"])
@allow(SEE)
def informant_new(request, student_id):
    """First which paper form, then its answers; what was typed comes back with every mistake."""
    student = get_object_or_404(Student.objects.select_related("klass__grade", "school__county"), pk=student_id)
    students_own_counselor(request, student)
    which = WhichForm(request.GET or None, papers=forms_for_others(student.school.county_id))
    if not which.is_valid():
        context = {"student": student, "which": which}
        return render(request, "assessments/informant_which.html", context, status=422 if which.is_bound else 200)
    pk, order, role = which.cleaned_data["paper"].split(":")
    version = get_object_or_404(ScaleVersion, pk=pk)
    scale = definition_of(version)
    form = InformantForm(request.POST or None, scale=scale, order=order, initial={"filled_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        record_informant(
            student, version, form.answers, actor=request.user, role=role, form=order, who=form.cleaned_data["who"],
            filled_on=form.cleaned_data["filled_on"],
        )  # fmt: skip
        messages.success(request, "已按这份问卷的计分键计分，和学生自己的结果并排显示。")
        return redirect(f"{reverse('assessments:growth-file', args=[student.pk])}?section=screening")
    context = {"student": student, "form": form, "version": version, "role": ROLE_NAMES[role]}
    return render(request, "assessments/informant_form.html", context, status=422 if form.errors else 200)


def _parts(sitting):
    """Never "nothing to see" where an item has raised a flag, whatever the total says."""
    rows = Result.objects.filter(sitting=sitting).select_related("version").order_by("pk")
    flagged = set(Flag.objects.filter(sitting=sitting).values_list("scale", flat=True))
    return own_parts(
        (row.version.title, max(row.band_order or 0, 1) if row.scale in flagged else row.band_order, row.is_valid)
        for row in rows
    )


@require_http_methods(["GET", "POST"])
@allow(SEE)
def own_result(request, sitting_id):
    """What the student would read; letting him have it is a decision of the counselor, each time."""
    sitting = own_sitting(request, sitting_id)
    form, refused = OwnWordsForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            let_have(sitting, actor=request.user, words=form.cleaned_data["words"])
            return redirect("assessments:own-result", sitting.pk)
        except NotNow as no:
            refused = str(no)
    record_view([sitting.student], "results", purpose="给学生看的说明")
    context = {
        "sitting": sitting, "student": sitting.student, "form": form, "parts": _parts(sitting), "refused": refused,
        "own": OwnResult.objects.filter(sitting=sitting).select_related("by").first(),
    }  # fmt: skip
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "assessments/own_result.html", context, status=status)


@require_GET
@allow(SEE)
def own_result_print(request, sitting_id):
    """The sheet itself; 404 until the counselor has let the student have it."""
    sitting = own_sitting(request, sitting_id)
    own = OwnResult.objects.filter(sitting=sitting).select_related("school__county").first()
    own = own or get_object_or_404(OwnResult, sitting=sitting)
    record_view([sitting.student], "results", purpose="打印给学生的说明")
    context = {
        "sitting": sitting, "student": sitting.student, "parts": _parts(sitting), "at": own.at,
        "words": reveal(own, "words"), "school": own.school,
        "hotline": (own.school.county.settings or {}).get("hotline", ""),
    }  # fmt: skip
    return render(request, "assessments/own_result_print.html", context)
