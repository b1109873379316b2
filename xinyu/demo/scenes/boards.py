"""What the jobs of last night and of the last seconds would have written: nothing is empty at the first look."""

from xinyu.dashboard.tasks import count_coverage, publish
from xinyu.reminders.actions.sweeping import sweep_causes, sweep_dues

from ..stage import Stage


def count_boards(stage: Stage) -> None:
    count_coverage()
    publish()


def send_notices(stage: Stage) -> None:
    sweep_causes()
    sweep_dues()
