"""Nouns of the growth file: who reads how much of it, its tabs, its timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessments.choices import EntryKind
from assessments.models import GrowthFile, TimelineEntry
from xinyu.lib.dates import school_year
from xinyu.students.models import Attention, Guardian, Student
from xinyu.ui.frame import Moment, Tab
from xinyu.ui.wording import masked

from .sealed import texts_of

#: drawing of each section in tabs and timeline
ICONS = {
    EntryKind.ENROLMENT: "school",
    EntryKind.LIFE_EVENT: "plant-2",
    EntryKind.SCREENING: "clipboard-check",
    EntryKind.OBSERVATION: "eye",
    EntryKind.LESSON: "book",
    EntryKind.INTERVIEW: "message-circle",
    EntryKind.COUNSELING: "armchair",
    EntryKind.ATTENTION: "heart-handshake",
    EntryKind.HOME: "home",
    EntryKind.STRENGTH: "star",
    EntryKind.CASE: "folder",
}


@dataclass(frozen=True)
class Depth:
    """How much of a file somebody reads: the counselor all, the homeroom teacher what is shared and her own words."""

    reads_all: bool
    reads_timeline: bool
    may_observe: bool

    @classmethod
    def of(cls, roles: frozenset[str]) -> "Depth":
        counsels, leads = "counselor" in roles, "homeroom" in roles
        return cls(counsels, counsels or leads, counsels or leads)


def first_day_shown(today: date) -> date:
    """Default view: this school year and the last; what is older needs a reason (lessons.md 7)."""
    return date(school_year(today) - 1, 9, 1)


def tabs(base: str, section: str, extra: str = "") -> list[Tab]:
    """全部 and one tab per section in the order of the printed file; `extra` is a query string to carry along."""
    carried = f"&{extra}" if extra else ""
    rows = [Tab("全部", f"{base}?section={carried}", not section)]
    return rows + [Tab(kind.label, f"{base}?section={kind}{carried}", section == kind) for kind in EntryKind]


def moments(student: Student, *, section: str, since: date | None) -> list[Moment]:
    """The timeline as far as row sight shows it, newest first; `since` None shows everything."""
    rows = TimelineEntry.objects.filter(student=student).select_related("author")
    if section:
        rows = rows.filter(kind=section)
    if since is not None:
        rows = rows.filter(on__gte=since)
    entries = list(rows)
    texts = texts_of(entries, "body", student.pk) if entries else {}
    return [_moment(entry, texts[entry.pk]) for entry in entries]


def _moment(entry: TimelineEntry, text: str) -> Moment:
    kind = EntryKind(entry.kind)
    title = entry.title if entry.title.startswith(kind.label) else f"{kind.label} · {entry.title}"
    shared = " · 班主任可见" if entry.is_shared else ""
    who = f"{entry.author.name if entry.author else '系统'}{shared}"
    return Moment(entry.on, title, text, who, ICONS[kind], "info" if entry.is_shared else "neutral")


def opening(student: Student) -> Moment | None:
    """The day the file was opened, as the first moment of every timeline."""
    file = GrowthFile.objects.filter(student=student).first()
    return Moment(file.opened_on, "建立成长档案", icon="school") if file else None


def has_older(student: Student, since: date) -> bool:
    return TimelineEntry.objects.filter(student=student).filter(on__lt=since).exists()


@dataclass(frozen=True)
class GuardianLine:
    name: str
    relation: str
    phone: str


def guardians(student: Student) -> list[GuardianLine]:
    """Guardians with masked phones."""
    rows = list(Guardian.objects.filter(student=student))
    phones = texts_of(rows, "phone", student.pk) if rows else {}
    return [GuardianLine(row.name, row.relation, masked(phones[row.pk], 3, 2)) for row in rows]


def attentions(student: Student, on: date) -> Sequence[Attention]:
    """Key-attention groups of that day: a reason for care, never a level (未保法 §29)."""
    rows = Attention.objects.filter(student=student, from_on__lte=on).exclude(to_on__lte=on)
    return list(rows.select_related("group").order_by("group__order"))


def homeroom_comments(student: Student, limit: int = 5) -> list[Moment]:
    """What people who see the student every day wrote down, newest first: observations with an author."""
    rows = TimelineEntry.objects.filter(student=student, kind=EntryKind.OBSERVATION, author__isnull=False)
    entries = list(rows.select_related("author").order_by("-on", "-id")[:limit])
    texts = texts_of(entries, "body", student.pk) if entries else {}
    return [_moment(entry, texts[entry.pk]) for entry in entries]
