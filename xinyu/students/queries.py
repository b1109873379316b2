"""Nouns about students: the searched list, the page of one, who may see her and why."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from xinyu.access.permissions import roles_for
from xinyu.access.roles import ROLES, column_of
from xinyu.accounts.models import User
from xinyu.lib.names import normalise
from xinyu.organisations.models import Klass

from .models import Attention, Guardian, GuardianDecision, Student

#: the character after every other one: `>= text` and `< text + LAST` is a range that an index answers
LAST = "\U0010fffd"


def prefix(column: str, text: str) -> Q:
    """A search by beginning as a range: LIKE is not leakproof and would be tried after the policy, row by row."""
    return Q(**{f"{column}__gte": text, f"{column}__lt": text + LAST})


def matching(text: str) -> Q:
    """Students whose name, pinyin, initials or number begins with `text`."""
    text = normalise(text)
    if text.isascii():
        typed = text.lower().replace(" ", "").replace("'", "")
        return prefix("pinyin", typed) | prefix("initials", typed) | prefix("number", text)
    return prefix("name", text)


def beside(student: Student, actor) -> dict[int, User]:
    """Staff who may know the student by a live post, except the actor, by id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT role, holder FROM access_posts_on(%s)", [student.pk])
        found = {holder for role, holder in cursor.fetchall() if role in roles_for("students.confirm_decision")}
    others = found - {actor.pk if actor else None}
    return {user.pk: user for user in User.objects.filter(pk__in=others, is_active=True).order_by("name", "pk")}


def to_confirm(actor) -> QuerySet[GuardianDecision]:
    """Decisions by telephone at which this person listened and which she has not confirmed yet."""
    rows = GuardianDecision.objects.filter(witness=actor, confirmed_by=None)
    return rows.select_related("student__klass__grade", "guardian", "recorded_by").order_by("decided_at")


def klasses_in_sight(posts) -> list[Klass]:
    """Classes that the person's posts cover, in order: a homeroom teacher's own, a counselor's whole school."""
    rule = Q(pk__in=[])
    for post in posts:
        if not ROLES[post.role].sees_names or post.school_id is None:
            continue
        column = column_of(post.role)
        rule |= {
            "klass_id": Q(pk=post.klass_id),
            "grade_id": Q(grade=post.grade_id),
            "school_id": Q(grade__school=post.school_id),
        }[column]
    rows = Klass.objects.filter(rule).select_related("grade", "grade__school")
    return sorted(rows, key=lambda k: (k.school_id, k.grade.stage, -k.grade.entry_year, k.pk))


def student_list(filters: dict, schools: list[int]) -> QuerySet[Student]:
    """The person's students narrowed by the search form; the school comes first so that an index serves."""
    rows = Student.objects.filter(school_id__in=schools).select_related("klass__grade")
    if not filters.get("left"):
        rows = rows.filter(left_on=None)
    if filters.get("klass"):
        rows = rows.filter(klass_id=filters["klass"])
    elif filters.get("grade"):
        rows = rows.filter(grade_id=filters["grade"])
    if filters.get("q"):
        rows = rows.filter(matching(filters["q"]))
    return rows.only("id", "number", "name", "sex", "left_on", "school_id", "klass__name", "klass__grade")


@dataclass(frozen=True)
class Header:
    """What components/student_header.html fixes on top of every page about one student."""

    name: str
    klass: str
    number: str


def header_of(student: Student, on: date) -> Header:
    return Header(student.name, student.klass.name_on(on), student.number)


def one_student() -> QuerySet[Student]:
    """A student with everything the page of one student shows, in a constant number of queries."""
    return Student.objects.select_related("klass__grade", "school", "key").prefetch_related(
        Prefetch("guardians", Guardian.objects.order_by("order")),
        Prefetch("attentions", Attention.objects.select_related("group").order_by("to_on", "-from_on")),
        Prefetch("decisions", GuardianDecision.objects.select_related("guardian").order_by("-decided_at", "-id")),
    )


def standing(decisions: list[GuardianDecision]) -> list[GuardianDecision]:
    """What counts now: for each purpose and person the newest verified decision, else the newest one.

    `decisions` newest first.
    """
    found: dict[tuple[str, int | None], GuardianDecision] = {}
    for decision in sorted(decisions, key=lambda decision: not decision.is_verified):
        found.setdefault((decision.purpose, decision.guardian_id), decision)
    return sorted(found.values(), key=lambda decision: (decision.purpose, decision.guardian_id or 0))


def school_ids(klasses: list[Klass]) -> list[int]:
    return sorted({klass.school_id for klass in klasses})
