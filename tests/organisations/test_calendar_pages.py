"""The county's calendar from its rows, on the page, edited by its own bureau."""

from datetime import date

import pytest

from xinyu.access.actor import acting_as
from xinyu.organisations import actions
from xinyu.organisations.models import CalendarDay, Klass
from xinyu.organisations.queries import calendar_of

pytestmark = pytest.mark.django_db
SATURDAY = date(2026, 11, 28)


def enter_term(world):
    with acting_as(world.county_officer):
        actions.add_term(world.county, "2026-2027-1", date(2026, 9, 1), date(2027, 1, 22))


def test_the_calendar_is_built_from_the_countys_rows(here, there):
    enter_term(here)
    with acting_as(here.county_officer):
        actions.add_day(here.county, SATURDAY, "on_site", "调休上课")
        actions.add_exam(here.county, "midterm", date(2026, 11, 10), date(2026, 11, 12))
        found = calendar_of(here.county)
        assert found.has_students_on_site(SATURDAY) and found.why(SATURDAY) == "调休上课"
        assert found.terms[0].midterm.start == date(2026, 11, 10)
        assert found.is_estimated(2028) and not actions.confirm_year(here.county, 2028).is_estimated(2028)
        assert not calendar_of(there.county).terms and calendar_of(there.county, on=SATURDAY).terms


def test_the_officer_edits_through_the_page_and_the_month_shows_it(here, enter):
    client = enter(here.county_officer)
    url = f"/calendar/{here.county.pk}"
    assert client.post(f"{url}/term/", {"code": "2026", "starts_on": "x"}).status_code == 422
    made = {"code": "2026-2027-1", "starts_on": "2026-09-01", "ends_on": "2027-01-22"}
    assert client.post(f"{url}/term/", made).status_code == 302
    assert client.post(f"{url}/day/", {"on": SATURDAY, "kind": "off", "note": "校运会"}).status_code == 302
    page = client.get("/calendar/?month=2026-11")
    assert "校运会" in page.text and "2026—2027学年上学期" in page.text
    assert "尚未公布" in client.get("/calendar/?month=2029-01").text
    assert client.post(f"{url}/years/2029/confirm/").status_code == 302
    assert "尚未公布" not in client.get("/calendar/?month=2029-01").text
    assert client.post(f"{url}/days/{SATURDAY}/remove/").status_code == 302
    assert not CalendarDay.objects.exists()


def test_another_countys_calendar_is_not_theirs(here, there, enter):
    client = enter(there.county_officer)
    assert client.get(f"/calendar/{here.county.pk}/day/").status_code == 404
    assert enter(here.counselor).get("/calendar/").status_code == 200
    assert enter(here.counselor).get(f"/calendar/{here.county.pk}/day/").status_code == 403
    assert enter(here.nobody).get("/calendar/").status_code == 403


def test_schools_are_listed_with_their_classes(here, there, enter):
    page = enter(here.county_officer).get("/schools/").text
    assert "甲中学" in page and "乙中学" not in page
    city = enter(here.city_officer).get("/schools/").text
    assert "甲中学" in city and "乙中学" in city


def test_places_are_made_once(here):
    with acting_as("system:demo"):
        city, [county] = actions.set_up_city("丙市", {"C-丙": "丙县"})
        school = actions.create_school(county, "S-丙", "丙中学", "junior", "town")
        grade = actions.create_grade(school, "junior", 2026)
        klass = actions.create_klass(grade, "1班")
        assert actions.create_grade(school, "junior", 2026) == grade and actions.create_klass(grade, "1班") == klass
    assert (klass.school_id, school.city_id) == (school.pk, city.pk) and Klass.objects.filter(
        school=school
    ).count() == 1
