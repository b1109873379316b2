"""The doorbell of the sweeps: beat rings every SWEEP_SECONDS; `manage.py watch` looks when nobody rings."""

from celery import shared_task

from xinyu.reminders.delivery.sweeping import sweep_deliveries
from xinyu.reminders.sweeps import run_sweeps


@shared_task(name="reminders.sweep")
def sweep() -> dict[str, str]:
    return run_sweeps("worker")


@shared_task(name="reminders.deliver")
def deliver() -> str:
    """One of the sweeps, and by itself where somebody waits for a test message."""
    return sweep_deliveries()
