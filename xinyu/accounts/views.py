"""Posts: who holds which, grant, approve, revoke; accounts of staff."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinyu.access.allow import allow, may
from xinyu.access.permissions import roles_for
from xinyu.access.roles import ROLES

from . import actions, queries
from .confirm import confirmed_to_open, confirmed_to_press
from .forms import GrantForm, RoleForm, StaffForm
from .models import Post

PER_PAGE = 50


@require_GET
@allow("accounts.see_posts")
def post_list(request):
    text, only_waiting = request.GET.get("q", "").strip()[:40], request.GET.get("waiting") == "1"
    page = Paginator(queries.posts(text, only_waiting=only_waiting), PER_PAGE).get_page(request.GET.get("page"))
    on, me = timezone.localdate(), request.user.pk
    may_approve, may_grant = may(request, "accounts.approve_post"), may(request, "accounts.grant_post")
    rows = [
        {
            "post": post,
            "role": ROLES[post.role].label,
            "state": queries.state_of(post, on),
            "can_approve": may_approve
            and not post.approved_at
            and not post.revoked_at
            and me not in (post.user_id, post.granted_by_id),
            "can_revoke": may_grant and not post.revoked_at,
        }
        for post in page
    ]
    context = {"rows": rows, "page": page, "q": text, "only_waiting": only_waiting, "may_grant": may_grant}
    return render(request, "accounts/post_list.html", context)


def _cities(request) -> set[int]:
    return {post.city_id for post in request.posts if post.role in roles_for("accounts.grant_post")}


@require_http_methods(["GET", "POST"])
@allow("accounts.grant_post")
@confirmed_to_open
def post_grant(request):
    """GET without role: step one. GET with role (and school): the form. POST keeps both in the address."""
    cities = _cities(request)
    chosen = RoleForm(request.GET or None, cities=cities)
    if not chosen.is_valid():
        status = 422 if chosen.is_bound and chosen.errors else 200
        return render(request, "accounts/post_role.html", {"form": chosen}, status=status)
    role, school = chosen.cleaned_data["role"], chosen.cleaned_data["school"]
    form = GrantForm(request.POST or None, role=role, cities=cities, school=school)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.grant_post(data.pop("user"), role, data.pop("place"), actor=request.user, **data)
        except actions.PostRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "已授权，等第三个人批准后生效。")
            return redirect("accounts:post-list")
    context = {"form": form, "role": ROLES[role], "school": school}
    return render(request, "accounts/post_grant.html", context, status=422 if form.errors else 200)


def _do(request, post_id: int, action, done: str):
    post = get_object_or_404(Post, pk=post_id)
    try:
        action(post, actor=request.user)
        messages.success(request, done)
    except actions.PostRefused as error:
        messages.error(request, str(error))
    return redirect("accounts:post-list")


@require_POST
@allow("accounts.approve_post")
@confirmed_to_press
def post_approve(request, post_id: int):
    return _do(request, post_id, actions.approve_post, "已批准，本人下一次打开页面时生效。")


@require_POST
@allow("accounts.grant_post")
@confirmed_to_press
def post_revoke(request, post_id: int):
    return _do(request, post_id, actions.revoke_post, "已撤销，本人下一次打开页面时失效。")


@require_http_methods(["GET", "POST"])
@allow("accounts.grant_post")
@confirmed_to_open
def staff_create(request):
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = actions.create_staff(**form.cleaned_data)
        messages.success(request, f"已建立账号“{user.username}”，还没有岗位，看不到任何内容。")
        return redirect("accounts:post-list")
    return render(request, "accounts/staff_create.html", {"form": form}, status=422 if form.errors else 200)
