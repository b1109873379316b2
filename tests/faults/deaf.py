"""The platform's worker with the sweeps of reminders taken out: what the fault test must notice."""

from xinyu.celery import app
from xinyu.reminders.apps import RemindersConfig

RemindersConfig.sweeps = ()
__all__ = ["app"]
