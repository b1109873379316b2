"""Nouns of the page 研判与帮扶: follow-ups, the action card and what came back; a homeroom teacher's cards."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from crisis.looks import level_fact
from crisis.models import ActionCard, CardAnswer, CardFeedback, Case, FollowUp
from xinyu.ui.frame import Fact

from .cases import Opener

ANSWER_FACTS = {
    CardAnswer.USUAL: Fact("一切如常", "circle-check", "good"),
    CardAnswer.CHANGED: Fact("有变化", "alert-circle", "notice"),
    CardAnswer.URGENT: Fact("紧急", "alert-octagon", "urgent"),
}


@dataclass(frozen=True)
class FollowUpLine:
    row: FollowUp
    today: date

    @property
    def is_open(self) -> bool:
        return self.row.held_at is None and self.row.called_off_at is None

    @property
    def fact(self) -> Fact:
        if self.row.held_at is not None:
            return Fact("已随访", "circle-check", "good")
        if self.row.called_off_at is not None:
            return Fact("已取消", "minus", "neutral")
        late = (self.today - self.row.due_on).days
        return Fact(f"已过期 {late} 天", "clock", "notice") if late > 0 else Fact("待随访", "clock", "info")


@dataclass(frozen=True)
class FeedbackLine:
    answer: Fact
    words: str
    who: str
    at: datetime


@dataclass(frozen=True)
class CardLine:
    """A card with its texts; `colour` only where a 研判会 allows it today."""

    card: ActionCard
    watch: str
    say: str
    call: str
    feedback: tuple[FeedbackLine, ...]
    today: date

    @property
    def is_live(self) -> bool:
        return self.card.is_live and self.card.until_on >= self.today

    @property
    def colour(self) -> Fact | None:
        until = self.card.shown_until
        return level_fact(self.card.shown_level) if self.card.shown_level and until and until >= self.today else None


def follow_ups_of(case: Case, today: date) -> list[FollowUpLine]:
    """What waits first, then what was held, newest first; what was called off is left out."""
    rows = FollowUp.objects.filter(case=case, called_off_at=None).select_related("held_by")
    return [FollowUpLine(row, today) for row in sorted(rows, key=lambda r: (r.held_at is not None, -r.step))]


def _lines(rows: list[ActionCard], today: date) -> list[CardLine]:
    answers: dict[int, list[CardFeedback]] = {}
    for row in CardFeedback.objects.filter(card__in=[card.pk for card in rows]).select_related("by"):
        answers.setdefault(row.card_id, []).append(row)
    openers = {student: Opener(student) for student in {card.student_id for card in rows}}
    out = []
    for card in rows:
        text = openers[card.student_id]
        said = tuple(
            FeedbackLine(ANSWER_FACTS[CardAnswer(row.answer)], text(row, "words"), row.by.name, row.at)
            for row in answers.get(card.pk, ())
        )
        out.append(CardLine(card, text(card, "watch"), text(card, "say"), text(card, "call"), said, today))
    return out


def cards_of(case: Case, today: date) -> list[CardLine]:
    return _lines(list(ActionCard.objects.filter(case=case)), today)


def live_cards(today: date) -> QuerySet[ActionCard]:
    """Cards in sight that still hold."""
    return ActionCard.objects.filter(is_live=True, until_on__gte=today)


def cards_for_class(klass_ids: set[int], today: date) -> list[CardLine]:
    rows = live_cards(today).filter(klass__in=klass_ids).select_related("student__klass__grade", "by")
    return _lines(list(rows.order_by("until_on", "pk")), today)
