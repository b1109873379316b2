"""What is done to a screening: planned, changed, invited, moved; and a locked code freed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments.actions.people import cover_klasses
from assessments.capacity import makeup_day
from assessments.choices import SittingState, WordKind
from assessments.codes import SittingOwner, code_index, new_code, screening_key, seal_code
from assessments.consent import may_be_asked
from assessments.doorbell import ring_after_commit
from assessments.models import (
    CoverageTicket,
    ScaleVersion,
    Screening,
    ScreeningKey,
    ScreeningKlass,
    ScreeningScale,
    ScreeningWave,
    Sitting,
    SittingWord,
)
from assessments.queries.people import enrolled
from assessments.queries.screenings import consents, facts_of, require_school
from assessments.queries.waves import let_in, start_days
from assessments.scale_library import freeze
from assessments.screening_flow import CLOSED, DRAFT, MOVES, OPEN, PAUSED, ScreeningRefused, refusals
from xinyu.audit.entries import record
from xinyu.lib.masking import masked_label
from xinyu.organisations.calendar import school_year
from xinyu.organisations.models import Grade, Klass, School
from xinyu.students.models import Student
from xinyu.vault.fields import new_key

PLAN = "assessments.plan_screening"


@transaction.atomic
def create_screening(
    school: School,
    *,
    actor,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    scales: Sequence[ScaleVersion],
    klasses: Iterable[Klass],
    legal_basis: str = "consent",
    minutes: int = 0,
    makeup_place: str = "",
) -> Screening:
    """A draft with its scales in order, its whole classes (students by name: actions/people.py) and the key of its
    answers."""
    require_school(PLAN, school.pk)
    screening = Screening.objects.create(
        school=school, title=title, opens_at=opens_at, closes_at=closes_at, legal_basis=legal_basis, minutes=minutes,
        makeup_place=makeup_place, created_by=actor,
    )  # fmt: skip
    ScreeningKey.objects.create(screening=screening, wrapped=new_key(f"screening:{screening.pk}"))
    _set_scales(screening, scales)
    _set_klasses(screening, klasses)
    record(
        "assessments.create_screening",
        subject=screening,
        detail={"scales": [str(scale) for scale in scales], "legal_basis": legal_basis},
    )
    return screening


@transaction.atomic
def edit_screening(
    screening: Screening,
    *,
    actor,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    scales: Sequence[ScaleVersion],
    klasses: Iterable[Klass],
    legal_basis: str,
    minutes: int = 0,
    makeup_place: str = "",
    keeps_people: bool = True,
) -> None:
    """Change a draft; without `keeps_people` nobody is asked by name any more. Raises ScreeningRefused once it has
    started, or when somebody who is invited would be dropped."""
    require_school(PLAN, screening.school_id)
    screening = Screening.objects.select_for_update(no_key=True).get(pk=screening.pk)
    if screening.state != DRAFT:
        raise ScreeningRefused("测评已经开始，内容不能再改。")
    screening.title, screening.opens_at, screening.closes_at = title, opens_at, closes_at
    screening.legal_basis, screening.minutes, screening.makeup_place = legal_basis, minutes, makeup_place
    screening.save(update_fields=["title", "opens_at", "closes_at", "legal_basis", "minutes", "makeup_place"])
    if not screening.sittings.exists():
        screening.waves.all().delete()  # made for another window or other classes: the check has to be asked again
    _set_scales(screening, scales)
    if not keeps_people:
        _drop_people(screening)
    _set_klasses(screening, klasses)
    record("assessments.edit_screening", subject=screening, detail={"scales": [str(scale) for scale in scales]})


def _set_scales(screening: Screening, scales: Sequence[ScaleVersion]) -> None:
    """In this order; a pause stays behind the scale that it stood behind."""
    known = ScreeningScale.objects.filter(screening=screening)
    paused = set(known.filter(pause_after=True).values_list("version_id", flat=True))
    known.delete()
    ScreeningScale.objects.bulk_create(
        ScreeningScale(screening=screening, version=version, order=order, pause_after=version.pk in paused)
        for order, version in enumerate(scales)
    )


def _drop_people(screening: Screening) -> None:
    if screening.sittings.filter(student_id__in=screening.people.values("student_id")).exists():
        raise ScreeningRefused("按人选的学生已经在作答名单里，不能取消“部分学生”。")
    screening.people.all().delete()
    screening.chosen.filter(is_whole=False).delete()


def _set_klasses(screening: Screening, klasses: Iterable[Klass]) -> None:
    klasses = list(klasses)
    if any(klass.school_id != screening.school_id for klass in klasses):
        raise PermissionDenied(PLAN)
    wanted = {klass.pk for klass in klasses}
    chosen = set(screening.chosen.filter(is_whole=True).values_list("klass_id", flat=True))
    dropped = chosen - wanted
    if screening.sittings.filter(klass_id__in=dropped).exists():
        raise ScreeningRefused("已经生成作答名单的班级不能移除。")
    screening.chosen.filter(klass_id__in=dropped).delete()
    screening.people.filter(student__klass__in=wanted).delete()  # asked with the whole class now
    screening.chosen.filter(klass_id__in=wanted, is_whole=False).update(is_whole=True)
    there = set(screening.chosen.values_list("klass_id", flat=True))
    ScreeningKlass.objects.bulk_create(
        ScreeningKlass(screening=screening, klass_id=pk) for pk in sorted(wanted - there)
    )


@dataclass(frozen=True)
class Invitation:
    """What an invitation changed: new sittings, of these exempt; earlier ones taken out or back in."""

    added: int
    exempt: int
    taken_out: int
    taken_back: int


@transaction.atomic
def invite_students(screening: Screening, *, actor) -> Invitation:
    """One sitting per student whom it is for (queries/people.py); repeatable: adds who is new, follows new decisions.

    A student without the consent that the legal basis asks for is exempt, and the counselor alone learns why.
    A sitting that has begun is left as it is: what was written in it must still be looked at.
    """
    require_school(PLAN, screening.school_id)
    screening = Screening.objects.select_for_update(no_key=True).get(pk=screening.pk)
    if screening.state == CLOSED:
        raise ScreeningRefused("测评已经结束，不能再增加学生。")
    cover_klasses(screening)
    day, students = timezone.localdate(), list(enrolled(screening).filter(klass_id__in=let_in(screening)))
    found = consents(screening, students, day)
    allowed = {pk for pk, consent in found.items() if may_be_asked(consent, screening.legal_basis)}
    elsewhere = _asked_elsewhere(screening, students)
    out, back = _follow_decisions(screening, allowed, allowed - elsewhere, {student.pk for student in students})
    added = _add_sittings(screening, students, allowed - elsewhere, day)
    exempt = [sitting for sitting in added if sitting.state == SittingState.EXEMPT]
    _say_why([one for one in exempt if one.student_id in elsewhere & allowed], WordKind.ELSEWHERE)
    _say_why([*(one for one in exempt if one.student_id not in allowed), *out], WordKind.NO_CONSENT)
    if added or out or back:
        CoverageTicket.objects.create(screening=screening)
    result = Invitation(len(added), len(exempt), len(out), len(back))
    record("assessments.invite", subject=screening, detail=vars(result))
    return result


def _add_sittings(screening: Screening, students: list[Student], allowed: set[int], day) -> list[Sitting]:
    there = set(screening.sittings.values_list("student_id", flat=True))
    numbers = {grade.pk: grade.number_on(day) for grade in Grade.objects.filter(school_id=screening.school_id)}
    key = screening_key(screening.pk, ScreeningKey.objects.get(screening=screening).wrapped)
    return Sitting.objects.bulk_create(
        [
            new_sitting(screening, student, numbers[student.grade_id], key, asked=student.pk in allowed)
            for student in students
            if student.pk not in there
        ]
    )


def new_sitting(screening: Screening, student: Student, grade_number: int, key: bytes, *, asked: bool) -> Sitting:
    """Unsaved, with a fresh code and the facts as of the invitation."""
    code = new_code()
    return Sitting(
        screening=screening,
        student=student,
        state=SittingState.INVITED if asked else SittingState.EXEMPT,
        code_index=code_index(code),
        code_sealed=seal_code(code, SittingOwner(screening.pk, student.pk, key)),
        label=masked_label(student.name, student.number),
        sex=student.sex,
        birth_on=student.birth_on,
        grade_number=grade_number if 1 <= grade_number <= 12 else None,
    )


def _follow_decisions(
    screening: Screening, allowed: set[int], asked: set[int], present: set[int]
) -> tuple[list[Sitting], list[int]]:
    """Take out whom a decision now keeps out (not `allowed`), and back in whom a consent now lets in and nobody has
    tested in this school year (`asked`). Nobody who declined."""
    waiting = screening.sittings.select_for_update().filter(state=SittingState.INVITED, student_id__in=present)
    out = [sitting for sitting in waiting if sitting.student_id not in allowed]
    back = list(
        screening.sittings.filter(state=SittingState.EXEMPT, student_id__in=asked, words__kind=WordKind.NO_CONSENT)
        .exclude(words__kind=WordKind.DECLINED)
        .values_list("pk", flat=True)
    )
    Sitting.objects.filter(pk__in=[sitting.pk for sitting in out]).update(state=SittingState.EXEMPT)
    Sitting.objects.filter(pk__in=back).update(state=SittingState.INVITED)
    return out, back


def _asked_elsewhere(screening: Screening, students: list[Student]) -> set[int]:
    """Newcomers who have begun another screening in this school year; nobody where the county approved this one."""
    if screening.state == DRAFT or screening.approvals.filter(is_granted=True).exists():
        return set()
    year = school_year(timezone.localdate(screening.opens_at))
    begun = Sitting.objects.filter(student__in=students, started_at__isnull=False).exclude(screening=screening)
    rows = begun.values_list("student_id", "started_at")
    return {pk for pk, at in rows if school_year(timezone.localdate(at)) == year}


def _say_why(sittings: Iterable[Sitting], kind: WordKind) -> None:
    rows = [SittingWord(sitting=sitting, kind=kind) for sitting in sittings]
    SittingWord.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def move_screening(screening: Screening, name: str, *, actor) -> Screening:
    """Make one move of screening_flow.MOVES. Raises ScreeningRefused with every reason against it."""
    require_school(PLAN, screening.school_id)
    screening = Screening.objects.select_for_update(no_key=True).get(pk=screening.pk)
    now = timezone.now()
    if MOVES[name].target == OPEN and screening.sittings.exists():
        invite_students(screening, actor=actor)  # what was decided since the list was made counts from the first minute
    reasons = refusals(name, facts_of(screening), now)
    if reasons:
        raise ScreeningRefused(*reasons)
    before, screening.state = screening.state, MOVES[name].target
    screening.closed_at = now if screening.state == CLOSED else None
    screening.save(update_fields=["state", "closed_at"])
    if name == "open":
        freeze(list(screening.scales.all()))
        _plan_makeup(screening)
    CoverageTicket.objects.create(screening=screening)
    record(f"assessments.{name}_screening", subject=screening, detail={"from": before, "to": screening.state})
    if screening.state == PAUSED:
        ring_after_commit("assessments.close_overdue_sittings")
    return screening


def _plan_makeup(screening: Screening) -> None:
    """Where nobody planned waves, the absent and the newly arrived are asked to make it up all the same."""
    if screening.waves.exists():
        return
    day = makeup_day(start_days(screening, timezone.localdate()))
    if day is not None:
        ScreeningWave.objects.create(screening=screening, number=1, starts_on=day, is_makeup=True)


@transaction.atomic
def stop_screening(screening: Screening, *, actor, reason: str) -> Screening:
    """Emergency stop: nobody gets in any more, for good. Raises ScreeningRefused when it is not running.

    Pages already on their way are still saved for two minutes; the sweep looks at critical answers at once and scores
    what was saved afterwards (actions/closing.py).
    """
    require_school("assessments.stop_screening", screening.school_id)
    screening = Screening.objects.select_for_update(no_key=True).get(pk=screening.pk)
    if screening.state not in (OPEN, PAUSED):
        raise ScreeningRefused("测评没有在进行，不需要停止。")
    screening.state, screening.closed_at = CLOSED, timezone.now()
    screening.stopped_by, screening.stopped_reason = actor, reason
    screening.save(update_fields=["state", "closed_at", "stopped_by", "stopped_reason"])
    CoverageTicket.objects.create(screening=screening)
    record("assessments.stop_screening", subject=screening, detail={"has_reason": bool(reason)})
    ring_after_commit("assessments.close_overdue_sittings")
    return screening


@transaction.atomic
def free_sitting(sitting: Sitting, *, actor) -> None:
    """Let a student whose code was typed wrong too often try again."""
    require_school("assessments.print_slips", sitting.school_id)
    sitting.locked_at, sitting.wrong_tries = None, 0
    sitting.save(update_fields=["locked_at", "wrong_tries"])
    record("assessments.free_sitting", subject=sitting)
