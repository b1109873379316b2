"""The platform's worker with the sweep of the duty clock taken out: what its fault test must notice."""

from crisis.apps import CrisisConfig
from xinyu.celery import app

CrisisConfig.sweeps = ()
__all__ = ["app"]
