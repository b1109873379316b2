"""Sweeps of this app."""

from celery import shared_task
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone


@shared_task(name="accounts.forget_ended_sessions")
def forget_ended_sessions() -> int:
    """Delete sessions that are over: one may still say who sat at which questionnaire. Returns how many."""
    with transaction.atomic():
        return Session.objects.filter(expire_date__lte=timezone.now()).delete()[0]
