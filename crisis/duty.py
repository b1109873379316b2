"""Whose job a thing is at one school: the acting person's posts there, read from the live grants."""

from django.core.exceptions import PermissionDenied

from xinyu.access.permissions import roles_for
from xinyu.access.posts import live_posts, schools_with

NOT_YOURS = "这一步由本校别的岗位负责。系统没有做任何改动。"


def roles_in(school_id: int) -> frozenset[str]:
    """Every role that the acting person holds at this school, in one question: ask once for several verbs."""
    return frozenset(post.role for post in live_posts() if post.school_id == school_id)


def roles_at(school_id: int, verb: str) -> list[str]:
    """Roles of the acting person at this school that carry the verb. Raises PermissionDenied when there are none.

    Sight may come from one post and the verb from another, at a different school: both must meet at this one.
    """
    roles = sorted(roles_in(school_id) & roles_for(verb))
    if not roles:
        raise PermissionDenied(NOT_YOURS)
    return roles


def schools_for(verb: str) -> set[int]:
    """Schools at which the acting person holds a post with the verb."""
    return schools_with(live_posts(), verb)
