"""`python -m tests.stories.climb_at MOMENT`: one sweep of the duty clock, a process of its own, as if it were then."""

import os
import sys
from datetime import datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinyu.settings")
django.setup()

if __name__ == "__main__":
    from crisis.actions.chain import climb_chains

    print(climb_chains(datetime.fromisoformat(sys.argv[1])))
