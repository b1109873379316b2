"""The doorbell of the sweeps: beat asks every 30 seconds, `manage.py watch` when beat, Redis or the workers are gone."""

from celery import shared_task

from xinyu.reminders.sweeps import run_sweeps


@shared_task(name="reminders.sweep")
def sweep() -> dict[str, str]:
    return run_sweeps("worker")
