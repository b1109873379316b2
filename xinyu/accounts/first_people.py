"""The first three administrators of an empty installation: each granted by one of the others, approved by the third."""

import secrets
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from xinyu.access.roles import ADMINISTRATORS
from xinyu.audit.entries import record
from xinyu.organisations.models import City

from .actions import PostRefused, create_staff
from .models import Post, User


@transaction.atomic
def appoint_administrators(city: City, people: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """`people`: role → (user name, name), all three. Returns user name → first password, to be handed over once.

    Call as system:posts. Raises PostRefused when a city has administrators already or the three are not three.
    """
    if set(people) != set(ADMINISTRATORS) or len({username for username, _ in people.values()}) != len(ADMINISTRATORS):
        raise PostRefused("系统、安全、审计管理员须由三个人担任，三人都要写明。")
    if Post.objects.filter(city=city, role__in=ADMINISTRATORS, revoked_at__isnull=True).exists():
        raise PostRefused(f"{city.name}已有管理员，请由安全管理员在“岗位与授权”里办理。")
    passwords = {username: secrets.token_urlsafe(9) for username, _ in people.values()}
    users = {role: create_staff(username, name, passwords[username]) for role, (username, name) in people.items()}
    for place, role in enumerate(ADMINISTRATORS):
        others = [users[ADMINISTRATORS[(place + step) % len(ADMINISTRATORS)]] for step in (1, 2)]
        _appoint(users[role], role, city, *others)
    return passwords


def _appoint(user: User, role: str, city: City, grantor: User, approver: User) -> None:
    now = timezone.now()
    post = Post.objects.create(
        user=user,
        role=role,
        city=city,
        valid_from=timezone.localdate(now),
        granted_by=grantor,
        approved_by=approver,
        approved_at=now,
    )
    record("accounts.appoint_administrator", subject=post, detail={"role": role, "user": user.pk})
