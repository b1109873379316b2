"""A no that comes while a screening runs: the door knows it at once, the lists within a sweep; no need goes unheard."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments.actions import answering as actions
from assessments.actions.refusals import heed_refusals
from assessments.consent import may_be_asked
from assessments.models import CoverageTicket, Flag, Sitting, SittingWord
from assessments.queries.answering import desk
from tests.assessments.sittings import as_counselor, invite, open_screening, results, set_screening
from tests.assessments.test_answering_actions import do, page
from tests.assessments.test_consent_links import parent
from tests.assessments.test_screening_consent import FATHER, HISTORIES, MOTHER, SELF
from tests.cast import make_student
from xinyu.access.actor import acting_as
from xinyu.students.actions.decisions import record_decision
from xinyu.students.models import Guardian, GuardianDecision, Student

pytestmark = pytest.mark.django_db


def say(world, guardian, decision, **values):
    with acting_as(world.counselor):
        record_decision(
            guardian.student, guardian, purpose="screening", decision=decision, channel="phone",
            notice_version="2026-1", decided_at=timezone.now(), actor=world.counselor, **values,
        )  # fmt: skip


def state_of(sitting, world):
    with acting_as(world.counselor):
        return Sitting.objects.get(pk=sitting.pk).state


@pytest.fixture
def mother(here):
    open_screening(here, "PHQ-9")
    with acting_as("system:demo"):
        return parent(here.students[0])


def test_whoever_has_not_begun_is_kept_out_at_once_and_off_the_lists_with_the_sweep(here, there, mother):
    sitting, code = invite(here, mother.student)
    other, _ = invite(here, here.students[1])
    assert heed_refusals() == ""
    say(here, mother, "refused")
    client = Client()
    assert "不需要作答" in client.post("/a/", {"code": code}, follow=True).content.decode()
    client.post("/a/begin/")
    assert state_of(sitting, here) == "invited"
    assert heed_refusals() == "1 taken out, 0 let go" and heed_refusals() == ""
    assert (state_of(sitting, here), state_of(other, here)) == ("exempt", "invited")
    assert [word.kind for word in as_counselor(here, SittingWord, sitting=sitting)] == ["no_consent"]
    assert not as_counselor(there, SittingWord, sitting=sitting)
    with acting_as("system:statistics"):
        assert CoverageTicket.objects.filter(screening=here.screening).exists()


def test_whoever_has_begun_is_let_go_without_a_result_and_a_critical_answer_is_heard(here, mother):
    sitting, _ = invite(here, mother.student, state="started")
    do(sitting, actions.save_page, page((3,) * 8 + (2,)))
    say(here, mother, "withdrawn")
    assert heed_refusals() == "0 taken out, 1 let go" and heed_refusals() == ""
    assert state_of(sitting, here) == "finished" and not results(here, sitting)
    assert [(flag.level, flag.item) for flag in as_counselor(here, Flag, sitting=sitting)] == [("immediate", 9)]
    with pytest.raises(actions.SittingOver):
        do(sitting, actions.save_page, page((0,) * 9, 2))


def test_what_was_handed_in_stays_and_a_private_or_a_paused_screening_is_looked_at_too(here, mother):
    done, _ = invite(here, mother.student, state="started")
    do(done, actions.submit_sitting, page((0,) * 9), "0b6f2a52-0000-4000-8000-000000000002")
    set_screening(here, state="paused", is_listed=False)
    with acting_as("system:demo"):
        second = parent(here.students[1])
    waiting, _ = invite(here, second.student)
    for guardian in (mother, second):
        say(here, guardian, "refused")
    heed_refusals()
    assert len(results(here, done)) == 1 and state_of(waiting, here) == "exempt"


def test_whoever_has_left_the_school_does_not_begin_and_may_again_when_that_was_a_mistake(here, mother):
    sitting, code = invite(here, mother.student)
    for left_on in (timezone.localdate(), None):
        with acting_as("system:demo"):
            Student.objects.filter(pk=mother.student_id).update(left_on=left_on)
        assert heed_refusals() == "" and state_of(sitting, here) == "invited"
        page = Client().post("/a/", {"code": code}, follow=True).content.decode()
        assert ("不需要作答" in page) is (left_on is not None)


@pytest.mark.parametrize("over", ["closes_at", "state"])
def test_a_screening_that_is_over_keeps_its_figures(here, mother, over):
    sitting, _ = invite(here, mother.student)
    say(here, mother, "refused")
    past = timezone.now() - timedelta(minutes=1)
    set_screening(here, **({"closes_at": past} if over == "closes_at" else {"state": "closed", "closed_at": past}))
    assert heed_refusals() == "" and state_of(sitting, here) == "invited"


@pytest.mark.parametrize("name", HISTORIES)
def test_the_door_and_the_rules_agree_on_every_history(here, name):
    """On the basis "duty" only a no keeps somebody out: that part of the rules is what the door asks for."""
    open_screening(here, "PHQ-9")
    decisions, birth_on, consent, _ = HISTORIES[name]
    with acting_as("system:demo"):
        student = make_student(here.klass, "h1", "史一", birth_on=birth_on)
        who = {n: Guardian.objects.create(student=student, name=str(n), relation="家长") for n in (MOTHER, FATHER)}
        who |= {3: Guardian.objects.create(student=here.students[0], name="3", relation="家长"), SELF: None}
        for one in decisions:
            GuardianDecision.objects.create(
                student=student, guardian=who[one.guardian_id], purpose="screening", decision=one.decision,
                channel="paper", is_verified=one.is_verified, notice_version=one.notice, decided_at=one.at,
            )  # fmt: skip
    sitting, _ = invite(here, student)
    with acting_as(f"sitting:{sitting.pk}"):
        door = desk(sitting.pk).door
    assert (door == "exempt") is not may_be_asked(consent, "duty"), door
