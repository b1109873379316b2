from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from xinyu.demo.logins import logins
from xinyu.demo.places import SIZES
from xinyu.demo.play import HalfPlayed, is_played, play


class Command(BaseCommand):
    help = "Fill an empty demo database with the city of one seed, or print the demo's log-ins."

    def add_arguments(self, parser):
        parser.add_argument("--size", choices=sorted(SIZES), default="normal")
        parser.add_argument("--logins", action="store_true", help="print role, user name, password and do nothing else")

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("This is no demo (XINYU_DEMO is not 1): demo people and log-ins stay out.")
        if options["logins"]:
            for label, username, password in logins():
                self.stdout.write(f"{label:\u3000<9}{username:<14}{password}")
            return
        try:
            has_data = is_played()
        except HalfPlayed as error:
            raise CommandError("An earlier demo was broken off half way; start with an empty database.") from error
        if has_data:
            self.stdout.write("There is data already; the demo leaves it as it is.")
            return
        students = play(options["size"], timezone.localdate())
        self.stdout.write(f"{students} invented students are ready.")
