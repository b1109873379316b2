"""manage.py import_roster FILE --school CODE [--commit] [--as USERNAME]: the preview as JSON; exit 2 on a refusal."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post, User
from xinyu.lib.spreadsheets import SpreadsheetError
from xinyu.organisations.models import School
from xinyu.students.actions import ImportRefused, import_roster
from xinyu.students.importers import read_roster
from xinyu.students.previews import as_json
from xinyu.students.roster import RosterRefused


def refused(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=2)


class Command(BaseCommand):
    help = "Preview or import a roster of students (.xlsx, .csv)."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--school", required=True, help="code of the school")
        parser.add_argument("--commit", action="store_true", help="write it, if nothing needs correcting")
        parser.add_argument("--as", dest="username", default="", help="user name of a counselor of the school")
        parser.add_argument("--create-classes", action="store_true", help="make classes that the school lacks")

    def handle(self, *args, **options):
        school = School.objects.filter(code=options["school"]).first()
        if school is None:
            raise refused(f"没有标识码为 {options['school']} 的学校")
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise refused(f"无法读取文件 {options['file']}：{error.strerror}") from error
        with acting_as(self.counselor(school, options["username"])) as name:
            actor = User.objects.get(pk=int(name.partition(":")[2]))
            try:
                reading = read_roster(
                    school,
                    data,
                    options["file"].name,
                    on=timezone.localdate(),
                    creates_klasses=options["create_classes"],
                )
                shown = as_json(reading)
                if options["commit"]:
                    shown["import"] = import_roster(reading, data, options["file"].name, actor=actor).pk
            except (SpreadsheetError, RosterRefused) as error:
                raise refused(str(error)) from error
            except ImportRefused as error:
                self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1))
                raise refused(str(error)) from error
        self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1))

    def counselor(self, school: School, username: str) -> User:
        """The named person, or the first with a live counselor's post at the school, found with that person's eyes."""
        people = User.objects.filter(is_active=True).order_by("pk")
        for user in people.filter(username=username) if username else people.exclude(username=""):
            with acting_as(user):
                posts = Post.objects.filter(user=user, role="counselor", school=school, approved_at__isnull=False)
                if posts.filter(revoked_at=None).exists():
                    return user
        raise refused(f"{school.name} 没有在岗的心理教师" + (f"“{username}”" if username else ""))
