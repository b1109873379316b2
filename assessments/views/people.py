"""The students of a screening who were chosen by name, and the pauses of its battery: both while it is a draft."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import people as actions
from assessments.actions.pauses import set_pauses
from assessments.forms.people import AddPeopleForm, FindForm, PausesForm
from assessments.models import Screening
from assessments.queries.people import MOST_FOUND, found_for, in_klasses, named
from assessments.queries.screenings import require_school, screenings
from assessments.screening_flow import DRAFT, ScreeningRefused
from assessments.views.screenings import carry_out
from xinyu.access.allow import allow
from xinyu.audit.entries import record_view

PLAN = "assessments.plan_screening"


def _planned(screening_id: int) -> Screening:
    screening = get_object_or_404(screenings(), pk=screening_id)
    require_school(PLAN, screening.school_id)
    return screening


@require_http_methods(["GET", "POST"])
@allow(PLAN)
def screening_people(request, screening_id):
    """GET with ?q= searches; POST adds who is ticked or listed, all or nobody."""
    screening = _planned(screening_id)
    form = AddPeopleForm(request.POST if request.method == "POST" else None, screening=screening)
    status = 422 if form.is_bound else 200
    refused: tuple[str, ...] = ()
    if form.is_bound and form.is_valid():
        try:
            count = actions.add_people(screening, form.cleaned_data["students"], actor=request.user)
            messages.success(request, f"新加入 {count} 人。" if count else "这些学生已经在名单里，或随全班作答。")
            return redirect("assessments:screening-people", screening.pk)
        except ScreeningRefused as error:
            refused, status = error.reasons, 409
    return _page(request, screening, form, refused, status)


def _page(request, screening: Screening, form: AddPeopleForm, refused: tuple[str, ...], status: int):
    find = FindForm(request.GET)
    text = find.cleaned_data["q"].strip() if find.is_valid() else ""
    today = timezone.localdate()
    chosen = in_klasses(named(screening), today)
    record_view([student for student, _ in chosen], "screening_people", purpose="核对按人选的名单")
    context = {
        "screening": screening, "form": form, "find": find, "text": text, "chosen": chosen, "refused": refused,
        "found": found_for(screening, text, today) if text else [], "most": MOST_FOUND,
        "is_draft": screening.state == DRAFT,
    }  # fmt: skip
    return render(request, "assessments/screening_people.html", context, status=status)


@require_POST
@allow(PLAN)
def screening_person_drop(request, screening_id, student_id):
    screening = _planned(screening_id)
    try:
        actions.remove_person(screening, student_id, actor=request.user)
    except ScreeningRefused as refused:
        return _page(request, screening, AddPeopleForm(screening=screening), refused.reasons, 409)
    messages.success(request, "已移除 1 人。")
    return redirect("assessments:screening-people", screening.pk)


@require_POST
@allow(PLAN)
def screening_pauses(request, screening_id):
    screening = _planned(screening_id)
    versions = list(screening.scales.order_by("screeningscale__order").values_list("pk", flat=True))
    form = PausesForm(request.POST, versions=versions)
    if not form.is_valid():  # the battery was changed elsewhere: nothing is taken for "no pause"
        messages.error(request, "量表刚刚改过，休息点没有保存。请看过现在的量表，再选一次。")
        return redirect("assessments:screening-detail", screening.pk)
    after = form.cleaned_data["after"]
    return carry_out(request, screening, partial(set_pauses, screening, after, actor=request.user), "休息点已保存。")
