"""What the seals say, evaluated in Python over the rows: a second opinion on the policies that PostgreSQL enforces."""

from dataclasses import dataclass

from django.db import ProgrammingError, connection, models, transaction
from django.utils import timezone

from assessments.models import StaffRound, StaffSitting
from crisis.models import LEADERS, Case, ExpertAccess, Handover, NoteReader, Pair
from xinyu.access.actor import acting_as
from xinyu.access.postgres.base import as_owner
from xinyu.access.seal import KEYED, Seal, seal_of


@dataclass(frozen=True)
class Watcher:
    """An actor with the live posts [(role, {column: id})] that it ought to have."""

    name: str
    actor: str
    posts: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()


def live(post) -> bool:
    today = timezone.localdate()
    is_current = post.valid_from <= today and (post.valid_to is None or post.valid_to > today)
    return bool(post.approved_at and not post.revoked_at and is_current and post.user.is_active)


def watcher_of(user, posts) -> Watcher:
    held = []
    for post in posts:
        if live(post):
            places = {
                f"{level}_id": getattr(post, f"{level}_id") for level in ("klass", "grade", "school", "county", "city")
            }
            held.append((post.role, tuple(places.items())))
    return Watcher(user.username, f"user:{user.pk}", tuple(held))


LEVEL_COLUMN = {
    "homeroom": "klass_id",
    "grade_head": "grade_id",
    **dict.fromkeys(("teacher", "counselor", "moral_head", "vice_principal", "principal"), "school_id"),
    **dict.fromkeys(("station_counselor", "county_officer", "expert", "doctor"), "county_id"),
    **dict.fromkeys(("city_officer", "system_admin", "security_admin", "audit_admin"), "city_id"),
}


def _holds(row: dict, when: str) -> bool:
    column, _, timed = when.partition(">")
    return row[column] > timezone.now() if timed else bool(row[column])


def _kept_cases(watcher: Watcher) -> set[int]:
    """Cases that the watcher owns or is named for, while a post still shows them."""
    user = int(watcher.actor.split(":")[1])
    schools = {dict(places)["school_id"] for held, places in watcher.posts if held in LEADERS.split()}
    with acting_as("system:demo"):
        named = set(NoteReader.objects.filter(reader=user, ended_at=None).values_list("case_id", flat=True))
        rows = Case.objects.filter(school__in=schools).values_list("pk", "owner_id")
        return {pk for pk, owner in rows if owner == user or pk in named}


def _assignments(watcher: Watcher, column: str) -> set[int]:
    """What an expert with a live post of the county was given, while assignment, hand-over and directory say so."""
    counties = {dict(places)["county_id"] for held, places in watcher.posts if held == "expert"}
    user, now = int(watcher.actor.split(":")[1]), timezone.now()
    live = {"ended_at": None, "open_until__gt": now, "handover__returned_at": None, "handover__open_until__gt": now}
    with acting_as("system:demo"):
        rows = ExpertAccess.objects.filter(assignee=user, county__in=counties, **live)
        return set(rows.filter(expert__active_until__gte=timezone.localdate()).values_list(column, flat=True))


def _open_handovers(watcher: Watcher) -> set[int]:
    with acting_as("system:demo"):
        rows = list(Handover.objects.values())
    seal = seal_of(Handover)
    reached = reached_by(seal, watcher)
    return {row["id"] for row in rows if _staff_sees(seal, row, watcher, reached)}


def _helped_pairs(watcher: Watcher) -> set[int]:
    """Pairs whose helper the watcher is, while they last and a post at the school does."""
    user, today = int(watcher.actor.split(":")[1]), timezone.localdate()
    schools = {dict(places)["school_id"] for _, places in watcher.posts}
    with acting_as("system:demo"):
        rows = Pair.objects.filter(helper=user, ended_at=None, until_on__gte=today, school__in=schools)
        return set(rows.values_list("pk", flat=True))


SCHOOL_STAFF = ("teacher", "homeroom", "grade_head", "counselor", "moral_head", "vice_principal", "principal")


def _staff_rounds(watcher: Watcher) -> set[int]:
    """Rounds that were started for a school where the watcher works, or that she has taken part in."""
    schools = {str(dict(places)["school_id"]) for held, places in watcher.posts if held in SCHOOL_STAFF}
    with as_owner():
        rows = list(StaffRound.objects.filter(started_at__isnull=False))
        mine = set(StaffSitting.objects.filter(user=watcher.actor.split(":")[1]).values_list("round_id", flat=True))
    return {row.pk for row in rows if row.pk in mine or schools & set(row.schools)}


REACHED = {
    "access_staff_rounds": _staff_rounds,
    "access_kept_cases": _kept_cases,
    "access_assignments": lambda watcher: _assignments(watcher, "pk"),
    "access_assigned_handovers": lambda watcher: _assignments(watcher, "handover_id"),
    "access_open_handovers": _open_handovers,
    "access_helped_pairs": _helped_pairs,
}


def reached_by(seal: Seal, watcher: Watcher) -> list[tuple[str, set[int]]]:
    return [(column, REACHED[function](watcher)) for column, function in seal.reaches()]


def _staff_sees(seal: Seal, row: dict, watcher: Watcher, reached: list[tuple[str, set[int]]]) -> bool:
    if any(row[column] == int(watcher.actor.split(":")[1]) for column in (*seal.author.split(), *seal.reader.split())):
        return True
    if any(row[column] in ids for column, ids in reached):
        return True
    for word in seal.roles.split():
        base, _, when = word.rstrip("]").partition("[")
        role, _, at_school = base.partition("@")
        column = "school_id" if at_school else LEVEL_COLUMN[role]
        for held, places in watcher.posts:
            if (
                held == role
                and row[column] is not None
                and row[column] == dict(places)[column]
                and (not when or _holds(row, when))
            ):
                return True
    return False


def expected(model: type[models.Model], rows: list[dict], watcher: Watcher) -> set[int] | None:
    """Ids that the watcher ought to see; None where even asking ought to be refused."""
    seal = seal_of(model)
    kind, _, key = watcher.actor.partition(":")
    if kind == "user":
        readable = bool(seal.roles or seal.author or seal.reader or seal.reached) and "SELECT" in seal.may
        if not readable:
            return None
        reached = reached_by(seal, watcher)
        return {r["id"] for r in rows if _staff_sees(seal, r, watcher, reached)}
    if kind == "system":
        if not seal.systems:
            return None
        return {r["id"] for r in rows} if key in seal.systems.split() else set()
    if kind in KEYED and getattr(seal, kind):
        column, _, may = getattr(seal, kind).partition(":")
        if may and "SELECT" not in may:
            return None
        return {r["id"] for r in rows if r[column.strip()] == int(key)}
    return None


def actual(model: type[models.Model], watcher: Watcher) -> set[int] | None:
    try:
        with transaction.atomic(), acting_as(watcher.actor), connection.cursor() as cursor:
            cursor.execute(f'SELECT "{model._meta.pk.column}" FROM "{model._meta.db_table}"')
            return {row[0] for row in cursor.fetchall()}
    except ProgrammingError as error:
        if "permission denied" not in str(error):
            raise
        return None
