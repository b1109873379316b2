"""`python -m tests.faults.sweep_once DAY`: one sweep of dues as a process of its own, as if it were that day."""

import os
import sys
from datetime import date

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinyu.settings")
django.setup()

if __name__ == "__main__":
    from xinyu.reminders.actions.sweeping import sweep_dues

    print(sweep_dues(date.fromisoformat(sys.argv[1])))
