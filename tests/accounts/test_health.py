from datetime import timedelta

import pytest
from django.utils import timezone

from xinyu import health
from xinyu.access.actor import acting_as
from xinyu.reminders.models import Sweep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forget_the_last_answer():
    health._last.update(at=-health.ASK_EVERY, answers=True)
    yield
    health._last.update(at=-health.ASK_EVERY, answers=True)


def sweep_at(at):
    with acting_as("system:demo"):
        Sweep.objects.update_or_create(name="x", defaults={"ran_at": at, "ran_by": "worker"})


def test_health_tells_database_redis_and_the_age_of_the_last_sweep(client, db):
    found = client.get("/healthz").json()
    assert found["database"] and found["redis"] and found["sweep_age_seconds"] is None and found["sweep_is_late"]
    sweep_at(timezone.now())
    found = client.get("/healthz").json()
    assert found["sweep_age_seconds"] < 60 and not found["sweep_is_late"]


def test_a_student_with_an_open_sitting_gets_the_same_answer(here, client):
    session = client.session
    session["actor"] = f"sitting:{here.sitting.pk}"
    session.save()
    assert client.get("/healthz").json()["database"] is True


def test_without_redis_pages_work_and_say_so(here, enter, settings):
    sweep_at(timezone.now())
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    page = enter(here.counselor).get("/")
    assert page.status_code == 200 and "消息队列暂时连不上" in page.text
    answer = page.client.get("/healthz")
    assert answer.status_code == 200 and answer.json()["redis"] is False


def test_with_redis_and_fresh_sweeps_no_banner(here, enter):
    sweep_at(timezone.now())
    assert "提醒可能延迟" not in enter(here.counselor).get("/").text


def test_a_page_says_how_long_nothing_has_swept(here, enter):
    client = enter(here.counselor)
    assert "后台任务还没有运行过" in client.get("/").text
    sweep_at(timezone.now() - timedelta(minutes=7, seconds=5))
    assert "后台任务已有 7 分钟没有运行" in client.get("/").text
    assert client.get("/healthz").json()["sweep_is_late"]
    sweep_at(timezone.now() - timedelta(seconds=100))  # three rounds: a busy worker, no reason to worry
    assert "提醒可能延迟" not in client.get("/").text
