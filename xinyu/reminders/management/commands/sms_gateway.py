"""manage.py sms_gateway USERNAME --template FILE --secret-file FILE [--school CODE]: how short messages are sent."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post, User
from xinyu.organisations.models import County, School
from xinyu.reminders.delivery.actions import set_gateway
from xinyu.reminders.delivery.signing import GatewayRefused


class Command(BaseCommand):
    help = (
        "登记短信网关：JSON 模板含 url、method、headers、body，占位符 {phone} {text} {key}；密钥从文件读取，加密保存。"
    )

    def add_arguments(self, parser):
        parser.add_argument("username", help="县区专干的用户名，以其名义登记")
        parser.add_argument("--template", required=True, type=Path)
        parser.add_argument("--secret-file", required=True, type=Path)
        parser.add_argument("--school", default="", help="学校标识码：只给一所学校用")

    def handle(self, *args, **options):
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(f"没有用户“{options['username']}”", returncode=2)
        with acting_as(user):
            county = County.objects.filter(pk__in=officer_at(user)).first()
            if county is None:
                raise CommandError("只有县区专干可以登记本县区的短信网关。", returncode=2)
            school = School.objects.filter(county=county, code=options["school"]).first()
            if options["school"] and school is None:
                raise CommandError(f"本县区没有学校“{options['school']}”", returncode=2)
            row = register(user, county, school, options["template"], options["secret_file"])
        self.stdout.write(f"已登记，编号 {row.pk}")


def officer_at(user: User) -> list[int]:
    """Counties where the person is the officer; the row's seal asks again whether that holds today."""
    posts = Post.objects.filter(user=user, role="county_officer", county__isnull=False)
    return [county for county in posts.values_list("county_id", flat=True) if county]


def register(user: User, county: County, school: School | None, template: Path, secret_file: Path):
    try:
        values = json.loads(template.read_text(encoding="utf-8"))
        return set_gateway(county, values, secret_file.read_text(encoding="utf-8").strip(), by=user, school=school)
    except OSError as error:
        raise CommandError(f"读不了文件 {error.filename}：{error.strerror}", returncode=2) from error
    except (json.JSONDecodeError, GatewayRefused) as error:
        raise CommandError(f"模板不能用：{error}", returncode=2) from error
