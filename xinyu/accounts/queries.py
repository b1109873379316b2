"""Posts: which count on a day, and as a page lists them."""

from datetime import date

from django.db.models import Q, QuerySet

from xinyu.ui.frame import Fact

from .models import Post, User

WAITING = Fact("待批准", "hourglass", "notice")
LIVE = Fact("有效", "circle-check", "good")
FUTURE = Fact("未开始", "clock", "neutral")
ENDED = Fact("已到期", "clock", "neutral")
REVOKED = Fact("已撤销", "ban", "neutral")


def state_of(post: Post, on: date) -> Fact:
    """What a post is on a day, by the same facts that row sight reads."""
    if post.revoked_at is not None:
        return REVOKED
    if post.approved_at is None:
        return WAITING
    if post.valid_from > on:
        return FUTURE
    return ENDED if post.valid_to is not None and post.valid_to <= on else LIVE


def posts(text: str = "", *, only_waiting: bool = False) -> QuerySet[Post]:
    """Posts in sight, those that wait for approval first, newest first."""
    rows = Post.objects.select_related(
        "user", "granted_by", "approved_by", "klass__grade", "grade", "school", "county", "city"
    )
    if text:
        rows = rows.filter(Q(user__name__startswith=text) | Q(user__username__startswith=text))
    if only_waiting:
        rows = rows.filter(approved_at=None, revoked_at=None)
    return rows.order_by("-granted_at", "-id")


def waiting_for(user: User) -> QuerySet[Post]:
    """Posts that this person may approve: not the holder's, not the grantor's own."""
    return Post.objects.filter(approved_at=None, revoked_at=None).exclude(user=user).exclude(granted_by=user)


def accounts(text: str = "") -> QuerySet[User]:
    """Every account, also stopped ones; `text`: part of a name or user name."""
    found = User.objects.order_by("name", "username")
    return found.filter(Q(name__contains=text) | Q(username__icontains=text)) if text else found


def staff() -> QuerySet[User]:
    return User.objects.filter(is_active=True).order_by("name", "username")


def posts_on(day: date) -> QuerySet[Post]:
    """Posts of people with an open account that count on the day, in the reader's sight: row sight's own rule."""
    live = Post.objects.filter(
        approved_at__isnull=False, revoked_at__isnull=True, valid_from__lte=day, user__is_active=True
    )
    return live.exclude(valid_to__lte=day)
