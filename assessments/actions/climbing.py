"""Flags that nobody opened or answered in time move up inside the school, never out of it (4-workflow D9.1)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from assessments.models import Flag
from assessments.queries.duty import on_duty
from assessments.queries.interviews import facts_of
from assessments.triage import LADDER, Rung, may_move, recipients, rung_past
from xinyu.access.actor import acting_as
from xinyu.accounts.queries import posts_on
from xinyu.audit.entries import record

TRIAGE = "system:triage"
ON_THE_LADDER = ("counselor", "vice_principal", "principal")


@dataclass(frozen=True)
class Crew:
    """Rung code → ids of the people who hold it at a school now, and whether one of its counselors is there."""

    people: dict[str, list[int]]
    duty: tuple[int, ...]
    counselor_is_there: bool

    @property
    def ladder(self) -> dict[str, list[int]]:
        """As flags climb it: without another counselor, whoever has checked in for duty stands before the leaders."""
        first = self.people["counselor"]
        duty = [person for person in self.duty if person not in first]
        return {**self.people, "deputy": (self.people["deputy"] if self.counselor_is_there else []) or duty}


def crew_of(school_id: int, now: datetime) -> Crew:
    """Deputies are the other counselors. Whoever has checked in for duty is there, a leave notwithstanding.

    Whoever is on leave is left out, unless nobody else is at the rung: an alert beats silence.
    """
    posts = posts_on(timezone.localdate(now)).filter(school_id=school_id, role__in=ON_THE_LADDER)
    found: dict[str, list[int]] = defaultdict(list)
    for post in posts.order_by("valid_from", "pk"):
        found[post.role].append(post.user_id)
    duty = on_duty(school_id, now)
    present = _present({person for ids in found.values() for person in ids}, school_id) | set(duty)
    people = {role: [person for person in ids if person in present] or ids for role, ids in found.items()}
    counselors = people.get("counselor", [])
    there = any(person in present for person in counselors)
    return Crew({**people, "counselor": counselors[:1], "deputy": counselors[1:]}, tuple(duty), there)


def _present(people: set[int], school_id: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person FROM unnest(%s::bigint[]) AS person WHERE access_duties_is_there(person, %s, NULL)",
            [sorted(people), school_id],
        )
        return {person for (person,) in cursor.fetchall()}


def _is_past(holder: int | None, rung: Rung, people: Mapping[str, Sequence[int]]) -> bool:
    """Whether a leader above the rung has it already: it does not come down to somebody who arrived meanwhile."""
    stands_at = [step.order for step in LADDER if holder in people.get(step.code, ())]
    return bool(stands_at) and min(stands_at) > rung.order


@transaction.atomic
def climb(flag: Flag, rung: Rung, people: Mapping[str, Sequence[int]]) -> bool:
    """Address an open flag to whoever stands at the rung; False when it is theirs or is past that."""
    to = next(iter(recipients(rung, people)), None)
    if rung.order == 0 or to is None or flag.climbed_to_id == to or _is_past(flag.climbed_to_id, rung, people):
        return False
    changed = Flag.objects.filter(pk=flag.pk, handled_at__isnull=True).update(climbed_to=to)
    if changed:
        record("assessments.climb_flag", subject=flag, detail={"rung": rung.code, "to": to})
    return bool(changed)


def climb_flags(now: datetime | None = None) -> int:
    """The sweep: every open flag to the rung where the clock puts it; how many moved. One transaction per flag."""
    now = now or timezone.now()
    with acting_as(TRIAGE):
        flags = list(Flag.objects.filter(handled_at__isnull=True, raised_at__lte=now).order_by("due_at", "pk"))
    crews: dict[int, Crew] = {}  # of the schools where something may move, asked once each
    moved = 0
    for flag in flags:
        facts = facts_of(flag)
        if not may_move(facts, now):
            continue
        with acting_as(TRIAGE):
            if flag.school_id not in crews:
                crews[flag.school_id] = crew_of(flag.school_id, now)
            crew = crews[flag.school_id]
            rung = rung_past(facts, now, counselor_is_there=crew.counselor_is_there)
            moved += rung is not None and climb(flag, rung, crew.ladder)
    return moved
