"""May these students be asked again, and now? What needs the county's approval (4-workflow D9.11). Pure.

A second questionnaire in a school year, and one in the 30 days before 中考 or 高考 for the grade that sits it, are
opened only once the county has approved exactly this plan; a plan that changed afterwards has to be asked for again.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xinyu.organisations.calendar import Span, school_year

DAYS_BEFORE_EXAM = timedelta(days=30)
#: the usual days (first and last, month and day) until a county enters the announced ones, and who sits the exam
USUAL_EXAMS = {
    "zhongkao": ("中考", (6, 18), (6, 20), frozenset({"junior"})),
    "gaokao": ("高考", (6, 7), (6, 10), frozenset({"senior", "vocational"})),
}


@dataclass(frozen=True)
class Plan:
    """What is to be opened. `leaving`: stages whose last grade is among the chosen classes; `scales`: titles."""

    first_on: date
    last_on: date
    scales: tuple[str, ...]
    leaving: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Other:
    """Another screening that reached some of the same students: how many, and whether it still runs."""

    title: str
    first_on: date
    last_on: date
    scales: tuple[str, ...]
    students: int
    is_running: bool = False


@dataclass(frozen=True)
class Exam:
    code: str
    span: Span

    @property
    def title(self) -> str:
        return USUAL_EXAMS[self.code][0]

    @property
    def guarded(self) -> Span:
        """From 30 days before to the last day of the exam."""
        return Span(self.span.start - DAYS_BEFORE_EXAM, self.span.end)


def exams_around(plan: Plan, announced: Iterable[Exam]) -> list[Exam]:
    """The county's own days; for a year in which it has entered none, the usual ones."""
    announced = [exam for exam in announced if exam.code in USUAL_EXAMS]
    known = {(exam.code, exam.span.start.year) for exam in announced}
    usual = [
        Exam(code, Span(date(year, *first), date(year, *last)))
        for year in range(plan.first_on.year, plan.last_on.year + 1)
        for code, (_, first, last, _) in USUAL_EXAMS.items()
        if (code, year) not in known
    ]
    return sorted([*announced, *usual], key=lambda exam: exam.span.start)


def grounds(plan: Plan, others: Iterable[Other], announced: Iterable[Exam] = ()) -> tuple[str, ...]:
    """Why the plan needs the county's approval, one Chinese sentence each; () when it needs none."""
    year = school_year(plan.first_on)
    again = [other for other in others if other.students and _touches(other, plan, year)]
    return (*(_again(other, plan) for other in again), *_exam_reasons(plan, announced))


def _touches(other: Other, plan: Plan, year: int) -> bool:
    """The same school year, or two windows at once over the end of one."""
    in_year = school_year(other.first_on) == year or school_year(plan.last_on) == school_year(other.first_on)
    at_once = Span(other.first_on, other.last_on).overlaps(Span(plan.first_on, plan.last_on))
    return in_year or (other.is_running and at_once)


def _again(other: Other, plan: Plan) -> str:
    when = f"{other.first_on:%Y-%m-%d} 至 {other.last_on:%Y-%m-%d}"
    what = "正在参加" if other.is_running else "本学年已参加过"
    same = [scale for scale in plan.scales if scale in other.scales]
    twice = f"，其中“{'”“'.join(same)}”是同一量表" if same else ""
    return f"所选学生中有 {other.students} 名{what}“{other.title}”（{when}）{twice}。同一学年再次测评须经县区批准。"


def _exam_reasons(plan: Plan, announced: Iterable[Exam]) -> tuple[str, ...]:
    window = Span(plan.first_on, plan.last_on)
    return tuple(
        f"所选班级有{exam.title}毕业年级，测评时间落在考前 30 天至考试结束之间（{exam.span.start:%Y-%m-%d} 开考）。"
        "这段时间向毕业年级发问卷须经县区批准。"
        for exam in exams_around(plan, announced)
        if plan.leaving & USUAL_EXAMS[exam.code][3] and exam.guarded.overlaps(window)
    )


def fingerprint(
    scales: Iterable[str],
    klass_ids: Iterable[int],
    opens_at: datetime,
    closes_at: datetime,
    people: Iterable[int] = (),
) -> str:
    """SHA-256 of what was asked for: digests of the scales, classes, window, students chosen by name. Another plan is
    another fingerprint."""
    words: list[object] = [list(scales), sorted(klass_ids), int(opens_at.timestamp()), int(closes_at.timestamp())]
    if named := sorted(people):
        words.append(named)
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


@dataclass(frozen=True)
class Approval:
    """The county's last word on a plan. `is_granted` None: not yet given."""

    asked: str
    is_granted: bool | None
    until_on: date | None = None


def approval_reasons(found: Approval | None, asked: str, day: date) -> tuple[str, ...]:
    """Why an approval that is needed does not hold on `day`, () when it does."""
    if found is None:
        return ("还没有向县区教育局申请批准。",)
    if found.is_granted is None and found.asked == asked:
        return ("已向县区教育局申请，正在等待批准。",)
    if found.asked != asked:
        return ("申请以后，测评的量表、班级或时间有改动，请重新申请。",)
    if not found.is_granted:
        return ("县区教育局没有批准这次测评。",)
    if found.until_on is None or found.until_on < day:
        return ("县区教育局的批准已经过期，请重新申请。",)
    return ()
