"""Sweeps of this app."""

from celery import shared_task

from crisis.actions.acute import chase_acute_talks
from crisis.actions.chain import climb_chains


@shared_task(name="crisis.climb_chains")
def climb_chains_task() -> int:
    """Steps that nobody answered in time move up."""
    return climb_chains()


@shared_task(name="crisis.chase_acute_talks")
def chase_acute_talks_task() -> int:
    """Acute talks without a level ask the next person."""
    return chase_acute_talks()
