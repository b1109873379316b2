"""Whom a screening is for: whole school, grades, classes, and students chosen by name, beside whom nobody is asked."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from assessments.actions import people, waves
from assessments.actions import screenings as actions
from assessments.capacity import Pace
from assessments.models import Screening, ScreeningPerson, Sitting
from assessments.queries.approvals import asked_of, others_of
from assessments.queries.people import enrolled
from assessments.queries.screenings import board, preview
from assessments.queries.waves import groups_of
from assessments.screening_flow import ScreeningRefused
from assessments.slips import gather, waiting
from tests.assessments.screening_world import approved_scales, decide, end_earlier, plan
from tests.cast import make_student
from xinyu.access.actor import acting_as
from xinyu.audit.models import AccessEntry, AuditEntry
from xinyu.dashboard.counting import recount_everything
from xinyu.dashboard.models import Coverage
from xinyu.organisations.models import CalendarDay

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"assessments:{name}", args=args)


@pytest.fixture
def draft(here):
    """The other class as a whole, and of the first class nobody yet."""
    scales = approved_scales(here, "WHO-5")
    end_earlier(here)
    with acting_as(here.counselor):
        return plan(here, scales, [here.other_klass], legal_basis="duty")


@pytest.fixture
def named(here, draft):
    """The first student of the first class is chosen by name; her neighbour is not."""
    with acting_as(here.counselor):
        assert people.add_people(draft, here.students[:1], actor=here.counselor) == 1
    return draft


def opened(world, screening):
    with acting_as(world.counselor):
        actions.invite_students(screening, actor=world.counselor)
        return actions.move_screening(screening, "open", actor=world.counselor)


def test_a_named_student_is_asked_and_nobody_else_of_the_class(here, named):
    with acting_as(here.counselor):
        assert preview(named).enrolled == 2
        assert {group.klass_id: group.students for group in groups_of(named)} == {
            here.klass.pk: 1, here.other_klass.pk: 1,
        }  # fmt: skip
    running = opened(here, named)
    with acting_as(here.counselor):
        assert set(running.sittings.values_list("student_id", flat=True)) == {
            here.students[0].pk, here.students[2].pk,
        }  # fmt: skip
        assert {line.klass_id: line.invited for line in board(running)[0]} == {here.klass.pk: 1, here.other_klass.pk: 1}
        sittings = waiting(running, here.klass.pk, with_begun=True)
        sheet = gather(running, here.klass.pk, "1班", sittings, "https://school.example/a/")
        assert [slip.number for slip in sheet.slips] == [here.students[0].number] and sheet.klass_code


def test_a_newcomer_joins_a_whole_class_by_herself_and_not_a_class_of_named_students(here, named):
    running = opened(here, named)
    with acting_as("system:demo"):
        fresh = make_student(here.other_klass, "n1", "新来的")
        beside = make_student(here.klass, "n2", "也是新来的")
    assert "invited" in waves.follow_screenings()
    with acting_as(here.counselor):
        asked = set(running.sittings.values_list("student_id", flat=True))
        assert fresh.pk in asked and beside.pk not in asked
    assert waves.follow_screenings() == ""


def test_a_named_student_who_changes_class_before_the_list_is_made_is_still_asked(here, named):
    with acting_as("system:demo"):
        here.students[0].klass = here.other_klass
        here.students[0].save(update_fields=["klass"])
    with acting_as(here.counselor):
        named.chosen.filter(klass=here.other_klass).delete()
        actions.invite_students(named, actor=here.counselor)
        assert named.sittings.get().student_id == here.students[0].pk
        assert named.chosen.filter(klass=here.other_klass, is_whole=False).exists()


def test_consent_waves_and_the_guard_against_asking_again_count_the_named_alone(here, named):
    with acting_as("system:demo"):
        now = timezone.now()
        for student, index in ((here.students[0], b"earlier-1"), (here.students[1], b"earlier-2")):
            values = {"state": "finished", "started_at": now, "code_index": index}
            Sitting.objects.update_or_create(screening=here.screening, student=student, defaults=values)
        for n in range(9):
            CalendarDay.objects.create(county=here.county, on=timezone.localdate() + timedelta(days=n), kind="on_site")
    with acting_as(here.counselor):
        assert [other.students for other in others_of(named)] == [1]
        before = asked_of(named)
        wide = Pace(minutes_a_day=480, minutes_each=10, backlog_limit=50)
        [first, makeup] = waves.plan_waves(named, actor=here.counselor, pace=wide)
        assert first.students == 2 and makeup.is_makeup
        people.remove_person(named, here.students[0].pk, actor=here.counselor)
        assert asked_of(named) != before and not named.waves.exists(), "counted for other students"
        people.add_people(named, here.students[1:2], actor=here.counselor)
        decide(here.students[1], "refused", here.guardian)
        actions.invite_students(named, actor=here.counselor)
        assert set(enrolled(named)) == {here.students[1], here.students[2]}


def test_names_are_taken_back_while_it_is_a_draft_and_no_longer(here, there, named):
    with acting_as(here.counselor):
        with pytest.raises(PermissionDenied):
            people.add_people(named, [*here.students[1:2], there.students[0]], actor=here.counselor)
        assert named.people.count() == 1, "all or nobody"
        assert people.add_people(named, here.students, actor=here.counselor) == 1, "the third comes with her class"
        people.remove_person(named, here.students[1].pk, actor=here.counselor)
        actions.invite_students(named, actor=here.counselor)
        with pytest.raises(ScreeningRefused, match="不能移除"):
            people.remove_person(named, here.students[0].pk, actor=here.counselor)
        actions.move_screening(named, "open", actor=here.counselor)
        with pytest.raises(ScreeningRefused, match="已经开始"):
            people.add_people(named, here.students[1:2], actor=here.counselor)
    with acting_as("system:demo"):
        assert AuditEntry.objects.filter(verb="assessments.choose_students").count() == 2


def test_ticking_the_whole_class_takes_the_named_into_it(here, named):
    with acting_as(here.counselor):
        values = {"title": "改", "opens_at": named.opens_at, "closes_at": named.closes_at, "legal_basis": "duty"}
        actions.edit_screening(
            named, actor=here.counselor, scales=named.scales.all(), klasses=[here.klass, here.other_klass], **values
        )
        assert not named.people.exists() and named.chosen.filter(is_whole=True).count() == 2
        assert named.chosen.count() == 2


def test_who_was_named_is_seen_by_the_counselor_alone_and_leaves_the_school_in_no_number(here, there, named, enter):
    running = opened(here, named)
    for outsider in (there.counselor, here.homeroom, here.principal, here.county_officer):
        with acting_as(outsider):
            assert not ScreeningPerson.objects.exists()
    with acting_as("system:statistics"):
        recount_everything()
    with acting_as("system:demo"):
        assert sum(row.invited for row in Coverage.objects.filter(screening_id=running.pk)) == 1
        assert running.sittings.count() == 2, "both were asked, one is counted outside"
    page = url("screening-people", running.pk)
    assert enter(there.counselor).get(page).status_code == 404
    assert enter(here.homeroom).get(page).status_code == 403


def test_the_page_searches_adds_lists_and_takes_nobody_from_a_wrong_list(here, there, draft, enter):
    client, page = enter(here.counselor), url("screening-people", draft.pk)
    assert "还没有按人选学生" in client.get(page).text
    kid, beside, in_class = here.students
    found = client.get(page, {"q": kid.name}).text
    assert kid.number in found and "加入勾选的学生" in found
    assert "随全班" in client.get(page, {"q": in_class.name}).text
    assert "没有找到在读的学生" in client.get(page, {"q": there.students[0].name}).text
    wrong = client.post(page, {"numbers": f"{kid.number}\n\n{there.students[0].number}\n{beside.number}"})
    assert wrong.status_code == 422 and "第 3 行的学号" in wrong.text and kid.number in wrong.text
    assert client.post(page, {}).status_code == 422
    assert client.post(page, {"students": [there.students[0].pk]}).status_code == 422
    with acting_as(here.counselor):
        assert not draft.people.exists()
    added = client.post(page, {"students": [kid.pk], "numbers": beside.number}, follow=True).text
    assert "新加入 2 人" in added and "已选学生（2 人）" in added
    with acting_as("system:demo"):
        assert AccessEntry.objects.filter(student_id=kid.pk, what="screening_people").exists()
    drop = url("screening-person-drop", draft.pk, beside.pk)
    assert enter(there.counselor).post(drop).status_code == 404
    assert "已移除 1 人" in enter(here.counselor).post(drop, follow=True).text
    opened(here, draft)
    assert client.post(page, {"students": [beside.pk]}).status_code == 409
    assert client.post(url("screening-person-drop", draft.pk, kid.pk)).status_code == 409


def test_school_and_grade_are_ticked_as_one_and_only_named_students_need_no_class(here, enter):
    scales, start = approved_scales(here, "WHO-5"), timezone.localtime() + timedelta(days=1)
    typed = {
        "title": "普测", "legal_basis": "duty", "scales": [scales[0].pk], "makeup_place": "周四三楼机房",
        "opens_at": f"{start:%Y-%m-%dT%H:%M}", "closes_at": f"{start + timedelta(days=2):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    client, page = enter(here.counselor), url("screening-create")
    form = client.get(page).text
    assert "全年级 2 个班" in form and "5 题，约 1 分钟" in form
    nobody = client.post(page, typed)
    assert nobody.status_code == 422 and "请选择全校、年级或班级" in nobody.text
    assert client.post(page, typed | {"grades": ["999999"]}).status_code == 422
    for ticked in ({"grades": [here.grade.pk]}, {"whole_school": "on"}):
        assert client.post(page, typed | ticked).status_code == 302
        with acting_as(here.counselor):
            made = Screening.objects.order_by("pk").last()
            assert set(made.chosen.values_list("klass_id", flat=True)) == {here.klass.pk, here.other_klass.pk}
            assert made.makeup_place == "周四三楼机房"
    alone = client.post(page, typed | {"by_person": "on"})
    assert alone["Location"].endswith("/people/")
    back = client.post(page, typed | {"title": "", "grades": [here.grade.pk]}).text
    assert f'value="{here.klass.pk}" checked' in back, "what was ticked comes back"


def test_unticking_the_named_takes_them_out_of_the_draft(here, named, enter):
    start = timezone.localtime() + timedelta(days=1)
    with acting_as(here.counselor):
        scale = named.scales.first()
    typed = {
        "title": "改过", "legal_basis": "duty", "scales": [scale.pk], "klasses": [here.other_klass.pk],
        "opens_at": f"{start:%Y-%m-%dT%H:%M}", "closes_at": f"{start + timedelta(days=2):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    client, page = enter(here.counselor), url("screening-edit", named.pk)
    assert client.post(page, typed | {"by_person": "on"}).status_code == 302
    with acting_as(here.counselor):
        assert named.people.exists()
    assert client.post(page, typed).status_code == 302
    with acting_as(here.counselor):
        assert not named.people.exists()
        assert set(named.chosen.values_list("klass_id", flat=True)) == {here.other_klass.pk}


def test_pauses_of_a_battery_that_was_changed_meanwhile_are_left_as_they_are(here, named, enter):
    with acting_as(here.counselor):
        part = named.screeningscale_set.first()
        named.screeningscale_set.update(pause_after=True)
    enter(here.counselor).post(url("screening-pauses", named.pk), {"after": ["999999"]})
    with acting_as(here.counselor):
        part.refresh_from_db()
        assert part.pause_after
