"""What has been met stops at once: the dues, and what was said about them and lies unread."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from xinyu.reminders.models import Due, Notice

BUREAU = ("county_officer", "city_officer")


def meet(dues: QuerySet[Due]) -> int:
    """Mark those in the actor's sight; how many were still open."""
    ids = list(dues.filter(met_at__isnull=True).values_list("pk", flat=True))
    met = Due.objects.filter(pk__in=ids, met_at__isnull=True).update(met_at=timezone.now()) if ids else 0
    _be_quiet_about(ids)
    return met


def call_off(dues: QuerySet[Due]) -> int:
    """Nobody owes them any more; how many were open. They are not met: no fact is claimed."""
    ids = list(dues.filter(met_at__isnull=True, called_off_at__isnull=True).values_list("pk", flat=True))
    gone = Due.objects.filter(pk__in=ids, met_at__isnull=True).update(called_off_at=timezone.now()) if ids else 0
    _be_quiet_about(ids)
    return gone


def _be_quiet_about(ids: list[int]) -> None:
    """What was said about these dues and lies unread."""
    if not ids:
        return
    now = timezone.now()
    about_schools = Q(due__role__in=BUREAU, due__school__isnull=False)
    unread = Notice.objects.filter(read_at__isnull=True)
    unread.filter(due__in=ids).exclude(about_schools).update(read_at=now)
    # an officer is told of several schools in one message: it is over when the last of them is
    same = Due.objects.open().filter(
        user=OuterRef("due__user"), county=OuterRef("due__county"), season=OuterRef("due__season"),
        obligation=OuterRef("due__obligation"), school__isnull=False,
    )  # fmt: skip
    seasons = Due.objects.filter(pk__in=ids).values("season")
    unread.filter(about_schools, ~Exists(same), due__season__in=seasons).update(read_at=now)
