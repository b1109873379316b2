"""Log-ins of the demo and their posts, each granted by one person and approved by a third."""

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post, User
from xinyu.audit.entries import record

from ..logins import PASSWORD
from ..stage import DEMO, Stage
from ..world import Member, SchoolWorld


def appoint_people(stage: Stage) -> None:
    world = stage.world
    members = [m for one in world.schools for m in one.staff]
    members += [m for people in world.county_staff.values() for m in people] + list(world.city_staff)
    hashed = make_password(PASSWORD)  # once: Argon2 is slow on purpose
    with acting_as(DEMO):
        users = User.objects.bulk_create(
            User(username=m.username, name=m.name, password=hashed, is_demo=True) for m in members
        )
        stage.users = {user.username: user for user in users}
        posts = Post.objects.bulk_create(_posts(stage))
        for post in posts:
            record("accounts.grant_post", subject=post, school_id=post.school_id, detail={"role": post.role})


def _posts(stage: Stage) -> list[Post]:
    posts = [_city_post(stage, member) for member in stage.world.city_staff]
    for code, people in stage.world.county_staff.items():
        path = {"city": stage.city, "county": stage.counties[code]}
        posts += [_post(stage, member, "city1", path) for member in people]
    for one in stage.world.schools:
        posts += _school_posts(stage, one)
    return posts


def _city_post(stage: Stage, member: Member) -> Post:
    """The security administrator grants, the city officer approves; their own posts go the other way round."""
    granter, approver = ("city1", "audit1") if member.username == "security1" else ("security1", "city1")
    if member.username == "city1":
        granter, approver = "security1", "audit1"
    return _post(stage, member, approver, {"city": stage.city}, granter)


def _school_posts(stage: Stage, one: SchoolWorld) -> list[Post]:
    plan = one.school
    principal = next(m.username for m in one.staff if m.role == "principal")
    officer = next(m.username for m in stage.world.county_staff[plan.county] if m.role == "county_officer")
    path = {"city": stage.city, "county": stage.counties[plan.county], "school": stage.schools[plan.code]}
    posts = []
    for member in one.staff:
        place = dict(path)
        if member.grade:
            place["grade"] = stage.grades[plan.code, *member.grade]
        if member.klass and member.grade:
            place["klass"] = stage.klasses[plan.code, *member.grade, member.klass]
        posts.append(_post(stage, member, officer if member.username == principal else principal, place))
    return posts


def _post(stage: Stage, member: Member, approver: str, place: dict, granter: str = "security1") -> Post:
    since: date = stage.world.today - timedelta(days=500)
    return Post(
        user=stage.users[member.username], role=member.role, valid_from=since, granted_by=stage.users[granter],
        approved_by=stage.users[approver], approved_at=timezone.now(), **place,
    )  # fmt: skip
