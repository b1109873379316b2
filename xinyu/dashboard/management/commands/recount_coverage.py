"""`manage.py recount_coverage`: count from zero, compare with what the boards show, put it right."""

import json
from dataclasses import asdict

from django.core.management.base import BaseCommand

from xinyu.access.actor import acting_as
from xinyu.dashboard.counting import recount_everything
from xinyu.dashboard.tasks import STATISTICS


class Command(BaseCommand):
    help = "从头统计一遍完成情况，与看板上的数字比较并更正。"

    def handle(self, *args, **options) -> None:
        with acting_as(STATISTICS):
            found = recount_everything()
        self.stdout.write(json.dumps(asdict(found)))
