"""Nouns of 结对帮扶 and of the tasks of named persons: on the case, and on the helper's own page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, QuerySet

from crisis.models import CardAnswer, Case, Pair, PairContact, PlanItem
from crisis.pairing import next_on
from xinyu.students.models import Student, StudentKey
from xinyu.ui.frame import Fact
from xinyu.vault.fields import reveal

from .cases import Opener
from .team import ANSWER_FACTS

SOON = timedelta(days=14)
ASK = "请向心理教师了解这项任务的内容"


@dataclass(frozen=True)
class PairLine:
    """A pair with its last contact. `who` and `aim` are opened with the pair's own key."""

    pair: Pair
    who: str
    aim: str
    last_on: date | None
    today: date
    contacts: tuple[tuple[PairContact, str, Fact], ...] = ()

    @property
    def due_on(self) -> date:
        return next_on(self.pair.from_on, self.last_on, self.pair.every_days)

    @property
    def is_live(self) -> bool:
        return self.pair.ended_at is None and self.pair.until_on >= self.today

    @property
    def is_due(self) -> bool:
        return self.is_live and self.due_on <= self.today

    @property
    def fact(self) -> Fact:
        if not self.is_live:
            return Fact(self.pair.get_ended_because_display() or "已结束", "minus", "neutral")
        late = (self.today - self.due_on).days
        if late > 0:
            return Fact(f"已 {late + self.pair.every_days} 天没有联系", "clock", "notice")
        return Fact("今天联系", "clock", "notice") if late == 0 else Fact("进行中", "progress-check", "info")


def _with_last(rows: QuerySet[Pair]) -> QuerySet[Pair]:
    return rows.annotate(last_on=Max("contacts__on"))


def _line(pair: Pair, today: date, contacts=()) -> PairLine:
    return PairLine(pair, reveal(pair, "who"), reveal(pair, "aim"), pair.last_on, today, tuple(contacts))  # type: ignore[attr-defined]


def pairs_of(case: Case, today: date, *, with_words: bool) -> list[PairLine]:
    """Live ones first. What the helper saw is for the counselor."""
    said: dict[int, list] = {}
    rows = list(_with_last(Pair.objects.filter(case=case)).select_related("helper").order_by("-ended_at", "from_on"))
    if with_words:
        keyed = {pair.pk: pair for pair in rows}
        for row in PairContact.objects.filter(pair__in=keyed):
            row.pair = keyed[row.pair_id]
            said.setdefault(row.pair_id, []).append((row, reveal(row, "words"), ANSWER_FACTS[CardAnswer(row.answer)]))
    lines = [_line(pair, today, said.get(pair.pk, ())) for pair in rows]
    return sorted(lines, key=lambda line: not line.is_live)


def own_pairs(user_id: int, today: date) -> list[PairLine]:
    """Live pairs of this helper, the first due first."""
    rows = _with_last(Pair.objects.filter(helper=user_id, ended_at__isnull=True, until_on__gte=today))
    return sorted((_line(pair, today) for pair in rows), key=lambda line: (line.due_on, line.pair.pk))


def pairs_due(user_id: int, today: date) -> list[date]:
    """Days by which this helper should have been in touch, of the pairs that are due; no name is opened for a count."""
    rows = _with_last(Pair.objects.filter(helper=user_id, ended_at__isnull=True, until_on__gte=today))
    due = [next_on(pair.from_on, pair.last_on, pair.every_days) for pair in rows]  # type: ignore[attr-defined]
    return sorted(day for day in due if day <= today)


def own_tasks(user_id: int) -> QuerySet[PlanItem]:
    """Undone actions of a plan whose person this is, the first due first."""
    rows = PlanItem.objects.filter(person=user_id, done_at__isnull=True, called_off_at__isnull=True)
    return rows.filter(action__isnull=False).order_by("due_on", "pk")


@dataclass(frozen=True)
class TaskLine:
    """`text` and `who` '' where the person sees no roster row of the student: the counselor tells."""

    item: PlanItem
    who: str
    text: str
    today: date

    @property
    def fact(self) -> Fact:
        late = self.item.due_on < self.today
        return Fact("已过期限", "clock", "notice") if late else Fact("待办", "circle-dashed", "info")


def task_lines(user_id: int, today: date) -> list[TaskLine]:
    rows = list(own_tasks(user_id)[:50])
    students = Student.objects.select_related("klass__grade").in_bulk({row.student_id for row in rows})
    keyed = set(StudentKey.objects.filter(student__in=students).values_list("student_id", flat=True))
    openers = {pk: Opener(pk) for pk in keyed}
    out = []
    for row in rows:
        student, opener = students.get(row.student_id), openers.get(row.student_id)
        who = f"{student.name}（{student.klass.name_on(today)}）" if student else ""
        out.append(TaskLine(row, who, opener(row, "action") if opener else ASK, today))
    return out
