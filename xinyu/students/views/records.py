"""Key-attention groups and guardians' decisions of one student."""

import json

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinyu.access.allow import allow
from xinyu.audit.entries import record_view
from xinyu.ui.wording import moment

from .. import actions
from ..forms import AttentionForm, DecisionForm
from ..models import Attention, GuardianDecision, Student
from ..notices import CURRENT
from ..queries import to_confirm
from ..typing import DraftRefused, forget_typed, keep_typed, typed_at
from .pages import about


def _student(student_id: int) -> Student:
    return get_object_or_404(Student.objects.select_related("klass__grade", "school"), pk=student_id)


@require_http_methods(["GET", "POST"])
@allow("students.tag")
def attention_add(request, student_id: int):
    student = _student(student_id)
    form = AttentionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if Attention.objects.filter(student=student, group=data["group"], to_on=None).exists():
            form.add_error("group", "这名学生已在该类别中。")
        else:
            actions.add_attention(student, actor=request.user, **data)
            messages.success(request, "已登记。这只是多一份关心的理由，不是级别。")
            return redirect("students:detail", student.pk)
    context = about(student) | {"form": form}
    return render(request, "students/attention_add.html", context, status=422 if form.errors else 200)


@require_POST
@allow("students.tag")
def attention_end(request, attention_id: int):
    row = get_object_or_404(Attention.objects.select_related("group"), pk=attention_id, to_on=None)
    actions.end_attention(row, on=timezone.localdate(), actor=request.user)
    messages.success(request, "已结束。")
    return redirect("students:detail", row.student_id)


@require_POST
@allow("students.tag")
def attention_review(request, attention_id: int):
    row = get_object_or_404(Attention.objects.select_related("group"), pk=attention_id, to_on=None)
    actions.review_attention(row, on=timezone.localdate(), actor=request.user)
    messages.success(request, "已记为本学期复核。")
    return redirect("students:detail", row.student_id)


@require_http_methods(["GET", "POST"])
@allow("students.record_decision")
def decision_record(request, student_id: int):
    student = _student(student_id)
    initial = {"notice_version": request.GET.get("notice") or CURRENT}
    if "notice" in request.GET:  # from the page of a screening's consent
        initial["purpose"] = "screening"
    form = DecisionForm(request.POST or None, student=student, actor=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = actions.record_decision(student, actor=request.user, **form.cleaned_data)
        waits = "还要请在场的另一位老师登录确认，才算数。" if row.witness_id else "决定只增不改，以最近一次为准。"
        messages.success(request, f"已记录。{waits}")
        return redirect("students:detail", student.pk)
    context = about(student) | {"form": form}
    return render(request, "students/decision_record.html", context, status=422 if form.errors else 200)


@require_GET
@allow("students.confirm_decision")
def decisions_to_confirm(request):
    """What guardians said on the telephone while this person listened."""
    rows = list(to_confirm(request.user))
    record_view([row.student for row in rows], "decisions", purpose="确认电话决定")
    return render(request, "students/decisions_to_confirm.html", {"rows": rows})


@require_POST
@allow("students.confirm_decision")
def decision_confirm(request, decision_id: int):
    row = get_object_or_404(GuardianDecision, pk=decision_id, witness=request.user)
    try:
        actions.confirm_decision(row, actor=request.user)
        messages.success(request, "已确认，这条决定现在算数。")
    except actions.DecisionRefused as refused:
        messages.info(request, str(refused))
    return redirect("students:to-confirm")


@require_http_methods(["GET", "POST", "DELETE"])
@allow("students.type")
def typed(request, student_id: int):
    """Words of a form that nobody has sent yet: kept, given back, let go. Each person has her own."""
    student, path = _student(student_id), request.GET.get("path", "")[:200]
    if request.method == "GET":
        found = typed_at(student, path, actor=request.user)
        fields, draft = found or (None, None)
        return JsonResponse({"fields": fields, "saved_at": draft and moment(timezone.localtime(draft.saved_at))})
    if request.method == "DELETE":
        forget_typed(path, actor=request.user)
        return JsonResponse({"fields": None})
    try:
        draft = keep_typed(student, path, json.loads(request.body), actor=request.user)
    except (DraftRefused, ValueError):
        return JsonResponse({"error": "草稿没有保存：内容过长或格式不对。"}, status=422)
    return JsonResponse({"saved_at": moment(timezone.localtime(draft.saved_at))})
