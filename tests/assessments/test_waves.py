"""Waves: only the first is invited, the next by the sweep, held back while talks pile up; newcomers by themselves."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.actions import answering, waves
from assessments.actions import screenings as actions
from assessments.capacity import Pace
from assessments.models import DutyCheckIn, Flag, Screening, ScreeningWave, Sitting
from assessments.queries.answering import desk
from assessments.screening_flow import ScreeningRefused
from tests.assessments.screening_world import approved_scales, end_earlier, plan
from tests.cast import make_student
from xinyu.access.actor import acting_as
from xinyu.organisations.models import CalendarDay
from xinyu.students.models import Student

pytestmark = pytest.mark.django_db
PACE = Pace(minutes_a_day=40, minutes_each=40, backlog_limit=2)


@pytest.fixture
def draft(here):
    """A draft for two classes over eight days, all of them school days, none the last before days off."""
    today, scales = timezone.localdate(), approved_scales(here, "WHO-5")
    end_earlier(here)
    with acting_as("system:demo"):
        for n in range(12):
            CalendarDay.objects.create(county=here.county, on=today + timedelta(days=n), kind="on_site")
        for n in range(26):
            make_student((here.klass, here.other_klass)[n % 2], f"w{n}", f"同学{n}")
    closes = timezone.make_aware(datetime.combine(today + timedelta(days=8), time(17)))
    with acting_as(here.counselor):
        talked(here)
        return plan(here, scales, legal_basis="duty", closes_at=closes)


def talked(world):
    Flag.objects.all().update(handled_at=timezone.now(), interview=world.interview)


def wave(screening, number):
    return ScreeningWave.objects.get(screening=screening, number=number)


@pytest.fixture
def running(here, draft):
    with acting_as(here.counselor):
        waves.plan_waves(draft, actor=here.counselor, pace=PACE)
        actions.invite_students(draft, actor=here.counselor)
        actions.move_screening(draft, "open", actor=here.counselor)
    return draft


def asked(world, screening):
    with acting_as(world.counselor):
        return set(screening.sittings.values_list("klass_id", flat=True))


def due(world, screening, number):
    with acting_as("system:demo"):
        ScreeningWave.objects.filter(screening=screening, number=number).update(starts_on=timezone.localdate())


def test_a_wave_is_let_in_on_its_day_held_while_talks_pile_up_and_by_hand(here, there, running):
    first = asked(here, running)
    assert len(first) == 1
    assert "released" in waves.follow_screenings() and asked(here, running) == first
    assert waves.follow_screenings() == ""
    due(here, running, 2)
    with acting_as(here.counselor):
        for student in here.students[:2]:
            Flag.objects.create(
                student=student, level="talk", source="staff", raised_by=here.counselor, due_at=timezone.now()
            )
    assert waves.follow_screenings() == "1 held" and asked(here, running) == first
    with acting_as(here.counselor):
        assert wave(running, 2).held_since
        with pytest.raises(ScreeningRefused, match="按顺序"):
            waves.release_wave(wave(running, 3), actor=here.counselor, now=timezone.now())
    with acting_as(there.counselor):
        assert not ScreeningWave.objects.exists()
    with acting_as(here.counselor):
        talked(here)
    assert waves.follow_screenings() == "1 released"
    assert asked(here, running) == {here.klass.pk, here.other_klass.pk}
    with acting_as(here.counselor):
        assert wave(running, 2).released_at and wave(running, 2).held_since is None


def test_newcomers_of_a_running_screening_are_invited_by_themselves_unless_asked_elsewhere(here, running):
    with acting_as("system:demo"):
        fresh = make_student(here.klass, "n1", "新来的")
        other = make_student(here.klass, "n2", "测过的")
        klass_first = asked_klass = running.sittings.values_list("klass_id", flat=True).first()
        for kid in (fresh, other):
            kid.klass_id = klass_first
            kid.save(update_fields=["klass"])
        Sitting.objects.create(
            screening=here.screening,
            student=other,
            code_index=b"elsewhere",
            state="finished",
            started_at=timezone.now(),
        )
    assert asked_klass
    waves.follow_screenings()
    waves.follow_screenings()
    with acting_as(here.counselor):
        states = dict(running.sittings.values_list("student_id", "state"))
        assert states[fresh.pk] == "invited" and states[other.pk] == "exempt"
        assert running.sittings.get(student=other).words.get().kind == "elsewhere"
    assert waves.follow_screenings() == ""


def test_a_late_yes_does_not_bring_back_who_was_tested_elsewhere_this_year(here, running):
    with acting_as("system:demo"):
        kids = [Student.objects.get(pk=pk) for pk in running.sittings.values_list("student_id", flat=True)[:2]]
        running.sittings.filter(student__in=kids).update(state="exempt")
        for sitting in running.sittings.filter(student__in=kids):
            sitting.words.create(kind="no_consent")
        Sitting.objects.create(
            screening=here.screening, student=kids[0], code_index=b"elsewhere", state="finished",
            started_at=timezone.now(),
        )  # fmt: skip
    with acting_as(here.counselor):
        actions.invite_students(running, actor=here.counselor)  # on the basis "duty" both are allowed by now
        states = dict(running.sittings.values_list("student_id", "state"))
    assert (states[kids[0].pk], states[kids[1].pk]) == ("exempt", "invited")


def test_a_plan_that_does_not_fit_or_has_begun_is_refused_and_an_edit_asks_again(here, draft):
    with acting_as(here.counselor):
        with pytest.raises(ScreeningRefused, match="测评期不够"):
            waves.plan_waves(draft, actor=here.counselor, pace=Pace(20, 120))
        assert waves.plan_waves(draft, actor=here.counselor, pace=PACE)
        same = {"title": "改", "opens_at": draft.opens_at, "closes_at": draft.closes_at, "legal_basis": "duty"}
        parts = {"scales": draft.scales.all(), "klasses": [here.klass]}
        actions.edit_screening(draft, actor=here.counselor, **same, **parts)
        assert not draft.waves.exists()
        actions.invite_students(draft, actor=here.counselor)
        with pytest.raises(ScreeningRefused, match="不能再改"):
            waves.plan_waves(draft, actor=here.counselor, pace=PACE)


def test_nobody_begins_when_the_time_left_is_too_short_and_whoever_has_begun_may_finish(here, running):
    with acting_as("system:demo"):
        DutyCheckIn.objects.create(
            school=here.school, user=here.counselor, from_at=timezone.now() - timedelta(hours=1),
            until_at=timezone.now() + timedelta(hours=1),
        )  # fmt: skip
        Screening.objects.filter(pk=running.pk).update(closes_at=timezone.now() + timedelta(minutes=8), minutes=10)
        sitting = running.sittings.filter(state="invited").first()
    with acting_as(f"sitting:{sitting.pk}"):
        assert desk(sitting.pk).door == "too_late"
        with pytest.raises(answering.DoorShut):
            answering.begin_sitting(desk(sitting.pk))
    with acting_as("system:demo"):
        Sitting.objects.filter(pk=sitting.pk).update(state="started")
    with acting_as(f"sitting:{sitting.pk}"):
        assert desk(sitting.pk).door == "open"


def test_the_counselor_tries_figures_stores_the_waves_and_lets_one_in(here, there, draft, enter):
    url = reverse("assessments:wave-plan", args=[draft.pk])
    assert enter(there.counselor).get(url).status_code == 404
    assert enter(here.homeroom).get(url).status_code == 403
    client = enter(here.counselor)
    assert "预计面谈" in client.get(url).text
    bad = client.get(url, {"minutes_a_day": 1, "minutes_each": 40, "backlog_limit": 2})
    assert bad.status_code == 422
    figures = {"minutes_a_day": 40, "minutes_each": 40, "backlog_limit": 2}
    assert client.post(url, figures).status_code == 302
    page = client.get(reverse("assessments:screening-detail", args=[draft.pk])).text
    assert "第 1 批" in page and "补测" in page and "现在放行" not in page
    with acting_as(here.counselor):
        pk = wave(draft, 2).pk
    client.post(reverse("assessments:wave-release", args=[pk]))
    assert "没有在进行" in client.get(reverse("assessments:screening-list")).text
