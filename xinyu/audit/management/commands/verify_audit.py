from django.core.management.base import BaseCommand, CommandError

from xinyu.access.postgres.base import as_owner
from xinyu.audit.verify import verify


class Command(BaseCommand):
    help = "Walk the audit chain and report the first break."

    def handle(self, **options):
        with as_owner():
            verdict = verify()
        if not verdict.is_sound:
            raise CommandError(f"broken at (link, entry) {verdict.broken}, {verdict.unlinked} entries without a link")
        self.stdout.write(f"{verdict.entries} entries, chain sound, head {verdict.head[:16]}")
