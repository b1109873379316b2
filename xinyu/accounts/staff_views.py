"""The system administrator's page: accounts, their passwords, whether they may log in. No student, no post."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from xinyu.access.allow import allow

from . import actions, queries
from .confirm import confirmed_to_press
from .models import User

PER_PAGE = 50


@require_GET
@allow("accounts.manage_accounts")
def staff_list(request):
    text = request.GET.get("q", "").strip()[:40]
    page = Paginator(queries.accounts(text), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/staff_list.html", {"page": page, "q": text, "me": request.user.pk})


@require_POST
@allow("accounts.manage_accounts")
@confirmed_to_press
def staff_reset(request, user_id: int):
    """The new password is on this one page and nowhere else."""
    user = get_object_or_404(User, pk=user_id)
    try:
        password = actions.reset_password(user, actor=request.user)
    except actions.PostRefused as error:
        messages.error(request, str(error))
        return redirect("accounts:staff-list")
    return render(request, "accounts/staff_password.html", {"person": user, "password": password})


@require_POST
@allow("accounts.manage_accounts")
@confirmed_to_press
def staff_toggle(request, user_id: int):
    user = get_object_or_404(User, pk=user_id)
    try:
        actions.set_active(user, not user.is_active, actor=request.user)
        messages.success(request, "已恢复使用。" if user.is_active else "已停用，本人下一次打开页面时失效。")
    except actions.PostRefused as error:
        messages.error(request, str(error))
    return redirect("accounts:staff-list")
