"""The Celery application. Tasks carry ids only; every task names its actor with `acting_as`."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinyu.settings")
os.environ.setdefault("XINYU_PROCESS", "worker")
app = Celery("xinyu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def refuse_to_start_unsealed(**kwargs) -> None:
    from xinyu.startup import refuse_to_start

    refuse_to_start()
