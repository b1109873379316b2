"""Processes are killed while they write reminders: in the end the rows are the plan, none lost, none double."""

import pytest
from django.utils import timezone

from tests.faults.plan import compare
from tests.faults.run import PATIENCE, Run, has_swept, workday
from tests.stories.stage import wait_until

TWO_THOUSAND = 2000


def test_a_lost_and_a_double_row_are_both_noticed():
    assert not compare({"a", "b"}, ["b", "a"])
    assert compare({"a", "b"}, ["a"]).lost == {"b"}
    assert compare({"a", "b"}, ["a", "b", "b"]).extra == {"b"} and compare({"a"}, ["a", "c"]).extra == {"c"}


def test_with_the_sweep_taken_out_the_comparison_is_red(faults):
    """The positive control: everything else runs, rings and is swept, only the dues are not."""
    run, ground, start = Run(faults), faults.ground, timezone.now()
    run.sweep_on(run.today, run.waves[0])
    ground.start_redis()
    ground.start_worker(app="tests.faults.deaf")
    ground.start_beat("beat")
    wait_until(lambda: has_swept("worker", start) or ground.fallen("worker"), "the worker sweeps", PATIENCE)
    planned = run.planned(0)
    with pytest.raises(AssertionError, match=f"lost {planned}, not planned or double 0 of {planned} notices"):
        run.assert_rows_are_the_plan()
    assert planned > 100


def test_rows_are_the_plan_whatever_is_killed(faults):
    run, ground = Run(faults), faults.ground
    two_sweepers_at_once_one_killed(run, ground, run.first, run.waves[0])
    run.answer_some(workday(run.first, 1))
    run.sweep_on(run.today, run.waves[0])  # the workdays between are stopped days
    ground.start_redis()
    ground.start_worker()
    ground.start_beat("beat")
    ground.start_beat("other-beat")
    run.wait_for_all(0, "after stopped days")
    kill_the_worker(run, ground)
    kill_the_clock_and_what_it_rang(run, ground)
    kill_redis_and_the_watch(run, ground)
    for name in ("new-worker", "new-beat", "new-watch"):
        ground.kill(name)
    two_sweepers_at_once_one_killed(run, ground, run.last, run.counties)  # and stopped days before it
    run.assert_rows_are_the_plan()
    assert len(run.plan.told(run.swept, run.answered)) >= TWO_THOUSAND
    assert len(run.halves) >= 3, f"too few faults met work half done: {run.halves}"


def two_sweepers_at_once_one_killed(run, ground, day, counties) -> None:
    before = run.count(0)
    run.sweep_on(day, counties)
    ground.start_sweep(f"sweep-{day}", day)
    ground.start_sweep(f"other-sweep-{day}", day)
    run.wait_for_some(0, f"sweeper killed, {day}", before)
    ground.kill(f"sweep-{day}")
    ground.wait_for_end(f"other-sweep-{day}")


def kill_the_worker(run, ground) -> None:
    run.open(1)
    run.wait_for_some(1, "worker's child killed")
    ground.kill_child_of("worker")
    run.wait_for_all(1, "worker's child killed")
    run.open(2)
    run.wait_for_some(2, "worker killed")
    ground.kill("worker")
    ground.start_worker("new-worker")
    run.wait_for_all(2, "worker killed")


def kill_the_clock_and_what_it_rang(run, ground) -> None:
    ground.kill("beat")
    ground.kill("other-beat")
    run.open(3)
    ground.flush_redis()
    ground.start_beat("new-beat")
    run.wait_for_some(3, "everything flushed")
    ground.flush_redis()
    run.wait_for_all(3, "beats killed, everything flushed")


def kill_redis_and_the_watch(run, ground) -> None:
    """The second watch stands by until the first one's lock is free."""
    ground.start_watch("watch")
    wait_until(lambda: "watch: " in ground.said("watch") or ground.fallen("watch"), "somebody watches", PATIENCE)
    ground.start_watch("new-watch")
    wait_until(lambda: "waiting" in ground.said("new-watch") or ground.fallen("new-watch"), "one stands by", PATIENCE)
    ground.kill("redis")
    start = timezone.now()
    run.open(4)
    run.wait_for_some(4, "redis and watch killed")
    ground.kill("watch")
    run.wait_for_all(4, "redis and watch killed")
    wait_until(lambda: has_swept("watch", start), "the one that stood by sweeps", PATIENCE)
    start = timezone.now()
    ground.start_redis()
    run.open(5)
    run.wait_for_all(5, "redis is back")
    wait_until(lambda: has_swept("worker", start), "the worker sweeps again", PATIENCE)
