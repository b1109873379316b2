"""The make-up begins by itself: homeroom teachers hear how many, the counselor sees who made it up."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.actions import screenings as actions
from assessments.actions import waves
from assessments.models import Screening, ScreeningWave, Sitting
from assessments.queries.waves import made_up
from tests.assessments.screening_world import approved_scales, end_earlier, plan
from tests.cast import make_student
from xinyu.access.actor import acting_as
from xinyu.organisations.models import CalendarDay
from xinyu.reminders.actions.sweeping import sweep_causes
from xinyu.reminders.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(here):
    """Both classes since today, no waves planned; every day of the window is a school day."""
    today, scales = timezone.localdate(), approved_scales(here, "WHO-5")
    end_earlier(here)
    with acting_as("system:demo"):
        for n in range(9):
            CalendarDay.objects.create(county=here.county, on=today + timedelta(days=n), kind="on_site")
    with acting_as(here.counselor):
        closes = timezone.now() + timedelta(days=5)
        screening = plan(here, scales, legal_basis="duty", closes_at=closes, makeup_place="周四下午三楼机房")
        actions.invite_students(screening, actor=here.counselor)
        return actions.move_screening(screening, "open", actor=here.counselor)


def begin_make_up(screening):
    with acting_as("system:demo"):
        ScreeningWave.objects.filter(screening=screening).update(starts_on=timezone.localdate())
    assert waves.follow_screenings() == "1 released"


def told(world, user):
    with acting_as("system:demo"):
        return list(Notice.objects.filter(to=user, key__startswith="makeup/"))


def test_without_planned_waves_the_make_up_has_the_last_third_and_holds_nobody_back(here, running):
    with acting_as(here.counselor):
        [wave] = running.waves.all()
        assert wave.is_makeup and wave.starts_on == timezone.localdate() + timedelta(days=4)
        assert running.sittings.count() == 3 and made_up(running) is None
    assert waves.follow_screenings() == "" and told(here, here.homeroom) == []
    sweep_causes()
    assert told(here, here.homeroom) == []


def test_homeroom_teachers_hear_once_how_many_and_where_and_no_name(here, there, running):
    begin_make_up(running)
    sweep_causes()
    sweep_causes()
    [notice] = told(here, here.homeroom)
    assert notice.title.startswith("补测 2 人，到 ") and "周四下午三楼机房" in notice.body
    assert notice.url == reverse("assessments:screening-klass", args=[running.pk, here.klass.pk])
    said = notice.title + notice.body + notice.why
    assert not any(student.name in said or student.number in said for student in here.students)
    assert told(here, there.homeroom) == told(here, here.counselor) == told(here, here.grade_head) == []


def test_a_class_that_is_through_and_a_screening_that_rests_or_is_over_tell_nobody(here, running):
    begin_make_up(running)
    with acting_as("system:demo"):
        Sitting.objects.filter(screening=running, klass=here.klass).update(state="finished")
    sweep_causes()
    assert told(here, here.homeroom) == []
    with acting_as("system:demo"):
        Sitting.objects.filter(screening=running, klass=here.klass).update(state="invited")
        Screening.objects.filter(pk=running.pk).update(state="paused")
    sweep_causes()
    assert told(here, here.homeroom) == []


def test_the_newly_arrived_count_and_the_counselor_sees_who_made_it_up(here, there, running, enter):
    with acting_as("system:demo"):
        make_student(here.klass, "n1", "新来的")
        early = Sitting.objects.get(screening=running, student=here.students[0])
        early.state, early.started_at = "finished", timezone.now() - timedelta(days=1)
        early.save(update_fields=["state", "started_at"])
    begin_make_up(running)
    with acting_as("system:demo"):
        late = Sitting.objects.get(screening=running, student=here.students[1])
        late.state, late.started_at = "finished", timezone.now()
        late.save(update_fields=["state", "started_at"])
    sweep_causes()
    assert told(here, here.homeroom)[0].title.startswith("补测 1 人"), "the newcomer"
    with acting_as(here.counselor):
        found = made_up(running)
        assert found and (found.done, found.waiting) == (1, 2)
    page = reverse("assessments:screening-klass", args=[running.pk, here.klass.pk])
    text = enter(here.counselor).get(page).text
    assert text.count("（补测）") == 1 and text.index(here.students[1].name) < text.index("（补测）")
    assert "已补测 1 人，还有 2 人" in enter(here.counselor).get(
        reverse("assessments:screening-detail", args=[running.pk])
    ).text  # fmt: skip
    assert enter(there.counselor).get(page).status_code == 404
