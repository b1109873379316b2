"""Sweeps of this app."""

from celery import shared_task

from xinyu.access.actor import acting_as

from .drafts import drop_expired
from .typing import drop_old_typed


@shared_task(name="students.drop_expired_drafts")
def drop_expired_drafts() -> int:
    with acting_as("system:housekeeping"):
        return drop_expired() + drop_old_typed()
