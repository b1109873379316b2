"""Worker, beat, Redis and watch are killed while red statements climb, a day is stopped, the county changes its clock:
in the end the steps are those of the pure plan, and everybody at each rung has a message."""

from django.utils import timezone

from tests.faults.clock_run import PATIENCE, SHORTER, ClockRun
from tests.faults.run import has_swept
from tests.stories.stage import wait_until

A_DAY, A_QUARTER = 24 * 60, 16


def test_with_the_sweep_of_the_clock_taken_out_the_comparison_is_red(faults):
    """The positive control: everything else runs, rings and is swept."""
    run, ground, start = ClockRun(faults.ground, 1), faults.ground, timezone.now()
    first = run.begin()
    assert not run.difference()
    run.pass_time(first, A_DAY)
    ground.start_redis()
    ground.start_worker(app="tests.faults.deaf_clock")
    ground.start_beat("beat")
    wait_until(lambda: has_swept("worker", start) or ground.fallen("worker"), "the worker sweeps", PATIENCE)
    found = run.difference()
    assert (len(found.lost), len(found.extra)) == (3 * len(run.waves[first]), 0)  # principal, county, city


def test_steps_are_the_plan_whatever_is_killed(faults):
    run, ground = ClockRun(faults.ground, 6), faults.ground
    for _ in range(5):
        run.begin()
    run.pass_time(0, A_DAY)  # nothing ran for a day
    run.change_the_clock()
    after_the_change = run.begin(SHORTER)
    ground.start_redis()
    ground.start_worker()
    ground.start_beat("beat")
    run.wait_for_all(0, "after a stopped day")
    kill_the_worker(run, ground)
    kill_the_beat_and_what_it_rang(run, ground)
    kill_redis_and_the_watch(run, ground)
    run.pass_time(after_the_change, A_QUARTER)
    run.wait_for_all(after_the_change, "begun under the changed clock")
    for number in range(1, 5):
        run.pass_time(number, 3 * A_QUARTER + 60)
    for number in range(1, 5):
        run.wait_for_all(number, "up to the city")
    wait_until(lambda: not run.untold(), "everybody has a message", PATIENCE)
    found = run.difference()
    assert not found, f"lost {sorted(found.lost)[:5]}, not planned or double {sorted(found.extra)[:5]}"
    assert len(run.halves) >= 2, f"too few faults met work half done: {run.halves}"


def kill_the_worker(run, ground) -> None:
    run.pass_time(1, A_QUARTER)
    run.wait_for_some(1, "worker's child killed")
    ground.kill_child_of("worker")
    run.wait_for_all(1, "worker's child killed")
    run.pass_time(2, A_QUARTER)
    run.wait_for_some(2, "worker killed")
    ground.kill("worker")
    ground.start_worker("new-worker")
    run.wait_for_all(2, "worker killed")


def kill_the_beat_and_what_it_rang(run, ground) -> None:
    ground.kill("beat")
    run.pass_time(3, A_QUARTER)
    ground.flush_redis()
    ground.start_beat("new-beat")
    run.wait_for_all(3, "beat killed, everything flushed")


def kill_redis_and_the_watch(run, ground) -> None:
    """The second watch stands by until the first one's lock is free."""
    ground.start_watch("watch")
    wait_until(lambda: "watch: " in ground.said("watch") or ground.fallen("watch"), "somebody watches", PATIENCE)
    ground.start_watch("new-watch")
    wait_until(lambda: "waiting" in ground.said("new-watch") or ground.fallen("new-watch"), "one stands by", PATIENCE)
    ground.kill("redis")
    run.pass_time(4, A_QUARTER)
    run.wait_for_some(4, "redis and watch killed")
    ground.kill("watch")
    run.wait_for_all(4, "redis and watch killed")
