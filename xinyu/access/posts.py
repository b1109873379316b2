"""The live posts of the person who acts, read through the same dates that row sight uses."""

from dataclasses import dataclass

from django.db import connection

from .permissions import roles_for
from .roles import ROLES
from .sql import LIVE_POST


@dataclass(frozen=True)
class LivePost:
    """One post that counts today: role code, the id of its place, the places above it (None where there is none)."""

    role: str
    place_id: int
    klass_id: int | None
    grade_id: int | None
    school_id: int | None
    county_id: int | None
    city_id: int
    #: where the post stands, in words: 第三中学 2025级1班, 甲县
    place_name: str = ""

    @property
    def label(self) -> str:
        return ROLES[self.role].label


def live_posts() -> tuple[LivePost, ...]:
    """Posts of the acting user, most local first. Call inside `acting_as(user)`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT role, place_id, klass_id, grade_id, school_id, county_id, city_id, concat_ws(' ', coalesce(
                (SELECT name FROM organisations_school WHERE id = school_id),
                (SELECT name FROM organisations_county WHERE id = county_id),
                (SELECT name FROM organisations_city WHERE id = city_id)),
              (SELECT entry_year || '级' FROM organisations_grade WHERE id = grade_id) ||
              coalesce((SELECT name FROM organisations_klass WHERE id = klass_id), ''))
            FROM accounts_post WHERE user_id = access_user() AND {LIVE_POST}
            ORDER BY klass_id IS NULL, school_id IS NULL, county_id IS NULL, role, id"""  # noqa: S608 - constant text
        )
        return tuple(LivePost(*row) for row in cursor.fetchall())


def schools_with(posts, verb: str) -> set[int]:
    """Ids of schools at which one of `posts` carries the verb."""
    return {post.school_id for post in posts if post.school_id and post.role in roles_for(verb)}
