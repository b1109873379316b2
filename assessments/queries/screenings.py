"""What the pages of a screening show: schools, classes, counts, progress, reasons."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q
from django.utils import timezone

from assessments.choices import STATE_LOOK, ScreeningState, SittingState, WordKind
from assessments.consent import Asking, Consent, Said, age_on, consent_of, may_be_asked, to_remind
from assessments.models import ScaleApproval, ScaleVersion, Screening, Sitting, SittingWord
from assessments.queries.approvals import missing_approval
from assessments.queries.people import enrolled
from assessments.queries.scales import out_of_force
from assessments.queries.waves import let_in
from assessments.scale_gate import Asked, reasons_against
from assessments.scale_library import definition_of
from assessments.screening_flow import DRAFT, ScreeningFacts
from xinyu.access.actor import current_user_id
from xinyu.access.permissions import roles_for
from xinyu.access.posts import LivePost, live_posts
from xinyu.organisations.models import Klass, School
from xinyu.students.holds import held_among
from xinyu.students.models import Guardian, GuardianDecision, Purpose, Student
from xinyu.students.said_elsewhere import said_elsewhere
from xinyu.ui.frame import Fact

#: a child enters grade 1 at 6
AGE_BEFORE_GRADE_1 = 5


def schools_for(verb: str, posts: Iterable[LivePost] | None = None) -> set[int]:
    """Schools at which the acting person holds a live post that carries the verb; a page passes `request.posts`."""
    held = live_posts() if posts is None else posts
    return {post.school_id for post in held if post.role in roles_for(verb) and post.school_id}


def require_school(verb: str, school_id: int) -> None:
    """403 unless the verb is the person's own at this school; jobs of the platform pass."""
    if current_user_id() is not None and school_id not in schools_for(verb):
        raise PermissionDenied(verb)


def own_schools(verb: str):
    return School.objects.filter(pk__in=schools_for(verb))


def state_fact(state: str) -> Fact:
    look = STATE_LOOK[ScreeningState(state)]
    return Fact(ScreeningState(state).label, look.icon, look.tone)


def screenings():
    """Screenings in sight, newest first."""
    return Screening.objects.select_related("school")


@dataclass(frozen=True)
class GradeLine:
    """A grade with its classes: [(class id, class name, students enrolled)]."""

    pk: int
    name: str
    klasses: list[tuple[int, str, int]] = field(default_factory=list)


def grades_with_klasses(school_id: int, day: date) -> list[GradeLine]:
    """The grades of a school, oldest last, classes without students left out."""
    klasses = (
        Klass.objects.filter(school_id=school_id)
        .select_related("grade")
        .annotate(enrolled=Count("students", filter=Q(students__left_on=None)))
        .order_by("-grade__entry_year", "id")
    )
    grades: dict[int, GradeLine] = {}
    for klass in klasses:
        if klass.enrolled:
            line = grades.setdefault(klass.grade_id, GradeLine(klass.grade_id, klass.grade.name_on(day)))
            line.klasses.append((klass.pk, klass.name, klass.enrolled))
    return list(grades.values())


def asked_grades(klass_ids: Iterable[int], day: date) -> tuple[Asked, ...]:
    """The grades of classes, as the gate of scales wants them."""
    klasses = Klass.objects.filter(pk__in=list(klass_ids)).select_related("grade")
    grades = {klass.grade_id: klass.grade for klass in klasses}
    return tuple(Asked(g.stage, g.number_on(day) + AGE_BEFORE_GRADE_1, g.name_on(day)) for g in grades.values())


def blocked_scales(versions: Iterable[ScaleVersion], klass_ids: Iterable[int], county_id: int) -> tuple[str, ...]:
    """Why these scales must not be opened for these classes, in Chinese, () when they may."""
    asked = asked_grades(klass_ids, timezone.localdate())
    versions = list(versions)
    approved = set(
        ScaleApproval.objects.filter(county_id=county_id, version__in=versions).values_list("version_id", flat=True)
    )
    return tuple(
        reason
        for version in versions
        for reason in reasons_against(definition_of(version), asked, is_approved=version.pk in approved)
    )


def facts_of(screening: Screening) -> ScreeningFacts:
    """Facts for the transition table."""
    klasses = screening.chosen.values_list("klass_id", flat=True)
    # what runs goes on with the version it was opened with
    is_draft = screening.state == ScreeningState.DRAFT
    county_id, today = screening.school.county_id, timezone.localdate()
    rights = out_of_force(screening.scales.all(), county_id, today) if is_draft else ()
    return ScreeningFacts(
        state=screening.state,
        invited=screening.sittings.exclude(state=SittingState.EXEMPT).count(),
        closes_at=screening.closes_at,
        blocked_scales=blocked_scales(screening.scales.all(), klasses, screening.school.county_id) + rights,
        unapproved=missing_approval(screening, timezone.localdate()) if screening.state == DRAFT else (),
    )


@dataclass(frozen=True)
class Standing:
    """One student's standing in a screening: the consent that follows, and who has yet to answer."""

    student: Student
    consent: Consent
    remind: tuple[Guardian, ...]


def standings(screening: Screening, students: Iterable[Student], day: date) -> list[Standing]:
    """Consent of every student as of a day; four statements whatever their number."""
    students = list(students)
    ids = [student.pk for student in students]
    said: dict[int, list[Said]] = defaultdict(list)
    rows = GuardianDecision.objects.filter(purpose=Purpose.SCREENING, student_id__in=ids)
    for row in rows.order_by("decided_at", "id"):
        at = timezone.localtime(row.decided_at)
        one = Said(row.guardian_id, row.decision, row.is_verified, at, row.notice_version, row.school_id)
        said[row.student_id].append(one)
    for student_id, speaker, decision, is_verified, when, notice, school_id in said_elsewhere(ids, Purpose.SCREENING):
        one = Said(speaker, decision, is_verified, timezone.localtime(when), notice, school_id)
        said[student_id].append(one)
    guardians: dict[int, dict[int, Guardian]] = defaultdict(dict)
    for guardian in Guardian.objects.filter(student_id__in=ids):
        guardians[guardian.student_id][guardian.pk] = guardian
    withheld = held_among(guardian for known in guardians.values() for guardian in known.values())
    found = []
    for student in students:
        known = guardians[student.pk]
        asking = Asking(
            day=day,
            birth_on=student.birth_on,
            guardians=frozenset(known),
            notice=screening.notice_version,
            school_id=screening.school_id,
            withheld=frozenset(known) & withheld,
        )
        remind = to_remind(said[student.pk], asking)
        who = tuple(guardian for pk, guardian in known.items() if pk in remind)
        found.append(Standing(student, consent_of(said[student.pk], asking), who))
    return found


def consents(screening: Screening, students: Iterable[Student], day: date) -> dict[int, Consent]:
    """Student id → consent to this screening on a day."""
    return {one.student.pk: one.consent for one in standings(screening, students, day)}


def open_questions(screening: Screening, day: date) -> dict[Consent, list[Standing]]:
    """Students whose consent is not simply given, by what it is, the ones that need a talk first."""
    students = enrolled(screening).select_related("klass__grade")
    found: dict[Consent, list[Standing]] = {c: [] for c in (Consent.CONFLICT, Consent.SILENT, Consent.REFUSED)}
    for one in standings(screening, students, day):
        if one.consent in found:
            found[one.consent].append(one)
    return found


@dataclass(frozen=True)
class Preview:
    """Counts before launch. `own_word`: a guardian agreed, the student decides at the door.

    `outside_ages`: by their birthday outside the ages of a chosen scale.

    `newcomers`, `refused_since`: how the list made earlier differs from what it would be now.
    """

    enrolled: int
    given: int
    refused: int
    own_word: int
    conflict: int
    silent: int
    outside_ages: int
    asked: int
    newcomers: int
    refused_since: int


def preview(screening: Screening) -> Preview:
    """What an invitation would do now; shown before anything is written."""
    day, students = timezone.localdate(), list(enrolled(screening))
    found = consents(screening, students, day)
    allowed = {pk for pk, consent in found.items() if may_be_asked(consent, screening.legal_basis)}
    states = dict(screening.sittings.values_list("student_id", "state"))
    kinds, open_klasses = Counter(found.values()), set(let_in(screening))
    return Preview(
        enrolled=len(students),
        given=kinds[Consent.GIVEN],
        refused=kinds[Consent.REFUSED],
        own_word=kinds[Consent.OWN_WORD],
        conflict=kinds[Consent.CONFLICT],
        silent=kinds[Consent.SILENT],
        outside_ages=_outside_ages(screening, students, day),
        asked=len(allowed),
        newcomers=sum(one.pk not in states and one.klass_id in open_klasses for one in students),
        refused_since=sum(states.get(pk) == SittingState.INVITED for pk in found.keys() - allowed),
    )


def _outside_ages(screening: Screening, students: list[Student], day: date) -> int:
    ranges = [definition_of(version).ages for version in screening.scales.all()]
    low = max((first for first, _ in ranges), default=0)
    high = min((last for _, last in ranges if last is not None), default=200)
    ages = [age_on(student.birth_on, day) for student in students]
    return sum(age is not None and not low <= age <= high for age in ages)


@dataclass
class KlassLine:
    """Progress of one class: counts by state, `locked` codes."""

    klass_id: int
    name: str
    counts: dict[str, int] = field(default_factory=dict)
    locked: int = 0

    @property
    def invited(self) -> int:
        return sum(self.counts.get(s, 0) for s in (SittingState.INVITED, SittingState.STARTED, SittingState.FINISHED))

    @property
    def cells(self) -> list[tuple[str, int]]:
        return [(state.label, self.counts.get(state, 0)) for state in SittingState]

    @property
    def finished(self) -> int:
        return self.counts.get(SittingState.FINISHED, 0)


def board(screening: Screening) -> tuple[list[KlassLine], KlassLine]:
    """(a line per class in sight, the sum of them); two statements whatever the number of classes."""
    rows = (
        screening.sittings.order_by("klass_id")
        .values("klass_id", "state")
        .annotate(n=Count("id"), locked=Count("id", filter=Q(locked_at__isnull=False)))
    )
    found: dict[int, KlassLine] = {}
    total = KlassLine(0, "合计")
    for row in rows:
        line = found.setdefault(row["klass_id"], KlassLine(row["klass_id"], ""))
        for one in (line, total):
            one.counts[row["state"]] = one.counts.get(row["state"], 0) + row["n"]
            one.locked += row["locked"]
    day = timezone.localdate()
    for klass in Klass.objects.filter(pk__in=found).select_related("grade"):
        found[klass.pk].name = klass.name_on(day)
    return list(found.values()), total


def klass_sittings(screening: Screening, klass_id: int):
    """Sittings of one class in sight, with the student; empty for a class out of sight."""
    return (
        Sitting.objects.filter(screening=screening, klass_id=klass_id)
        .select_related("student")
        .order_by("student__number")
    )


def locked_sittings(screening: Screening):
    """Sittings whose code was typed wrong too often, in sight."""
    return screening.sittings.filter(locked_at__isnull=False).select_related("student", "klass__grade")


def reasons(screening: Screening, klass_id: int | None = None) -> list[SittingWord]:
    """Why somebody has nothing to answer, and who wants to talk: rows that the counselor alone sees.

    "no consent" only while it still holds: a consent given later takes the student back in.
    """
    words = SittingWord.objects.filter(sitting__screening=screening).select_related("student__klass__grade", "sitting")
    if klass_id is not None:
        words = words.filter(sitting__klass_id=klass_id)
    words = words.exclude(Q(kind=WordKind.NO_CONSENT) & ~Q(sitting__state=SittingState.EXEMPT))
    return list(words.annotate(number=F("student__number")).order_by("kind", "number"))
