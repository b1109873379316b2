"""Tables that imports fill (Seal.bulk): an insert may state the place, the database compares it with the parent's."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.cast import World
from xinyu.access.actor import acting_as
from xinyu.students.models import Guardian, Student

pytestmark = pytest.mark.django_db
PLACE = ("school_id", "grade_id", "klass_id")


def place_of(student: Student) -> dict[str, int]:
    return {column: getattr(student, column) for column in PLACE}


def refused(*rows: tuple[Student, dict[str, int]]) -> bool:
    """Whether one statement with these guardians is refused because of where they would be."""
    values = [(student.pk, *(place[column] for column in PLACE)) for student, place in rows]
    marks = ", ".join(["(gen_random_uuid(), %s, %s, %s, %s, '甲', '', 1)"] * len(values))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO students_guardian (vault_id, student_id, school_id, grade_id, klass_id, name, relation,"
                f' "order") VALUES {marks}',
                [value for row in values for value in row],
            )
    except DatabaseError as error:
        assert "out of sight" in str(error)
        return True
    return False


def test_a_silent_insert_is_filled_from_the_student(here: World):
    kid, other = here.students[0], here.students[-1]
    with acting_as(here.counselor):
        made = Guardian.objects.bulk_create([Guardian(student=kid, name="甲"), Guardian(student=other, name="乙")])
        for guardian, student in zip(made, (kid, other), strict=True):
            assert place_of(Guardian.objects.get(pk=guardian.pk)) == place_of(Student.objects.get(pk=student.pk))


def test_a_stated_place_must_be_the_students_own(here: World):
    with acting_as(here.counselor):
        kid = Student.objects.get(pk=here.students[0].pk)
        own = place_of(kid)
        assert kid.klass_id != here.other_klass.pk
        assert refused((kid, own | {"klass_id": here.other_klass.pk}))
        assert refused((kid, own | {"grade_id": 0})) and refused((kid, own | {"klass_id": 0}))
        assert not refused((kid, own))


def test_nothing_hangs_on_a_student_out_of_sight_even_where_the_place_is_ones_own(here: World, there: World):
    with acting_as(there.counselor):
        theirs = place_of(Student.objects.get(pk=there.students[0].pk))
        assert refused((here.students[0], theirs))


def test_one_wrong_row_refuses_all_of_the_statement(here: World, there: World):
    with acting_as(there.counselor):
        kid = Student.objects.get(pk=there.students[0].pk)
        before = Guardian.objects.count()
        assert refused((kid, place_of(kid)), (here.students[0], place_of(kid)), (kid, place_of(kid)))
        assert Guardian.objects.count() == before
