from django.core.management.commands import migrate

from xinyu.access.postgres.base import as_owner


class Command(migrate.Command):
    """Only the owner changes the schema; the seals are written when the last app has migrated."""

    def handle(self, *args, **options):
        with as_owner(options["database"]):
            super().handle(*args, **options)
