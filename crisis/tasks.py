"""Sweeps of this app."""

from celery import shared_task

from crisis.actions.chain import climb_chains


@shared_task(name="crisis.climb_chains")
def climb_chains_task() -> int:
    """Steps that nobody answered in time move up."""
    return climb_chains()
