"""Direct SQL: what somebody sees is not what she may write; what was given, signed or ended stays so."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from assessments.models import Flag
from crisis.actions.cards import answer_card, give_card
from crisis.actions.conferences import sign_minutes
from crisis.actions.home_harm import suspend_guardian
from crisis.models import MinutesCopy
from xinyu.access.actor import acting_as
from xinyu.students.models import ContactHold

from .cases import in_days, met, opened

pytestmark = pytest.mark.django_db


def tries(user, statement, *values) -> int:
    """Rows that the statement changed; -1 where the database refused it."""
    try:
        with transaction.atomic(), acting_as(user), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount
    except DatabaseError as error:
        assert "insufficient" in str(type(error.__cause__)).lower() or "InsufficientPrivilege" in repr(error.__cause__)
        return -1


@pytest.fixture
def case(here):
    return opened(here, here.students[1], level="orange")


@pytest.fixture
def held(here, case):
    with acting_as(here.counselor):
        harm = suspend_guardian(
            case, actor=here.counselor, guardian=None, named="亲戚", reason="依据", known_at=timezone.now()
        )
    return harm.hold


@pytest.mark.parametrize("who", ["homeroom", "grade_head", "moral_head"])
def test_whoever_reads_whom_not_to_phone_can_not_end_the_hold_or_set_one(here, held, who):
    with acting_as(here.users[who]):
        assert ContactHold.objects.filter(pk=held.pk).exists()
    assert tries(here.users[who], "UPDATE students_contacthold SET ended_at = now() WHERE id = %s", held.pk) == -1
    add = "INSERT INTO students_contacthold (student_id, from_at, by_id) VALUES (%s, now(), %s)"
    assert tries(here.users[who], add, held.student_id, here.users[who].pk) == -1


def test_a_hold_that_has_ended_and_whom_it_names_stay(here, case, held):
    for change in (
        "from_at = now() - interval '1 day'",
        f"by_id = {here.principal.pk}",
        f"guardian_id = {here.guardian.pk}",
    ):
        assert tries(here.counselor, f"UPDATE students_contacthold SET {change}") == -1
    assert tries(here.counselor, "UPDATE students_contacthold SET ended_at = now()") == 1
    assert tries(here.counselor, "UPDATE students_contacthold SET ended_at = NULL") == -1


def test_the_end_of_a_suspension_is_in_ones_own_hand_and_with_the_decision(here, held):
    said = "UPDATE crisis_homeharm SET ended_at = now(), ended_by_id = %s"
    assert tries(here.counselor, said, here.principal.pk) == -1
    with pytest.raises(DatabaseError, match="home_harm_ended_by_decision"), transaction.atomic():
        tries_as(here.principal, said, here.principal.pk)
    assert tries(here.principal, "UPDATE crisis_homeharm SET reason = NULL") == -1


def tries_as(user, statement, *values):
    with acting_as(user), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_live_card_is_not_changed_by_its_reader_and_its_words_by_nobody(here, case):
    with acting_as(here.counselor):
        card = give_card(case, actor=here.counselor, watch="a", say="b", call="c", until_on=in_days(9))
    for change in ("is_live = false", "shown_level = 'red'", "watch = NULL", "until_on = until_on + 1"):
        assert tries(here.homeroom, f"UPDATE crisis_actioncard SET {change} WHERE id = %s", card.pk) == -1
    for change in ("watch = NULL", "say = watch", f"by_id = {here.principal.pk}"):
        assert tries(here.counselor, f"UPDATE crisis_actioncard SET {change} WHERE id = %s", card.pk) == -1
    assert tries(here.principal, "UPDATE crisis_actioncard SET is_live = false, ended_at = now()") == 1


def test_an_urgent_tap_leaves_a_flag_that_names_nobody_and_that_the_tapper_can_not_touch(here, case):
    from uuid import uuid4

    with acting_as(here.counselor):
        card = give_card(case, actor=here.counselor, watch="a", say="b", call="c", until_on=in_days(9))
    with acting_as(here.homeroom):
        said = answer_card(card, actor=here.homeroom, answer="urgent", words="在哭", key=uuid4())
        assert not Flag.objects.exists()
    assert tries(here.homeroom, "UPDATE assessments_flag SET due_at = now() + interval '9 days'") == 0
    with acting_as(here.counselor):
        flag = Flag.objects.get(student=case.student, level="immediate")
        assert flag.raised_by is None and flag.school_id == here.school.pk and flag.klass_id == case.student.klass_id
    ring = "SELECT access_ring('card', %s, now())"
    assert tries(here.teacher, ring, said.pk) == -1, "somebody else's answer rings nothing"


def test_a_signature_is_set_by_its_person_once(here, case):
    meeting = met(here, case, level="orange", present=[here.homeroom])
    sign = "UPDATE crisis_seat SET signed_at = now(), signed_digest = 'x' WHERE person_id = %s"
    for who in (here.counselor, here.principal, here.vice_principal):
        assert tries(who, sign, here.homeroom.pk) == -1
    assert tries(here.homeroom, "UPDATE crisis_seat SET was_there = false WHERE person_id = %s", here.homeroom.pk) == -1
    with acting_as(here.homeroom):
        sign_minutes(MinutesCopy.objects.get(conference=meeting, reader=here.homeroom), actor=here.homeroom, text="x")
    for who in (here.homeroom, here.counselor):
        assert tries(who, "UPDATE crisis_seat SET signed_at = NULL WHERE person_id = %s", here.homeroom.pk) == -1
    seat = """INSERT INTO crisis_seat (vault_id, conference_id, case_id, person_id, signed_at, signed_digest)
        SELECT gen_random_uuid(), conference_id, case_id, %s, now(), '' FROM crisis_seat LIMIT 1"""
    assert tries(here.counselor, seat, here.principal.pk) == -1
