from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction

from xinyu.access.actor import acting_as
from xinyu.access.roles import ROLES
from xinyu.accounts.actions import PostRefused
from xinyu.accounts.first_people import appoint_administrators
from xinyu.organisations.actions import create_city, create_county, create_school
from xinyu.organisations.choices import Locality, SchoolKind
from xinyu.organisations.models import County


class Command(BaseCommand):
    """An empty installation's first city. Needs the worker's log-in: XINYU_PROCESS=worker manage.py set_up_city …"""

    help = "建立一个市及其区县、学校和三位管理员；管理员的初始密码只显示这一次。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("city", help="市的名称")
        parser.add_argument("--county", nargs=2, action="append", default=[], metavar=("CODE", "NAME"))
        parser.add_argument(
            "--school", nargs=5, action="append", default=[], metavar=("CODE", "NAME", "COUNTY", "KIND", "LOCALITY")
        )
        parser.add_argument(
            "--administrator", nargs=3, action="append", default=[], metavar=("ROLE", "USERNAME", "NAME")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic(), acting_as("system:posts"):
                passwords = self._set_up(options)
        except (PostRefused, County.DoesNotExist, ValueError, DatabaseError) as refused:
            raise CommandError(f"没有建立任何内容：{refused}") from refused
        for username, password in passwords.items():
            self.stdout.write(f"{username}\t{password}")

    def _set_up(self, options: dict[str, Any]) -> dict[str, str]:
        city = create_city(options["city"])
        for code, name in options["county"]:
            create_county(city, code, name)
        for code, name, county, kind, locality in options["school"]:
            if kind not in SchoolKind.values or locality not in Locality.values:
                raise ValueError(f"{name}的类型须是 {SchoolKind.values}，城乡须是 {Locality.values}")
            create_school(County.objects.get(code=county), code, name, kind, locality)
        people = {role: (username, name) for role, username, name in options["administrator"] if role in ROLES}
        return appoint_administrators(city, people) if options["administrator"] else {}
