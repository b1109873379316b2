"""Staff accounts and posts. A post gives sight, so three people stand behind it: holder, grantor, approver."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, Value, When
from django.utils import timezone

from xinyu.access.actor import current_user_id
from xinyu.access.posts import live_posts
from xinyu.access.roles import ADMINISTRATORS, LEVELS, ROLES
from xinyu.audit.entries import record

from .models import ApiToken, Post, User
from .tokens import new_token

#: parts of the data that a token can be issued for
SCOPES = ("organisations", "coverage")


class PostRefused(Exception):
    """Why a post was not granted, approved or revoked, as a Chinese sentence."""


@transaction.atomic
def create_staff(username: str, name: str, password: str, *, is_demo: bool = False) -> User:
    """An account without any post: it can log in and sees nothing."""
    user = User(username=username, name=name, is_demo=is_demo)
    user.set_password(password)
    user.save()
    record("accounts.create_staff", subject=user)
    return user


def path_of(place) -> dict[str, Any]:
    """{'klass': …, 'grade': …, 'school': …, 'county': …, 'city': …} from a place upwards; absent below it."""
    path: dict[str, Any] = {}
    node, level = place, place._meta.model_name
    for name in LEVELS[LEVELS.index(level) :]:
        path[name] = node
        above = LEVELS[LEVELS.index(name) + 1 :]
        node = getattr(node, above[0]) if above else None
    return path


@transaction.atomic
def grant_post(user: User, role: str, place, *, valid_from: date, valid_to: date | None = None, actor: User) -> Post:
    """A post that counts once somebody else approves it. `place` is the city, county, school, grade or class."""
    if place._meta.model_name != ROLES[role].level:
        raise PostRefused(f"{ROLES[role].label}的岗位范围不对。")
    if user.pk == actor.pk:
        raise PostRefused("不能给自己授权。")
    if valid_to is not None and valid_to <= valid_from:
        raise PostRefused("结束日期要晚于开始日期。")
    if _would_mix_administrators(user, role, valid_from, valid_to):
        raise PostRefused("系统、安全、审计管理员须由三人分别担任，也不兼任其他岗位。")
    path = path_of(place)
    if current_user_id() is not None and path["city"].pk not in {post.city_id for post in live_posts()}:
        raise PostRefused("这个地方不在您的管理范围内。")
    post = Post.objects.create(user=user, role=role, valid_from=valid_from, valid_to=valid_to, granted_by=actor, **path)
    record("accounts.grant_post", subject=post, school_id=post.school_id, detail={"role": role, "user": user.pk})
    return post


def _would_mix_administrators(user: User, role: str, start: date, end: date | None) -> bool:
    """三员分立 (GB/T 22239-2019, 8.1.4); the database refuses it too (post_administrators_apart)."""
    kind = Case(When(role__in=ADMINISTRATORS, then="role"), default=Value("staff"), output_field=CharField())
    others = Post.objects.annotate(kind=kind).filter(user=user, revoked_at__isnull=True)
    others = others.exclude(kind=role if role in ADMINISTRATORS else "staff").exclude(valid_to__lte=start)
    return (others.filter(valid_from__lt=end) if end else others).exists()


def _locked(post: Post) -> Post:
    return Post.objects.select_for_update().get(pk=post.pk)


@transaction.atomic
def approve_post(post: Post, *, actor: User) -> Post:
    """The second pair of eyes: neither the holder nor the grantor (未成年人网络保护条例 §36)."""
    post = _locked(post)
    if post.approved_at is not None or post.revoked_at is not None:
        raise PostRefused("这个岗位已经处理过了。")
    if actor.pk in (post.user_id, post.granted_by_id):
        raise PostRefused("批准人不能是本人，也不能是授权人，请由第三个人批准。")
    post.approved_by, post.approved_at = actor, timezone.now()
    post.save(update_fields=["approved_by", "approved_at"])
    record("accounts.approve_post", subject=post, school_id=post.school_id, detail={"role": post.role})
    return post


@transaction.atomic
def revoke_post(post: Post, *, actor: User) -> Post:
    """Ends sight with the holder's next request."""
    post = _locked(post)
    if post.revoked_at is not None:
        raise PostRefused("这个岗位已经撤销过了。")
    post.revoked_by, post.revoked_at = actor, timezone.now()
    post.save(update_fields=["revoked_by", "revoked_at"])
    record("accounts.revoke_post", subject=post, school_id=post.school_id, detail={"role": post.role})
    return post


@transaction.atomic
def issue_token(user: User, name: str, scopes: Iterable[str], expires_on: date) -> str:
    """A read-only token that shows what the person's posts show; returned once, only its hash is kept."""
    token, kept = new_token()
    row = ApiToken.objects.create(
        user=user, name=name, digest=kept, scope=" ".join(sorted(set(scopes) & set(SCOPES))), expires_on=expires_on
    )
    record("accounts.issue_token", subject=row, detail={"scope": row.scope, "expires_on": str(expires_on)})
    return token
