"""Nouns of 建议就医: what was advised and answered in one case, and the list of a school."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BooleanField, ExpressionWrapper, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from crisis.models import AdviceAnswer, AdviceDocument, Answer, Case, MedicalAdvice
from xinyu.ui.frame import Fact

from .cases import Opener

ANSWERS = {
    Answer.SEEN: Fact("已就医", "circle-check", "good"),
    Answer.CONSIDERING: Fact("考虑中", "hourglass", "notice"),
    Answer.REFUSED: Fact("拒绝", "hand-stop", "notice"),
}
WAITING = Fact("等待答复", "clock", "notice")


def answer_fact(answer: str) -> Fact:
    return ANSWERS[Answer(answer)] if answer else WAITING


@dataclass(frozen=True)
class AnswerLine:
    row: AdviceAnswer
    words: str

    @property
    def fact(self) -> Fact:
        return answer_fact(self.row.answer)


@dataclass(frozen=True)
class AdviceLine:
    """One advice with what followed. `told_at`: when a guardian was told of it, None: not yet."""

    advice: MedicalAdvice
    reason: str
    told_at: datetime | None
    answers: tuple[AnswerLine, ...]
    documents: tuple[AdviceDocument, ...]

    @property
    def fact(self) -> Fact:
        return self.answers[0].fact if self.answers else WAITING


def _grouped(rows) -> dict:
    found: dict = {}
    for row in rows:
        found.setdefault(row.advice_id, []).append(row)
    return found


def advice_of(case: Case) -> list[AdviceLine]:
    """Newest first. Documents only for whoever opens them; their bytes are not read here."""
    rows = MedicalAdvice.objects.filter(case=case).select_related("by")
    rows = rows.annotate(told_at=Min("contacts__happened_at", filter=Q(contacts__is_reached=True)))
    answers = _grouped(AdviceAnswer.objects.filter(case=case).select_related("by"))
    papers = _grouped(AdviceDocument.objects.filter(case=case).select_related("by").defer("file"))
    text = Opener(case.student_id)
    return [
        AdviceLine(
            row,
            text(row, "reason"),
            row.told_at,
            tuple(AnswerLine(one, text(one, "words")) for one in answers.get(row.pk, ())),
            tuple(papers.get(row.pk, ())),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class AdviceRow:
    advice: MedicalAdvice
    today: date

    @property
    def fact(self) -> Fact:
        return answer_fact(self.advice.answer)  # type: ignore[attr-defined]

    @property
    def days(self) -> int:
        return (self.today - self.advice.advised_at.date()).days


def advices() -> QuerySet[MedicalAdvice]:
    """Every advice in sight with its newest answer; who has not been to a doctor first, longest waiting first."""
    newest = AdviceAnswer.objects.filter(advice=OuterRef("pk")).order_by("-on", "-id")
    rows = MedicalAdvice.objects.annotate(
        answer=Coalesce(Subquery(newest.values("answer")[:1]), Value("")),
        answered_on=Subquery(newest.values("on")[:1]),
        told_at=Min("contacts__happened_at", filter=Q(contacts__is_reached=True)),
    ).annotate(is_over=ExpressionWrapper(Q(answer=Answer.SEEN), BooleanField()))
    return rows.select_related("case", "student__klass__grade", "by").order_by("is_over", "advised_at", "pk")
