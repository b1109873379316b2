"""One run of the duty clock through the faults: red statements in waves that nobody answers, and what the plan says.

Hours pass by moving all times of a wave back at once; the pure plan is asked again from where the wave then begins.
"""

from dataclasses import replace
from datetime import date, timedelta

from django.db.models import F, Min
from django.utils import timezone

from crisis.chain import Clock, kept, load_clocks, unanswered
from crisis.models import Case, ChainStep
from crisis.queries.chain import people_over
from tests import cast
from tests.crisis.cases import opened
from tests.faults.plan import Difference, compare
from tests.faults.world import LONG_AGO, QUIET
from tests.stories.stage import wait_until
from xinyu.access.actor import acting_as
from xinyu.organisations.queries import calendar_of
from xinyu.reminders.actions.settings import add_season_setting
from xinyu.reminders.models import Notice

PER_WAVE = 8
PATIENCE = 45
RED = load_clocks()["red"]
#: what the county makes of its clock while runs are under way: two rungs fewer
SHORTER = replace(RED, rungs=(RED.rungs[0], RED.rungs[2]), version="shorter")


class ClockRun:
    def __init__(self, ground, waves: int):
        self.ground, self.world = ground, cast.build("联")
        with acting_as("system:demo"):
            add_season_setting(self.world.county, QUIET, None, in_force_from=LONG_AGO)
            names = [f"联{number:03}" for number in range(waves * PER_WAVE)]
            self.students = [cast.make_student(self.world.klass, name, name) for name in names]
        self.waves: list[list[Case]] = []
        self.clocks: dict[int, Clock] = {}
        self.halves: list[str] = []

    def begin(self, clock: Clock = RED) -> int:
        """One more wave of red statements, each with its first rung told in its own transaction; its number."""
        number = len(self.waves)
        own = self.students[number * PER_WAVE : (number + 1) * PER_WAVE]
        self.waves.append([opened(self.world, student, level="red") for student in own])
        self.clocks |= {case.pk: clock for case in self.waves[-1]}
        return number

    def change_the_clock(self) -> None:
        with acting_as("system:demo"):
            self.world.county.settings = {"chain": kept(SHORTER)}
            self.world.county.save(update_fields=["settings"])

    def pass_time(self, number: int, minutes: int) -> None:
        gone = timedelta(minutes=minutes)
        times = {name: F(name) - gone for name in ("opens_at", "acknowledge_by", "act_by")}
        with acting_as("system:demo"):
            ChainStep.objects.filter(case__in=self.waves[number]).update(**times)

    def planned(self, number: int) -> list[str]:
        """Keys of the steps that the pure clock has told by now."""
        now, keys = timezone.now(), []
        with acting_as("system:demo"):
            begun = ChainStep.objects.filter(case__in=self.waves[number]).values_list("case").annotate(Min("opens_at"))
            calendar = calendar_of(self.world.county, on=date.today())
            for case_id, first in begun.order_by():
                people = people_over(next(one.student_id for one in self.waves[number] if one.pk == case_id))
                at, stated_by = timezone.localtime(first), {self.world.counselor.pk}
                told = unanswered(self.clocks[case_id], at, people, calendar, now, stated_by)
                keys += [key(case_id, one.rung, one.code, one.role, one.person, one.acknowledge_by) for one in told]
        return keys

    def found(self, number: int) -> list[str]:
        with acting_as("system:demo"):
            rows = ChainStep.objects.filter(case__in=self.waves[number])
            names = ("case_id", "rung", "code", "role", "person_id", "acknowledge_by")
            return [key(*row) for row in rows.values_list(*names)]

    def difference(self) -> Difference:
        numbers = range(len(self.waves))
        planned, found = ([k for n in numbers for k in kind(n)] for kind in (self.planned, self.found))
        return compare(planned, found)

    def wait_for_some(self, number: int, fault: str) -> None:
        """Until the sweep has begun with the wave; whether it was half done is kept."""
        before, planned = self.before(number), len(self.planned(number))
        found = wait_until(lambda: max(len(self.found(number)) - before, 0), f"wave {number} begins: {fault}", PATIENCE)
        self.halves += [fault] if found + before < planned else []

    def before(self, number: int) -> int:
        """Steps of the first rung, which no sweep has written."""
        return sum(f"/{RED.rungs[0].code}/" in one for one in self.found(number))

    def wait_for_all(self, number: int, fault: str) -> None:
        wait_until(
            lambda: len(self.found(number)) >= len(self.planned(number)), f"wave {number} whole: {fault}", PATIENCE
        )

    def untold(self) -> set[str]:
        """Keys of messages that somebody at a rung never got."""
        officers = {"county_officer": self.world.county_officer.pk, "city_officer": self.world.city_officer.pk}
        with acting_as("system:demo"):
            steps = ChainStep.objects.filter(case__in=[case for wave in self.waves for case in wave])
            wanted = {f"chain/{step.pk}/{step.person_id or officers[step.role]}" for step in steps}
            return wanted - set(Notice.objects.filter(key__startswith="chain/").values_list("key", flat=True))


def key(case_id: int, rung: int, code: str, role: str, person: int | None, acknowledge_by) -> str:
    return f"{case_id}/{rung}/{code}/{role}/{person}/{acknowledge_by.timestamp():.3f}"
