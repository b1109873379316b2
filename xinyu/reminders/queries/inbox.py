"""The person's own messages."""

from datetime import date

from django.db.models import Q

from xinyu.reminders.models import Notice


def inbox(today: date):
    """Those that are not put off; unread ones first, urgent before the rest."""
    shown = Notice.objects.filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=today))
    return shown.annotate(is_read=Q(read_at__isnull=False)).order_by("is_read", "-is_urgent", "-created_at", "-pk")
