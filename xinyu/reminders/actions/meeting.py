"""What has been met stops at once: the dues, and what was said about them and lies unread."""

from django.db.models import QuerySet
from django.utils import timezone

from xinyu.reminders.models import Due, Notice


def meet(dues: QuerySet[Due]) -> int:
    """Mark those in the actor's sight; how many were still open."""
    now = timezone.now()
    ids = list(dues.filter(met_at__isnull=True).values_list("pk", flat=True))
    if not ids:
        return 0
    Notice.objects.filter(due__in=ids, read_at__isnull=True).update(read_at=now)
    return Due.objects.filter(pk__in=ids, met_at__isnull=True).update(met_at=now)
