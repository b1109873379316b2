"""Boards: who gets which, nothing of a student on them, the same hidden cells in page and spreadsheet."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessments.models import Flag
from tests.cast import make_student
from xinyu.access.actor import acting_as
from xinyu.accounts.models import ApiToken
from xinyu.accounts.tokens import new_token
from xinyu.dashboard.models import Coverage
from xinyu.dashboard.publishing import publish_totals
from xinyu.dashboard.suppression import HIDDEN_LABEL
from xinyu.organisations.models import Grade, School
from xinyu.students.models import Student

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def cover(world, grade=None, finished=30):
    grade = grade or world.grade
    with acting_as("system:statistics"):
        Coverage.objects.create(
            school_id=grade.school_id, screening_id=world.screening.pk, title=world.screening.title, opens_on=TODAY,
            grade_id=grade.pk, grade_name="初二", invited=50, started=5, finished=finished, exempt=10,
            counted_at=timezone.now(),
        )  # fmt: skip


def flag(world, count):
    with acting_as("system:demo"):
        for n in range(count):
            kid = make_student(world.klass, f"canary{world.tag}{n}", f"canary-{world.tag}-{n}")
            Flag.objects.create(student=kid, level="same_day", source="band", due_at=timezone.now())


@pytest.fixture
def published(here, there):
    flag(here, 19)
    flag(there, 1)
    cover(here)
    cover(there)
    with acting_as("system:statistics"):
        publish_totals(TODAY)


def totals_by_api(world):
    token, digest = new_token()
    ApiToken.objects.create(
        user=world.city_officer, name="市平台", digest=digest, scope="coverage", expires_on=TODAY + timedelta(days=9)
    )
    response = Client().get("/api/v1/totals/", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200, response.content
    return response.json()["results"]


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_each_gets_the_board_of_the_own_place(here, there, published, enter):
    county = text(enter(here.county_officer).get(reverse("dashboard:board")))
    assert "甲县 · 数据看板" in county and "甲中学" in county and "乙中学" not in county and "75.0%" in county
    city = text(enter(here.city_officer).get(reverse("dashboard:board")))
    assert "甲县" in city and "乙县" in city
    school = text(enter(here.principal).get(reverse("dashboard:board")))
    assert "甲中学 · 数据看板" in school and "甲普测 · 初二" in school and "乙" not in school.split("<main")[1]


@pytest.mark.parametrize(
    ("role", "county", "school"),
    [("county_officer", 404, 404), ("city_officer", 200, 200), ("counselor", 403, 404), ("homeroom", 403, 403)],
)
def test_other_county_is_not_there(here, there, published, enter, role, county, school):
    client = enter(here.users[role])
    assert client.get(reverse("dashboard:board-county", args=[there.county.pk])).status_code == county
    assert client.get(reverse("dashboard:board-school", args=[there.school.pk])).status_code == school
    export = reverse("dashboard:board-export-county", args=[there.county.pk])
    assert client.get(export).status_code == {200: 200, 403: 403 if role == "homeroom" else 404, 404: 404}[county]


def test_outsider_and_people_without_a_post_get_no_board_of_ours(here, there, published, enter):
    assert enter(there.counselor).get(reverse("dashboard:board-school", args=[here.school.pk])).status_code == 404
    for role in ("nobody", "revoked", "doctor", "teacher"):
        assert enter(here.users[role]).get(reverse("dashboard:board")).status_code == 403


def test_no_student_on_any_board_and_none_in_sight_of_the_bureau(here, there, published, enter):
    for role in ("county_officer", "city_officer"):
        with acting_as(here.users[role]):
            assert not Student.objects.exists() and not Flag.objects.exists()
        client = enter(here.users[role])
        for url in (
            reverse("dashboard:board"),
            reverse("dashboard:board-county", args=[here.county.pk]),
            reverse("dashboard:board-school", args=[here.school.pk]),
        ):
            page = text(client.get(url))
            assert "canary" not in page and "同学" not in page
        sheet = client.get(reverse("dashboard:board-export-county", args=[here.county.pk])).content
        cells = [str(cell) for tab in load_workbook(io.BytesIO(sheet)) for row in tab.values for cell in row]
        assert not [cell for cell in cells if "canary" in cell or "同学" in cell]


def test_page_part_and_spreadsheet_hide_the_same_cells(here, there, published, enter):
    client = enter(here.city_officer)
    page = text(client.get(reverse("dashboard:board")))
    part = text(client.get(reverse("dashboard:board"), headers={"HX-Request": "true"}))
    sheet = client.get(reverse("dashboard:board-export-city", args=[here.city.pk])).content
    rows = list(load_workbook(io.BytesIO(sheet)).worksheets[0].values)
    totals = {row[0]: row[-1] for row in rows[1:]}
    assert totals["乙县"] == HIDDEN_LABEL and HIDDEN_LABEL in (totals["甲县"], totals["合计"])
    cell = f'data-label="待了解学生">{HIDDEN_LABEL}'
    assert page.count(cell) == part.count(cell) == list(totals.values()).count(HIDDEN_LABEL)
    api = {row["county"]: row for row in totals_by_api(here) if row["school"] is None}
    assert (api["C-乙"]["value"], api["C-乙"]["is_hidden"]) == (None, True)
    assert sum(row["is_hidden"] for row in api.values()) == list(totals.values()).count(HIDDEN_LABEL)
    assert "<html" not in part and 'hx-trigger="every 10s"' in part


def test_number_of_queries_does_not_grow_with_schools(here, there, published, enter):
    client = enter(here.county_officer)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            text(client.get(reverse("dashboard:board")))
        return len(found)

    queries()
    few = queries()
    with acting_as("system:demo"):
        for n in range(3):
            school = School.objects.create(
                county=here.county, city=here.city, code=f"S-x{n}", name=f"第{n}中学", kind="junior",
                locality="urban", enrolment=700,
            )  # fmt: skip
            grade = Grade.objects.create(school=school, stage="junior", entry_year=2024 + n)
            cover(here, grade)
    assert queries() == few


def test_an_old_screening_is_not_of_this_school_year(here, there, published, enter):
    with acting_as("system:statistics"):
        Coverage.objects.update(opens_on=TODAY - timedelta(days=500))
    assert "0 人次应完成" in text(enter(here.county_officer).get(reverse("dashboard:board")))
