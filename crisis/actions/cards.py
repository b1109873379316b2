"""Action cards: given by the counselor, answered by the homeroom teacher, ended by a day, a new card or the case."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments.actions.growth import add_entry
from assessments.choices import EntryKind
from crisis.card_templates import LONGEST_DAYS
from crisis.duty import roles_at
from crisis.models import ActionCard, CardAnswer, CardFeedback, Case, Conference
from crisis.refusals import CaseRefusedError
from xinyu.access.actor import acting_as
from xinyu.audit.entries import record
from xinyu.students.models import Student
from xinyu.vault.fields import conceal

from .ringing import ring
from .rows import lock_case

URGENT = "班主任在行动卡上反馈：紧急。"


def end_cards(case: Case) -> int:
    """The case's card goes away from the homeroom teacher at once. How many there were."""
    return case.cards.filter(is_live=True).update(
        is_live=False, ended_at=timezone.now(), shown_level="", shown_until=None
    )


@transaction.atomic
def give_card(case: Case, *, actor, watch: str, say: str, call: str, until_on: date) -> ActionCard:
    """Put a card in front of the homeroom teacher; an older one of the case ends. Raises CaseRefusedError."""
    roles_at(case.school_id, "crisis.plan")
    locked, today = lock_case(case), timezone.localdate()
    if locked.closed_at is not None:
        raise CaseRefusedError("个案已经结束，不能再发行动卡。")
    if not today < until_on <= today + timedelta(days=LONGEST_DAYS):
        raise CaseRefusedError(f"行动卡的有效期要晚于今天，最长 {LONGEST_DAYS} 天，到期可再发一张。")
    end_cards(locked)
    card = ActionCard(case=locked, student_id=locked.student_id, by=actor, until_on=until_on)
    conceal(card, watch=watch, say=say, call=call)
    allowed = Conference.objects.filter(case=locked, colour_until__gt=today, decided_level=locked.level).first()
    if allowed is not None:
        card.shown_level, card.shown_until = locked.level, allowed.colour_until
    card.save()
    record("crisis.give_card", subject=card, detail={"case": case.pk, "until": str(until_on)})
    return card


@transaction.atomic
def end_card(card: ActionCard, *, actor) -> None:
    """Ended before its day; a second click changes nothing."""
    roles_at(card.school_id, "crisis.plan")
    if end_cards(card.case):
        record("crisis.end_card", subject=card, detail={"case": card.case_id})


@transaction.atomic
def answer_card(card: ActionCard, *, actor, answer: str, words: str, key: UUID) -> CardFeedback:
    """What the homeroom teacher sees today. 紧急 also rings at the counselors as an immediate flag.

    `key` comes with the form, so that a second tap is the same answer.
    """
    roles_at(card.school_id, "crisis.answer_card")
    before = CardFeedback.objects.filter(vault_id=key, card=card).first()
    if before is not None:
        return before
    if not card.is_live or card.until_on < timezone.localdate():
        raise CaseRefusedError("这张行动卡已经结束。有担心的情况，请用“反映情况”告诉心理教师。")
    said = CardFeedback(card=card, student_id=card.student_id, answer=CardAnswer(answer), by=actor, vault_id=key)
    conceal(said, words=words)
    said.save()
    if said.answer == CardAnswer.URGENT:
        ring("card", said, card.school_id)
        text, source = "\n".join(filter(None, [URGENT, words])), f"crisis_cardfeedback:{said.pk}:urgent"
        student = Student.objects.get(pk=card.student_id)
        add_entry(student, EntryKind.OBSERVATION, timezone.localdate(), "反映情况", text, source=source, author=actor)
    record("crisis.answer_card", subject=said, detail={"card": card.pk, "answer": str(said.answer)})
    return said


def end_due_cards() -> int:
    """The sweep: cards whose day has passed leave the homeroom teacher's sight in the database too."""
    with acting_as("system:triage"):
        due = ActionCard.objects.filter(is_live=True, until_on__lt=timezone.localdate())
        count = due.update(is_live=False, ended_at=timezone.now(), shown_level="", shown_until=None)
        is_over = Q(shown_until__lte=timezone.localdate()) | Q(case__level_until__lt=timezone.localdate())
        hidden = ActionCard.objects.filter(is_over, is_live=True, shown_until__isnull=False)
        hidden.update(shown_level="", shown_until=None)
    return count
