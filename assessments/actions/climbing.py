"""Flags that nobody opened or answered in time move up inside the school, never out of it (4-workflow D9.1)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from assessments.models import Flag
from assessments.queries.interviews import facts_of
from assessments.triage import Rung, recipients, rung_at
from xinyu.access.actor import acting_as
from xinyu.accounts.queries import posts_on
from xinyu.audit.entries import record

TRIAGE = "system:triage"
ON_THE_LADDER = ("counselor", "vice_principal", "principal")


def people_of(school_id: int, on: date) -> dict[str, list[int]]:
    """Rung code → ids of the people who hold it at the school on that day; deputies are the other counselors.

    Whoever is on leave is left out, unless nobody else is at the rung: an alert beats silence.
    """
    posts = posts_on(on).filter(school_id=school_id, role__in=ON_THE_LADDER).order_by("valid_from", "pk")
    found: dict[str, list[int]] = defaultdict(list)
    for post in posts:
        found[post.role].append(post.user_id)
    present = _present({person for ids in found.values() for person in ids}, school_id)
    people = {role: [person for person in ids if person in present] or ids for role, ids in found.items()}
    counselors = people.get("counselor", [])
    return {**people, "counselor": counselors[:1], "deputy": counselors[1:]}


def _present(people: set[int], school_id: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person FROM unnest(%s::bigint[]) AS person WHERE access_duties_is_there(person, %s, NULL)",
            [sorted(people), school_id],
        )
        return {person for (person,) in cursor.fetchall()}


@transaction.atomic
def climb(flag: Flag, rung: Rung, people: Mapping[str, Sequence[int]]) -> bool:
    """Address an open flag to whoever stands at the rung; False when it is already theirs or nobody is there."""
    to = next(iter(recipients(rung, people)), None)
    if rung.order == 0 or to is None or flag.climbed_to_id == to:
        return False
    changed = Flag.objects.filter(pk=flag.pk, handled_at__isnull=True).update(climbed_to=to)
    if changed:
        record("assessments.climb_flag", subject=flag, detail={"rung": rung.code, "to": to})
    return bool(changed)


def climb_flags(now: datetime | None = None) -> int:
    """The sweep: every open flag to the rung where the clock puts it; how many moved. One transaction per flag."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    with acting_as(TRIAGE):
        flags = list(Flag.objects.filter(handled_at__isnull=True, raised_at__lte=now).order_by("due_at", "pk"))
    people: dict[int, dict[str, list[int]]] = {}  # of the schools where something moves, asked once each
    moved = 0
    for flag in flags:
        rung = rung_at(facts_of(flag), now)
        if rung is None or rung.order == 0:
            continue
        with acting_as(TRIAGE):
            if flag.school_id not in people:
                people[flag.school_id] = people_of(flag.school_id, today)
            moved += climb(flag, rung, people[flag.school_id])
    return moved
