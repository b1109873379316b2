"""manage.py close_sittings: what the sweep does, by hand and at once."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.actions.closing import close_overdue_sittings


class Command(BaseCommand):
    help = "End begun sittings of ended screenings as incomplete, flag critical answers. Needs XINYU_PROCESS=worker."

    def handle(self, *args, **options):
        self.stdout.write(f"{close_overdue_sittings(timezone.now())} 份未交卷的作答已结束并记录。")
