"""Who can be asked to help at a school."""

from django.db import connection

from xinyu.access.roles import ROLES
from xinyu.accounts.models import User


def counselors(school_id: int) -> list[tuple[int, str]]:
    """[(user id, name)] of the school's counselors; empty for somebody else's school."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person FROM access_school_staff(%s) WHERE post = 'counselor'", [school_id])
        found = [row[0] for row in cursor.fetchall()]
    rows = User.objects.filter(pk__in=found, is_active=True).order_by("name", "pk")
    return list(rows.values_list("pk", "name"))


def staff_of(school_id: int) -> set[int]:
    """Ids of people with a live post at the school; empty for somebody else's school."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person FROM access_school_staff(%s)", [school_id])
        return {row[0] for row in cursor.fetchall()}


def colleagues(school_id: int) -> list[tuple[int, str]]:
    """[(user id, '姓名（岗位）')] of people with a live post at the school; empty for somebody else's school."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, post FROM access_school_staff(%s)", [school_id])
        posts = dict(cursor.fetchall())
    people = User.objects.filter(pk__in=posts, is_active=True).order_by("name", "pk")
    return [(person.pk, f"{person.name}（{ROLES[posts[person.pk]].label}）") for person in people]


def staff_names(school_id: int) -> list[str]:
    """Names of everybody with a live post at the school; empty for somebody else's school."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person FROM access_school_staff(%s)", [school_id])
        found = [row[0] for row in cursor.fetchall()]
    return list(User.objects.filter(pk__in=found).values_list("name", flat=True))
