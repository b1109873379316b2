"""One run through the faults: work opened in waves, the days that were swept, and what the plan says of them."""

from datetime import date, timedelta

from tests.faults import world
from tests.faults.plan import compare, due_key, plan_of
from tests.stories.stage import wait_until
from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post
from xinyu.organisations import statutory
from xinyu.organisations.models import Klass
from xinyu.reminders.actions.confirming import confirm_check
from xinyu.reminders.due import Place
from xinyu.reminders.models import Due, Notice, Sweep

WAVES = 6
#: seconds until a fault must have been made good
PATIENCE = 45
ANSWERS = 10


def workday(start: date, number: int) -> date:
    """The workday that is so many after `start`, or before it."""
    step, on = (1 if number > 0 else -1), start
    for _ in range(abs(number)):
        on += timedelta(days=step)
        while not statutory.is_workday(on):
            on += timedelta(days=step)
    return on


def has_swept(who: str, since) -> bool:
    """Whether 'worker' or 'watch' has come round since then."""
    return Sweep.objects.filter(ran_by=who, ran_at__gt=since).exists()


class Run:
    """Waves of counties, so that each fault meets work half done. `first`: days before today; `last`: days after."""

    def __init__(self, faults):
        self.ground, self.today, self.counties = faults.ground, faults.today, faults.counties
        self.first, self.last = workday(self.today, -5), workday(self.today, 3)
        self.swept: dict[int, list[date]] = {county.pk: [] for county in self.counties}
        self.waves = [self.counties[n::WAVES] for n in range(WAVES)]
        self.answered: dict[Place, date] = {}
        self.halves: list[str] = []
        world.open_season(self.waves[0], self.today)
        self.plan = plan_of(self.counties, self.today, world.start_of(self.today), self.last)

    def open(self, number: int) -> None:
        """Work appears, which somebody must sweep today."""
        world.open_season(self.waves[number], self.today)
        self.sweep_on(self.today, self.waves[number])

    def sweep_on(self, day: date, counties) -> None:
        for county in counties:
            self.swept[county.pk].append(day)

    def planned(self, number: int) -> int:
        swept = {county.pk: self.swept[county.pk] for county in self.waves[number]}
        return len(self.plan.told(swept, self.answered))

    def count(self, number: int) -> int:
        with acting_as("system:reminders"):
            return Notice.objects.filter(due__county__in=[county.pk for county in self.waves[number]]).count()

    def wait_for_some(self, number: int, fault: str, above: int = 0) -> None:
        """Until the wave has begun to be written; whether it was half written is kept."""
        planned = self.planned(number)
        found = wait_until(lambda: max(self.count(number) - above, 0), f"wave {number} begins: {fault}", PATIENCE)
        self.halves += [fault] if found + above < planned else []

    def wait_for_all(self, number: int, fault: str) -> None:
        planned = self.planned(number)
        wait_until(lambda: self.count(number) >= planned, f"wave {number} is whole: {fault}", PATIENCE)

    def answer_some(self, on: date) -> None:
        """Some homeroom teachers fill in their check: the fact, not a tick."""
        season = f"far:{world.start_of(self.today)}"
        with acting_as("system:demo"):
            klasses = list(Klass.objects.filter(school__county=self.waves[0][0]).order_by("pk")[:ANSWERS])
            posts = Post.objects.filter(klass__in=klasses).select_related("user")
            teachers = {post.klass_id: post.user for post in posts}
        for klass in klasses:
            with acting_as(teachers[klass.pk]):
                confirm_check(klass, season, "class_check", 0, actor=teachers[klass.pk], on=on)
            self.answered["klass", klass.pk] = on

    def assert_rows_are_the_plan(self) -> None:
        """Notices, dues and which of them are met: exactly those of the pure plan."""
        planned = self.plan.told(self.swept, self.answered)
        with acting_as("system:reminders"):
            notices = list(Notice.objects.values_list("key", flat=True))
            dues = dict(Due.objects.values_list("key", "met_at"))
        told = compare({row.key for row in planned}, notices)
        assert not told, f"lost {len(told.lost)}, not planned or double {len(told.extra)} of {len(planned)} notices"
        owed = compare({due_key(row) for row in planned}, list(dues))
        assert not owed, f"lost {len(owed.lost)}, not planned {len(owed.extra)} of {len(dues)} dues"
        met = {due_key(row) for row in planned if "/class_check/" in row.occasion and row.place in self.answered}
        assert {key for key, at in dues.items() if at} == met
