"""Rooms of schools: required beside built, who sees and who edits them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from counseling_rooms.actions import RoomValues, add_room, edit_room
from counseling_rooms.models import Room
from counseling_rooms.queries import room_compliance
from xinyu.access.actor import acting_as
from xinyu.organisations.models import County, School

pytestmark = pytest.mark.django_db


def built(world, built_type="standard", **facts):
    with acting_as(world.counselor):
        return add_room(world.school.pk, RoomValues("辅导室", built_type, None, facts), actor=world.counselor)


def more_schools(world, count):
    with acting_as("system:demo"):
        return [
            School.objects.create(
                county=world.county,
                city=world.city,
                code=f"M-{world.tag}{n}",
                name=f"{world.tag}第{n}小学",
                kind="primary",
                locality="town",
                enrolment=300,
            )
            for n in range(count)
        ]


def edits(world):
    with acting_as(world.audit_admin), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditentry WHERE verb LIKE 'rooms.%%'")
        return cursor.fetchone()[0]


def test_required_beside_built(here):
    with acting_as(here.counselor):
        before = room_compliance([here.school])[0]
    assert (before.required.minimum.code, before.built, before.compliance.code) == ("standard", None, "missing")
    built(here, "simple")
    with acting_as(here.counselor):
        assert room_compliance([here.school])[0].compliance.code == "below"
    built(here, "model", individual_room_count=2.0, has_phone=True)
    with acting_as(here.counselor):
        line = room_compliance([here.school])[0]
    assert (line.built.code, line.compliance.code, len(line.rooms)) == ("model", "above", 2)
    assert line.met_items == 2 and line.all_items > 10


def test_the_county_decides_whether_a_town_counts_as_rural(here):
    school = more_schools(here, 1)[0]
    with acting_as(here.county_officer):
        assert room_compliance([school])[0].required.minimum.code == "standard"
        County.objects.filter(pk=here.county.pk).update(settings={"town_counts_as_rural": True, "hotline": "12356"})
        line = room_compliance([school])[0]
    assert line.required.minimum.code == "simple" and line.required.is_permission


def test_students_per_teacher_follows_from_the_enrolment(here):
    built(here, "model", full_time_count=1.0)
    with acting_as(here.counselor):
        checks = room_compliance([here.school])[0].rooms[0].checks
    ratio = next(check for check in checks if check.item.code == "staff_ratio")
    assert ratio.is_met and "900" in ratio.reason


def test_one_school_and_many_cost_the_same(here):
    schools = more_schools(here, 3)
    with acting_as(here.county_officer):
        for some in (schools[:1], schools):
            with CaptureQueriesContext(connection) as seen:
                assert len(room_compliance(some)) == len(some)
            assert len(seen) == 2


def test_a_room_is_changed_once_and_recorded(here):
    room = built(here)
    with acting_as(here.counselor):
        edit_room(room, RoomValues("新辅导室", "model", None, {"has_phone": True}), actor=here.counselor)
        room.refresh_from_db()
        assert (room.name, room.built_type, room.facts) == ("新辅导室", "model", {"has_phone": True})
    assert edits(here) == 2


@pytest.mark.parametrize("role", ["principal", "teacher", "county_officer"])
def test_only_the_counselor_of_the_school_edits(here, there, role):
    with acting_as(here.users[role]), pytest.raises(PermissionDenied):
        add_room(here.school.pk, RoomValues("x", "simple"), actor=here.users[role])
    with acting_as(here.counselor), pytest.raises(PermissionDenied):
        add_room(there.school.pk, RoomValues("x", "simple"), actor=here.counselor)
    assert edits(here) == 0


@pytest.mark.parametrize("role", ["counselor", "principal", "homeroom", "teacher", "grade_head"])
def test_the_school_sees_its_rooms_line_by_line(here, there, enter, role):
    built(here, "standard", individual_room_count=0.0)
    shown = enter(here.users[role]).get(reverse("rooms:list")).content.decode()
    assert "应建标准型" in shown and "试用默认，非文件规定" in shown and "未填报" in shown
    assert "现为 0 间，要求不少于 1 间" in shown and there.school.name not in shown
    assert ("修改信息" in shown) is (role == "counselor")


def test_the_bureau_sees_the_schools_of_its_place(here, there, enter):
    more_schools(here, 2)
    built(here)
    client = enter(here.county_officer)
    shown = client.get(reverse("rooms:list")).content.decode()
    assert here.school.name in shown and f"{here.tag}第1小学" in shown and there.school.name not in shown
    part = client.get(reverse("rooms:list"), {"compliance": "met"}, headers={"HX-Request": "true"}).content.decode()
    assert here.school.name in part and f"{here.tag}第1小学" not in part
    assert client.get(reverse("rooms:school", args=[there.school.pk])).status_code == 404
    city = enter(here.city_officer).get(reverse("rooms:list")).content.decode()
    assert here.school.name in city and there.school.name in city


def test_the_form_asks_for_what_the_standard_asks(here, enter):
    client = enter(here.counselor)
    page = reverse("rooms:room-new", args=[here.school.pk])
    assert "最小的个别辅导室面积（平方米）" in client.get(page).content.decode()
    refused = client.post(page, {"name": "我的辅导室", "built_type": "standard", "group_room_m2": "-3"})
    assert refused.status_code == 422 and "我的辅导室" in refused.content.decode()
    answer = client.post(
        page, {"name": "我的辅导室", "built_type": "standard", "group_room_m2": "25.5", "has_phone": "on"}
    )
    assert answer.status_code == 302
    with acting_as(here.counselor):
        room = Room.objects.get()
    assert room.facts["group_room_m2"] == 25.5 and room.facts["has_phone"] is True and room.facts["has_books"] is False
    assert "office_m2" not in room.facts
    assert (
        client.post(reverse("rooms:room-edit", args=[room.pk]), {"name": "改名", "built_type": "model"}).status_code
        == 302
    )


def test_rooms_of_others_are_not_edited_from_here(here, there, enter):
    room = built(here)
    edit, new = reverse("rooms:room-edit", args=[room.pk]), reverse("rooms:room-new", args=[here.school.pk])
    assert enter(there.counselor).get(edit).status_code == 404
    assert enter(there.counselor).get(new).status_code == 404
    assert enter(here.principal).get(edit).status_code == 403
    assert enter(here.doctor).get(reverse("rooms:list")).status_code == 403


def test_a_countys_own_rules_change_what_its_schools_must_have_and_nobody_elses(here, there, enter):
    url, client = reverse("rooms:rules"), enter(here.county_officer)
    for world in (here, there):
        School.objects.filter(pk=world.school.pk).update(kind="junior", locality="town", enrolment=400)
        County.objects.filter(pk=world.county.pk).update(settings={"hotline": "12355"})
    page = client.get(url).text
    assert "至少应建：标准型 1 所" in page and "谈话时段" in page
    typed = {"town_counts_as_rural": "on", "whole_school_enrolment": "on", "model_from": 1000, "simple_up_to": 600}
    wrong = client.post(url, typed | {"model_from": 3, "document": "本区办法"})
    assert wrong.status_code == 422 and "本区办法" in wrong.text
    assert "1 所学校应建的类型随之改变" in client.post(url, typed | {"document": "本区办法 2026"}, follow=True).text
    with acting_as("system:demo"):
        required = {line.school.pk: line.required.minimum.code for line in room_compliance(School.objects.all())}
    assert required == {here.school.pk: "simple", there.school.pk: "standard"}
    assert County.objects.get(pk=here.county.pk).settings["hotline"] == "12355", "no other setting is lost"
    for role in ("counselor", "city_officer", "principal"):
        assert enter(here.users[role]).post(url, typed).status_code == 403
