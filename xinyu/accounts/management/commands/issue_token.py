"""manage.py issue_token USERNAME --name … --scope coverage --until 2027-08-31: prints the token, once."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from xinyu.access.actor import acting_as
from xinyu.accounts.actions import SCOPES, issue_token
from xinyu.accounts.models import User


class Command(BaseCommand):
    help = "Issue a read-only API token; only its hash is kept."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="what the token is for")
        parser.add_argument("--scope", nargs="+", choices=SCOPES, default=list(SCOPES))
        parser.add_argument("--until", required=True, type=date.fromisoformat, help="last day, as 2027-08-31")

    def handle(self, *args, **options):
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(f"没有用户“{options['username']}”", returncode=2)
        with acting_as(user):
            self.stdout.write(issue_token(user, options["name"], options["scope"], options["until"]))
