"""The pure world: the same seed gives the same people, and none of them can be anybody."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from xinyu.demo.answers import ITEMS, answers, mood_of
from xinyu.demo.places import NORMAL, TINY
from xinyu.demo.seasons import rules_around
from xinyu.demo.world import make_world
from xinyu.lib import identity_numbers, phones
from xinyu.organisations.choices import STAGES_OF_KIND
from xinyu.reminders.season_book import parse_season

TODAY = date(2026, 11, 24)


def people(size: str):
    return [pupil for one in make_world(size, TODAY).schools for klass in one.klasses for pupil in klass.pupils]


def test_same_day_gives_the_same_people():
    assert make_world("tiny", TODAY) == make_world("tiny", TODAY)


def test_city_has_every_kind_of_school_and_about_six_thousand_students():
    world = make_world("normal", TODAY)
    assert 5500 <= world.students <= 6500 and len(world.schools) == 12 and len(world.county_staff) == 3
    assert {school.kind for school in NORMAL} == set(STAGES_OF_KIND)
    assert all(school.stages == STAGES_OF_KIND[school.kind] for school in (*NORMAL, *TINY))
    assert any(s.locality == "rural" and s.enrolment <= 600 for s in NORMAL)
    assert any(s.is_demonstration and s.enrolment >= 1000 for s in NORMAL)


def test_tiny_has_two_counties_three_schools_three_hundred_students():
    world = make_world("tiny", TODAY)
    assert (world.students, len(world.schools), len(world.county_staff)) == (300, 3, 2)


@pytest.mark.parametrize("size", ["tiny", "normal"])
def test_numbers_are_valid_unique_and_nobodys(size):
    pupils = people(size)
    assert max(Counter(p.id_number for p in pupils).values()) == 1
    assert max(Counter(p.phone for p in pupils).values()) == 1
    for pupil in pupils[::7]:
        found = identity_numbers.parse(pupil.id_number)
        assert (found.birth_on, found.sex) == (pupil.birth_on, pupil.sex)
        assert pupil.id_number.startswith("990000"), "no province and no nationality has these digits"
        assert phones.normalise(pupil.phone) == pupil.phone and pupil.phone.startswith("154")


def test_every_role_has_people_and_every_log_in_is_its_own():
    world = make_world("normal", TODAY)
    members = [m for one in world.schools for m in one.staff] + list(world.city_staff)
    members += [m for people in world.county_staff.values() for m in people]
    assert len({m.username for m in members}) == len(members)
    assert {"counselor1", "homeroom1", "principal1", "county1", "city1", "security1", "audit1", "system1"} <= {
        m.username for m in members
    }


@pytest.mark.parametrize("scale", sorted(ITEMS))
def test_answers_stay_within_the_options(scale):
    dice, highest = Random(1), 5 if scale == "WHO-5" else 3
    for _ in range(500):
        values = answers(scale, mood_of(dice), dice)
        assert len(values) == ITEMS[scale] and all(v is None or 0 <= v <= highest for v in values)


def test_critical_answers_are_few_enough_for_one_counselor():
    dice = Random(2)
    above = sum(bool(answers("PHQ-9", mood_of(dice), dice)[8]) for _ in range(2000))
    assert 40 < above < 400  # about one in six: the round has somebody to meet


def test_own_season_contains_the_day():
    season = parse_season(rules_around(TODAY)["custom"][0])
    assert date.fromisoformat(season.windows[0].start) < TODAY < date.fromisoformat(season.windows[0].end)
