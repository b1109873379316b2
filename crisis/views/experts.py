"""The bureau's experts: the directory, and which expert looks at which hand-over until when."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crisis.actions.experts import ExpertValues, add_expert, assign_expert, change_expert, end_access, own_county
from crisis.forms.experts import AssignForm, ExpertForm, NewExpertForm
from crisis.models import Expert, ExpertAccess
from crisis.queries import chain as queries
from crisis.queries.experts import directory
from crisis.refusals import CaseRefusedError
from xinyu.access.allow import allow
from xinyu.audit.entries import record
from xinyu.ui.frame import Crumb
from xinyu.vault.fields import reveal


@require_GET
@allow("crisis.keep_experts")
def expert_list(request):
    record("crisis.see_experts", subject="crisis_expert")
    return render(request, "crisis/expert_list.html", {"lines": directory(timezone.localdate())})


def _form(request, form, act, *, said: str, to: str, page: dict):
    """Show the form or do what it says; a refusal stands over it and nothing that was typed is lost."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(form.cleaned_data)
            except CaseRefusedError as why:
                form.add_error(None, str(why))
                status = 409
            else:
                messages.success(request, said)
                return redirect(to)
    return render(request, "crisis/expert_form.html", page | {"form": form, "back": to}, status=status)


def _crumbs(here: str) -> list[Crumb]:
    return [Crumb("专家名录", reverse("crisis:expert-list")), Crumb(here)]


@require_http_methods(["GET", "POST"])
@allow("crisis.keep_experts")
def expert_new(request):
    def act(said):
        user_id = said.pop("user_id")
        add_expert(ExpertValues(**said), actor=request.user, user_id=user_id)

    form = NewExpertForm(request.POST or None, county_id=own_county().pk)
    page = {"heading": "添加专家", "button": "保存", "crumbs": _crumbs("添加专家")}
    return _form(request, form, act, said="已加入专家名录。", to=reverse("crisis:expert-list"), page=page)


@require_http_methods(["GET", "POST"])
@allow("crisis.keep_experts")
def expert_edit(request, expert_id):
    expert = get_object_or_404(Expert.objects.select_related("user"), pk=expert_id)
    initial = {name: getattr(expert, name) for name in ("speciality", "organisation", "active_until")}
    form = ExpertForm(request.POST or None, initial=initial | {"contact": reveal(expert, "contact")})

    def act(said):
        change_expert(expert, ExpertValues(**said), actor=request.user)

    page = {"heading": expert.user.name, "button": "保存", "crumbs": _crumbs(expert.user.name)}
    return _form(request, form, act, said="已更新。", to=reverse("crisis:expert-list"), page=page)


@require_http_methods(["GET", "POST"])
@allow("crisis.assign_expert")
def expert_assign(request, handover_id):
    row = get_object_or_404(queries.handovers(), pk=handover_id)
    form = AssignForm(request.POST or None, handover=row)

    def act(said):
        expert = form.experts[said["expert_id"]]
        assign_expert(row, actor=request.user, expert=expert, until_on=said["until_on"], ask=said["ask"])

    here = reverse("crisis:handover-page", args=[row.pk])
    page = {
        "heading": "请专家支持",
        "lead": "专家只看到这一份移交：学校、级别、事由，红色时还有姓名和班级。到期自动看不到，查看都有记录。",
        "button": "请专家支持",
        "crumbs": [Crumb("学校移交", reverse("crisis:handover-list")), Crumb(f"移交 {row.pk}", here), Crumb("专家")],
    }
    return _form(request, form, act, said="已请专家支持，专家会收到消息。", to=here, page=page)


@require_POST
@allow("crisis.assign_expert")
def access_end(request, handover_id, access_id):
    row = get_object_or_404(queries.handovers(), pk=handover_id)
    access = get_object_or_404(ExpertAccess.objects.select_related("handover"), pk=access_id, handover=row)
    try:
        end_access(access, actor=request.user)
    except CaseRefusedError as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "已结束，专家不再看到这份移交。")
    return redirect("crisis:handover-page", row.pk)
