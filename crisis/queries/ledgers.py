"""Open cases as the ledgers of a school list them, and who was found to need more and has no case yet."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Min
from django.utils import timezone

from assessments.choices import FlagLevel, FlagSource
from assessments.models import Flag, Interview
from crisis.duty import schools_for
from crisis.ledger import Line
from crisis.levels import load_scheme
from crisis.looks import is_withdrawn, level_of, state_fact
from crisis.models import (
    AdviceAnswer,
    Answer,
    Case,
    ContactProof,
    FollowUp,
    GuardianContact,
    LevelStatement,
    MedicalAdvice,
    Pair,
    PlanItem,
    ProofKind,
)
from crisis.queries.schemes import scheme_at
from crisis.uncased import Signal, Talk, undecided
from xinyu.lib.masking import mask_id
from xinyu.organisations.calendar import school_year
from xinyu.students.holds import ASK_FIRST, held_among
from xinyu.students.models import Attention, Guardian, Student, StudentKey, owner_of
from xinyu.vault.fields import open_key, reveal_with


@dataclass(frozen=True)
class Numbers:
    """What access_case_numbers tells of one case."""

    talks: int = 0
    last_at: datetime | None = None
    told_at: datetime | None = None
    has_medical: bool = False
    sources: tuple[str, ...] = ()


def ledger_cases(verb: str) -> list[Case]:
    """Open cases at the schools where the acting person prints ledgers, gravest first, then by class."""
    rows = Case.objects.filter(closed_at__isnull=True, school__in=schools_for(verb)).select_related(
        "student__klass__grade", "school", "owner"
    )
    shown = [case for case in rows if not is_withdrawn(case)]
    return sorted(shown, key=_place)


def _place(case: Case) -> tuple[int, int, str]:
    """The gravest first, then by class and number."""
    return level_of(case.level, case.scheme).gravity, case.student.klass_id, case.student.number


class Gathered:
    """Everything beside the cases themselves, in as many queries for one as for a hundred."""

    def __init__(self, cases: list[Case], today: date):
        students = [case.student_id for case in cases]
        self.today, self.numbers = today, _numbers()
        self.keys = {
            key.student_id: open_key(owner_of(key.student_id), key.wrapped)
            for key in StudentKey.objects.filter(student__in=students, wrapped__isnull=False)
        }
        self.guardians = _grouped(Guardian.objects.filter(student__in=students), "student_id")
        self.held = held_among(one for rows in self.guardians.values() for one in rows)
        current = Attention.objects.filter(student__in=students, to_on__isnull=True).select_related("group")
        self.groups = _grouped(current, "student_id")
        self.statements = _grouped(LevelStatement.objects.filter(case__in=cases).order_by("at", "id"), "case_id")
        self.plans = _grouped(PlanItem.objects.filter(case__in=cases).select_related("person"), "case_id")
        self.contacts = _grouped(GuardianContact.objects.filter(case__in=cases, is_reached=True), "case_id")
        self.proofs = _grouped(ContactProof.objects.filter(case__in=cases).defer("file"), "case_id")
        self.advices = _grouped(MedicalAdvice.objects.filter(case__in=cases), "case_id")
        self.answers = _grouped(AdviceAnswer.objects.filter(case__in=cases), "case_id")
        pairs = Pair.objects.filter(case__in=cases, ended_at__isnull=True).select_related("helper")
        self.pairs = _grouped(pairs, "case_id")
        waiting = FollowUp.objects.filter(case__in=cases, held_at=None, called_off_at=None)
        self.next = dict(waiting.values_list("case").annotate(Min("due_on")).order_by())

    def text(self, row, field: str) -> str:
        student_id = row.pk if isinstance(row, Student) else row.student_id
        key = self.keys.get(student_id)
        return reveal_with(row, field, owner=owner_of(student_id), key=key) if key else ""

    def line(self, case: Case) -> Line:
        student, level = case.student, level_of(case.level, case.scheme)
        statements, plan = self.statements.get(case.pk, []), self.plans.get(case.pk, [])
        known = self.numbers.get(case.pk, Numbers())
        number = self.text(student, "national_number")
        return Line(
            school=case.school.name,
            code=case.code,
            name=student.name,
            national_number=mask_id(number) if number else "",
            sex=student.get_sex_display(),
            born=student.birth_on,
            is_boarding=student.is_boarding,
            grade=student.klass.grade.name_on(self.today),
            klass=student.klass.name_on(self.today),
            guardians=self._guardians(student),
            groups="、".join(row.group.label for row in self.groups.get(student.pk, [])),
            found_by="、".join(FlagSource(source).label for source in known.sources) or "访谈",
            signs=self.text(statements[-1], "reason") if statements else "",
            colour=level.common_code,
            level=level.label,
            level_until=case.level_until,
            changes=_changes(statements),
            has_plan=bool(plan),
            owner=case.owner.name,
            helpers="、".join(sorted({item.person.name for item in plan} - {case.owner.name})),
            talks=known.talks,
            last_on=_on(known.last_at),
            told_on=self._told_on(case, known),
            proof=next((ProofKind(row.kind).label for row in self.proofs.get(case.pk, [])), ""),
            medical=self._medical(case, known),
            pairs="、".join(sorted({row.helper.name for row in self.pairs.get(case.pk, [])})),
            next_on=self.next.get(case.pk),
            state=state_fact(case.state).label,
        )

    def _told_on(self, case: Case, known: Numbers) -> date | None:
        """The day on which a guardian was first reached, by whatever record says so."""
        reached = [row.happened_at for row in self.contacts.get(case.pk, [])]
        return _on(min([*reached, *filter(None, [known.told_at])], default=None))

    def _medical(self, case: Case, known: Numbers) -> str:
        """Whether going to a hospital was advised, what the family answered, whether there is a paper: no finding."""
        said = next((Answer(row.answer).label for row in self.answers.get(case.pk, [])), "")
        advised = "已建议就医" if self.advices.get(case.pk) else ""
        return "，".join(filter(None, (said or advised, "有就医材料" if known.has_medical else "")))

    def _guardians(self, student: Student) -> str:
        """The first guardian whom something may reach, with the phone; a stop says itself and names nobody."""
        rows = self.guardians.get(student.pk, [])
        free = [row for row in rows if row.pk not in self.held]
        if rows and not free:
            return ASK_FIRST
        return " ".join(filter(None, (free[0].name, self.text(free[0], "phone")))) if free else ""


def ledger_lines(cases: list[Case], today: date) -> list[Line]:
    found = Gathered(cases, today)
    return [found.line(case) for case in cases]


def _numbers() -> dict[int, Numbers]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access_case_numbers()")
        return {pk: Numbers(*rest) for pk, *rest in cursor.fetchall()}


def _grouped(rows: Iterable, name: str) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return dict(found)


def _on(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None


def _changes(statements: list[LevelStatement]) -> str:
    """'橙 11-02 → 红 11-25': each time the level became another one."""
    seen: list[LevelStatement] = []
    for row in statements:
        if not seen or seen[-1].level != row.level:
            seen.append(row)
    return " → ".join(f"{level_of(row.level, row.scheme).label} {timezone.localtime(row.at):%m-%d}" for row in seen)


def counts_by_level(cases: list[Case]) -> list[tuple[str, int]]:
    """[(level, open cases)] gravest first, levels that somebody has: what a school tells its bureau, in its words.

    A level that was stated in another scheme counts as the one that it equals.
    """
    scheme = scheme_at(cases[0].school_id) if cases else load_scheme()
    standing = [scheme.same_as(level_of(case.level, case.scheme)).code for case in cases]
    counts = [(level.label, standing.count(level.code)) for level in scheme.levels]
    return [(label, count) for label, count in counts if count]


@dataclass(frozen=True)
class Waiting:
    student: Student
    signal: Signal
    days: int


def uncased(verb: str, now: datetime) -> list[Waiting]:
    """Students of the acting person's schools with a signal of this school year that nobody has decided on."""
    schools = schools_for(verb)
    since = timezone.make_aware(datetime(school_year(timezone.localdate(now)), 9, 1))
    urgent = Flag.objects.filter(school__in=schools, level=FlagLevel.IMMEDIATE, raised_at__gte=since)
    flags = _grouped(urgent, "student_id")
    talks = _grouped(Interview.objects.filter(school__in=schools, at__gte=since), "student_id")
    cases = _grouped(Case.objects.filter(school__in=schools, student__in={*flags, *talks}), "student_id")
    found = {}
    for student_id in {*flags, *talks}:
        signal = undecided(
            [Signal(one.raised_at, f"紧急提示：{one.get_source_display()}") for one in flags.get(student_id, [])],
            [Talk(one.at, one.outcome, one.is_acute) for one in talks.get(student_id, [])],
            [(case.opened_at, case.closed_at) for case in cases.get(student_id, [])],
        )
        if signal is not None:
            found[student_id] = signal
    students = Student.objects.filter(pk__in=found, left_on=None).select_related("klass__grade")
    rows = [Waiting(one, found[one.pk], (now - found[one.pk].at).days) for one in students]
    return sorted(rows, key=lambda row: row.signal.at)
