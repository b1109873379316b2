"""Twelve histories and the rules under them: expected state, who is reminded, who is asked."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from assessments.consent import Asking, Consent, Said, age_on, consent_of, may_be_asked, to_remind
from assessments.models import Screening
from assessments.queries.screenings import standings
from tests.cast import make_student
from xinyu.access.actor import acting_as
from xinyu.students.models import Guardian, GuardianDecision, Student
from xinyu.students.said_elsewhere import said_elsewhere

MOTHER, FATHER, SELF = 1, 2, None
DAY, HERE, ELSEWHERE = date(2026, 10, 1), 7, 8
#: 13 and 15 years old on DAY; 14 since 20 September
CHILD, YOUTH, JUST_14 = date(2013, 5, 1), date(2011, 5, 1), date(2012, 9, 20)
NOBODY: frozenset[int | None] = frozenset()
BOTH = frozenset({MOTHER, FATHER})


def said(who, decision, day=1, *, verified=True, notice="2026-1", school=HERE):
    return Said(who, decision, verified, datetime(2026, 9, day, tzinfo=UTC), notice, school)


def asking(birth_on=CHILD, **values):
    return Asking(DAY, birth_on, BOTH, notice="2026-1", school_id=HERE, **values)


HISTORIES = {
    "refused, then gave": ([said(MOTHER, "refused", 1), said(MOTHER, "given", 2)], CHILD, Consent.GIVEN, NOBODY),
    "gave, then withdrew": ([said(MOTHER, "given", 1), said(MOTHER, "withdrawn", 2)], CHILD, Consent.REFUSED, NOBODY),
    "both agree": ([said(MOTHER, "given"), said(FATHER, "given")], CHILD, Consent.GIVEN, NOBODY),
    "both disagree": ([said(MOTHER, "given", 5), said(FATHER, "refused", 1)], CHILD, Consent.CONFLICT, NOBODY),
    "14 between consent and sitting": ([said(MOTHER, "given"), said(SELF, "given", 2)], JUST_14, Consent.OWN_WORD,
        frozenset({SELF})),
    "14 and own word since": ([said(MOTHER, "given"), said(SELF, "given", 25)], JUST_14, Consent.GIVEN, NOBODY),
    "guardian yes, youth no": ([said(MOTHER, "given"), said(SELF, "refused")], YOUTH, Consent.REFUSED, NOBODY),
    "moved school": ([said(MOTHER, "given", school=ELSEWHERE)], CHILD, Consent.SILENT, BOTH),
    "moved school after a no": ([said(MOTHER, "refused", school=ELSEWHERE)], CHILD, Consent.REFUSED, NOBODY),
    "unverified channel": ([said(MOTHER, "given", verified=False)], CHILD, Consent.SILENT, BOTH),
    "unverified refusal beside a yes": ([said(MOTHER, "given"), said(FATHER, "refused", verified=False)], CHILD,
        Consent.CONFLICT, NOBODY),
    "unverified withdrawal": ([said(MOTHER, "given", 1), said(MOTHER, "withdrawn", 2, verified=False)], CHILD,
        Consent.REFUSED, NOBODY),
    "unverified yes after a no": ([said(MOTHER, "refused", 1), said(MOTHER, "given", 2, verified=False)], CHILD,
        Consent.REFUSED, NOBODY),
    "no longer a guardian": ([said(3, "given")], CHILD, Consent.SILENT, BOTH),
    "notice changed after a yes": ([said(MOTHER, "given", notice="2025-1")], CHILD, Consent.SILENT, BOTH),
    "notice changed after a no": ([said(MOTHER, "refused", notice="2025-1")], CHILD, Consent.REFUSED, NOBODY),
    "the child declines": ([said(SELF, "refused")], CHILD, Consent.REFUSED, NOBODY),
    "nobody said anything": ([], CHILD, Consent.SILENT, BOTH),
}  # fmt: skip


@pytest.mark.parametrize("name", HISTORIES)
def test_a_history_has_one_state_and_reminds_only_who_has_yet_to_answer(name):
    decisions, birth_on, state, reminded = HISTORIES[name]
    for order in (decisions, list(reversed(decisions))):
        assert consent_of(order, asking(birth_on)) is state
        assert to_remind(order, asking(birth_on)) == reminded


def test_at_an_unknown_age_the_student_is_asked_as_from_14():
    assert consent_of([said(MOTHER, "given")], asking(None)) is Consent.OWN_WORD
    assert consent_of([said(MOTHER, "given"), said(SELF, "given")], asking(None)) is Consent.GIVEN


def test_the_own_yes_never_stands_for_a_guardian():
    assert consent_of([said(SELF, "given", 25)], asking(YOUTH)) is Consent.SILENT


def test_a_withheld_guardian_is_never_reminded_and_her_word_is_kept():
    withheld = asking(withheld=frozenset({FATHER}))
    assert to_remind([], withheld) == {MOTHER}
    assert consent_of([said(FATHER, "refused")], withheld) is Consent.REFUSED
    assert to_remind([], replace(withheld, withheld=BOTH)) == NOBODY


def test_silence_hinders_only_where_consent_is_the_basis_and_a_no_always():
    asked = {basis: {c for c in Consent if may_be_asked(c, basis)} for basis in ("consent", "duty")}
    assert asked["consent"] == {Consent.GIVEN, Consent.OWN_WORD}
    assert asked["duty"] == {Consent.GIVEN, Consent.OWN_WORD, Consent.SILENT}


def test_age_is_completed_years():
    assert age_on(date(2012, 9, 2), date(2026, 9, 1)) == 13
    assert age_on(date(2012, 9, 1), date(2026, 9, 1)) == 14
    assert age_on(None, date(2026, 9, 1)) is None


@pytest.mark.django_db
def test_every_history_has_the_same_state_in_rows_and_keeps_each_decision(here, there):
    """Each history with a student of its own: the page reads what the table says, and nothing said is lost."""
    with acting_as("system:demo"):
        screening = Screening.objects.get(pk=here.screening.pk)
        expected = {}
        for number, (name, (decisions, birth_on, state, reminded)) in enumerate(HISTORIES.items()):
            student = make_student(here.klass, f"h{number}", name[:20], birth_on=birth_on)
            who = {n: Guardian.objects.create(student=student, name=str(n), relation="家长") for n in (MOTHER, FATHER)}
            who |= {3: Guardian.objects.create(student=here.students[0], name="3", relation="家长"), SELF: None}
            for one in decisions:
                Student.objects.filter(pk=student.pk).update(
                    klass=there.klass if one.school_id == ELSEWHERE else here.klass
                )
                GuardianDecision.objects.create(
                    student=student, guardian=who[one.guardian_id], purpose="screening", decision=one.decision,
                    channel="paper", is_verified=one.is_verified, notice_version=one.notice, decided_at=one.at,
                )  # fmt: skip
            Student.objects.filter(pk=student.pk).update(klass=here.klass)
            asked = {who[pk].pk for pk in reminded if pk is not SELF}
            expected[student.pk] = (name, state, asked, len(decisions))
    with acting_as(here.counselor):
        students = list(Student.objects.filter(pk__in=expected))
        for one in standings(screening, students, DAY):
            name, state, asked, _ = expected[one.student.pk]
            assert (name, one.consent, {g.pk for g in one.remind}) == (name, state, asked)
    with acting_as(there.counselor):  # the school that is left learns nothing more, and nothing of ours
        assert set(GuardianDecision.objects.values_list("school_id", flat=True)) <= {there.school.pk}
        assert said_elsewhere(list(expected), "screening") == []
    with acting_as("system:reminders"):
        for pk, (_, _, _, kept) in expected.items():
            assert GuardianDecision.objects.filter(student=pk).count() == kept
