"""Whether a screening needs the county's approval, and what has been said: facts for the pure rule in overlap.py."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, Q
from django.utils import timezone

from assessments.models import Screening, ScreeningApproval, ScreeningScale, Sitting
from assessments.overlap import Approval, Exam, Other, Plan, approval_reasons, fingerprint, grounds
from assessments.queries.people import enrolled
from xinyu.organisations.calendar import Span
from xinyu.organisations.models import ExamPeriod, Klass

BEGUN = Q(state__in=("started", "finished"))
RUNNING = Q(state="invited", screening__state__in=("open", "paused"))


def plan_of(screening: Screening, day: date) -> Plan:
    """The plan as it would run when it was opened on `day`."""
    klasses = Klass.objects.filter(pk__in=screening.chosen.values("klass_id")).select_related("grade")
    opens, closes = timezone.localdate(screening.opens_at), timezone.localdate(screening.closes_at)
    first, titles = max(opens, day), tuple(screening.scales.order_by("code").values_list("title", flat=True))
    leaving = frozenset(klass.grade.stage for klass in klasses if klass.grade.is_leaving(first))
    return Plan(first, max(first, closes), titles, leaving)


def others_of(screening: Screening) -> list[Other]:
    """Screenings that the students whom this one is for have begun, or could begin now.

    A sitting that nobody ever began in a screening that is over was no burden and does not count. A screening of an
    earlier school is out of sight: its sittings came along with the student and tell when.
    """
    students = enrolled(screening).order_by()
    sittings = Sitting.objects.filter(BEGUN | RUNNING, student__in=students, is_listed=True).exclude(
        screening=screening
    )
    rows = list(
        sittings.order_by("screening_id")
        .values("screening_id")
        .annotate(n=Count("student", distinct=True), since=Min("started_at"))
    )
    ids = [row["screening_id"] for row in rows]
    known = {one.pk: one for one in Screening.objects.filter(pk__in=ids)}
    titles: dict[int, list[str]] = defaultdict(list)
    for part in ScreeningScale.objects.filter(screening__in=ids).select_related("version"):
        titles[part.screening_id].append(part.version.title)
    return [_other(row, known.get(row["screening_id"]), titles[row["screening_id"]]) for row in rows]


def _other(row: Mapping[str, Any], one: Screening | None, scales: list[str]) -> Other:
    since = row["since"] and timezone.localdate(row["since"])
    if one is None:
        day = since or timezone.localdate()
        return Other("转入前学校的测评", day, day, (), row["n"])
    first, last = since or timezone.localdate(one.opens_at), timezone.localdate(one.closed_at or one.closes_at)
    return Other(one.title, first, max(first, last), tuple(scales), row["n"], one.state in ("open", "paused"))


def announced_exams(county_id: int) -> list[Exam]:
    rows = ExamPeriod.objects.filter(county_id=county_id, code__in=("zhongkao", "gaokao"))
    return [Exam(row.code, Span(row.starts_on, row.ends_on)) for row in rows]


def grounds_of(screening: Screening, day: date) -> tuple[str, ...]:
    """Why the county has to approve, as of a day; () when it has not."""
    return grounds(plan_of(screening, day), others_of(screening), announced_exams(screening.school.county_id))


def asked_of(screening: Screening) -> str:
    """The fingerprint of the plan as it stands."""
    digests = screening.scales.order_by("code").values_list("digest", flat=True)
    klasses = screening.chosen.values_list("klass_id", flat=True)
    people = screening.people.values_list("student_id", flat=True)
    return fingerprint(digests, klasses, screening.opens_at, screening.closes_at, people)


def latest(screening: Screening) -> ScreeningApproval | None:
    return screening.approvals.select_related("asked_by", "decided_by").first()


def can_ask_again(screening: Screening) -> bool:
    """Whether no request for this very plan is waiting."""
    row = latest(screening)
    return row is None or row.decided_at is not None or row.asked != asked_of(screening)


def missing_approval(screening: Screening, day: date) -> tuple[str, ...]:
    """What keeps the screening from being opened for want of an approval; () when none is needed or one holds."""
    why = grounds_of(screening, day)
    if not why:
        return ()
    row = latest(screening)
    found = row and Approval(row.asked, row.is_granted, row.until_on)
    against = approval_reasons(found or None, asked_of(screening), day)
    return (*why, *against) if against else ()


def approvals():
    """Requests in sight, those that wait first."""
    rows = ScreeningApproval.objects.select_related("school", "asked_by", "decided_by")
    return rows.order_by(F("decided_at").desc(nulls_first=True), "-asked_at")
