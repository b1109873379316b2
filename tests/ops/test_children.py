"""The supervisor's children are real processes here."""

import os
import sys
import time

import pytest

from xinyu.ops.children import Child, end_all
from xinyu.ops.run import last_words


def child(tmp_path, code):
    return Child("child", [sys.executable, "-c", code], os.environ, tmp_path, tmp_path / "child.log")


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_a_dead_child_is_noticed_and_started_again_when_due(tmp_path):
    one = child(tmp_path, "print('here', flush=True)")
    assert one.look_after(time.monotonic()) == ""
    first = one.process
    first.wait()
    assert "again in 1 s" in one.look_after(time.monotonic())
    assert one.look_after(time.monotonic()) == ""
    assert one.process is None
    one.look_after(time.monotonic() + 2)
    assert one.process.pid != first.pid
    one.process.wait()
    assert one.log.read_text() == "here\nhere\n"


def test_children_end_when_asked(tmp_path):
    one = child(tmp_path, "import time; print('up', flush=True); time.sleep(60)")
    one.look_after(time.monotonic())
    assert wait_until(lambda: one.log.read_text() == "up\n")
    end_all([one])
    assert one.process.returncode == -15


def test_a_child_that_does_not_listen_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr("xinyu.ops.children.ENDING_SECONDS", 0.3)
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    one = child(tmp_path, deaf)
    one.look_after(time.monotonic())
    assert wait_until(lambda: one.log.read_text() == "up\n")
    end_all([one])
    assert one.process.returncode == -9


@pytest.mark.parametrize("started", [True, False])
def test_ending_what_never_ran_or_ran_out_is_quiet(tmp_path, started):
    one = child(tmp_path, "pass")
    if started:
        one.look_after(time.monotonic())
        one.process.wait()
    end_all([one])
    assert (one.process is not None) is started


def test_the_last_words_of_a_traceback_are_its_error():
    assert last_words("Traceback:\n  File x\nImproperlyConfigured: no key\n\n") == "ImproperlyConfigured: no key"
    assert last_words("\n") == "without a word"
