"""Nouns of the case pages: the list, what waits for a level, a case with its history, plan and notes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from assessments.choices import Outcome
from assessments.models import Interview
from crisis.duty import schools_for
from crisis.levels import codes_meaning
from crisis.looks import DEPTHS, ends_fact, is_withdrawn, level_fact, level_of, standing_level, state_fact
from crisis.models import Case, CaseNote, Cause, LevelStatement, NoteKind, PlanItem
from crisis.workflow import OPEN_STATES, STATES
from xinyu.students.models import StudentKey, owner_of
from xinyu.ui.frame import Fact, Moment
from xinyu.vault.fields import open_key, reveal_with

NOTE_ICONS = {
    NoteKind.MOVE: "arrows-exchange",
    NoteKind.TALK: "message-circle",
    NoteKind.GUARDIAN: "users",
    NoteKind.HOME_VISIT: "home",
    NoteKind.CONTACT: "heart-handshake",
    NoteKind.MEDICAL: "stethoscope",
    NoteKind.CORRECTION: "pencil",
}


def awaiting_level() -> QuerySet[Interview]:
    """Talks that asked for a case and have no level yet, at the schools where the acting person confirms levels."""
    return (
        Interview.objects.filter(
            Q(outcome=Outcome.CASE) | Q(is_acute=True),
            case__isnull=True,
            level_statement__isnull=True,
            school__in=schools_for("crisis.confirm_level"),
        )
        .select_related("student__klass__grade", "by")
        .order_by("at")
    )


def level_lapsed(today: date) -> QuerySet[Case]:
    """Open cases in sight whose level has ended: renew it or close the case."""
    return Case.objects.filter(closed_at__isnull=True, level_until__lt=today)


def levels_in_force(today: date) -> QuerySet[Case]:
    """Open cases in sight whose level still holds: what other pages may say of a student; the rest has lapsed."""
    shown = [code for code, state in STATES.items() if state.shows_level]
    return Case.objects.filter(state__in=shown, level_until__gte=today)


@dataclass(frozen=True)
class CaseRow:
    case: Case
    today: date

    @property
    def level(self) -> Fact:
        return standing_level(self.case, self.today)

    @property
    def state(self) -> Fact:
        return state_fact(self.case.state)

    @property
    def ends(self) -> Fact | None:
        return ends_fact(self.case.level_until, self.today) if self.case.closed_at is None else None

    @property
    def klass_name(self) -> str:
        return self.case.student.klass.name_on(self.today)


def cases(*, state: str = "open", level: str = "") -> QuerySet[Case]:
    """Cases in sight; `state` is a code of the workflow, 'open' meaning every open one, '' all.

    `level`: a code of the default scheme; levels of another scheme that equal it are found as well.
    """
    rows = Case.objects.select_related("student__klass__grade", "owner")
    if state == "open":
        rows = rows.filter(state__in=OPEN_STATES)
    elif state:
        rows = rows.filter(state=state)
    if level:  # a level that has ended finds nobody any more
        rows = rows.filter(
            level__in=codes_meaning(level), closed_at__isnull=True, level_until__gte=timezone.localdate()
        )
    return rows


def gravest_first(rows: Iterable[Case], today: date) -> list[CaseRow]:
    ordered = sorted(
        rows, key=lambda case: (case.closed_at is not None, level_of(case.level, case.scheme).gravity, case.opened_at)
    )
    return [CaseRow(case, today) for case in ordered]


@dataclass(frozen=True)
class StatementLine:
    statement: LevelStatement
    reason: str

    @property
    def fact(self) -> Fact:
        return level_fact(self.statement.level, self.statement.scheme)


@dataclass(frozen=True)
class PlanLine:
    item: PlanItem
    goal: str
    action: str
    today: date

    @property
    def cause(self) -> str:
        return Cause(self.item.cause).label

    @property
    def fact(self) -> Fact:
        if self.item.done_at:
            return Fact("已完成", "circle-check", "good")
        if not self.action:
            return Fact("还没有措施", "alert-circle", "notice")
        return (
            Fact("已过期限", "clock", "notice")
            if self.item.due_on < self.today
            else Fact("进行中", "progress-check", "info")
        )


@dataclass(frozen=True)
class NoteMoment(Moment):
    note: CaseNote | None = None


@dataclass(frozen=True)
class CaseTexts:
    """The sealed texts of one case, opened once with the student's key."""

    statements: list[StatementLine] = field(default_factory=list)
    plan: list[PlanLine] = field(default_factory=list)
    notes: list[NoteMoment] = field(default_factory=list)
    requests: list[tuple] = field(default_factory=list)


class Opener:
    """Opens the texts of one student's rows with one unwrapping of the key."""

    def __init__(self, student_id: int):
        self.owner = owner_of(student_id)
        wrapped = StudentKey.objects.only("wrapped").get(student_id=student_id).wrapped
        self.key = open_key(self.owner, bytes(wrapped or b""))

    def __call__(self, row, column: str) -> str:
        return reveal_with(row, column, owner=self.owner, key=self.key)


def texts_of(case: Case, *, with_notes: bool, today: date) -> CaseTexts:
    """Level history, plan and (for whoever reads notes) notes, newest first; as many queries as kinds of row."""
    text = Opener(case.student_id)
    notes = case.casenotes.filter(moved_at=None).select_related("by") if with_notes else CaseNote.objects.none()
    return CaseTexts(
        [StatementLine(row, text(row, "reason")) for row in case.levelstatements.select_related("by", "second_by")],
        [
            PlanLine(row, text(row, "goal"), text(row, "action"), today)
            for row in case.planitems.select_related("person")
        ],
        [_moment(row, text(row, "body")) for row in notes],
        [
            (row, text(row, "reason"))
            for kind in (case.closingrequests, case.loweringrequests)
            for row in kind.filter(decided_at__isnull=True).select_related("by")
        ],
    )


def movable_notes(texts: CaseTexts, case: Case, reader_id: int) -> set[int]:
    """Notes that the reader may move to another student's case: her own, and all as the owner of this one."""
    notes = [moment.note for moment in texts.notes if moment.note is not None]
    return {one.pk for one in notes if one.kind != NoteKind.MOVE and reader_id in (one.by_id, case.owner_id)}


def _moment(note: CaseNote, body: str) -> NoteMoment:
    kind = NoteKind(note.kind)
    late = "" if abs(note.added_at - note.happened_at).days < 1 else f"（{_day(note.added_at)}补记）"
    return NoteMoment(note.happened_at, f"{kind.label}{late}", body, note.by.name, NOTE_ICONS[kind], note=note)


def _day(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y年%-m月%-d日}"


def title_of(case: Case) -> str:
    depth = "full" if is_withdrawn(case) else level_of(case.level, case.scheme).depth
    return f"{DEPTHS[depth]} {case.code}"
