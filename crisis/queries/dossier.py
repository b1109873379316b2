"""一人一案 section by section, as one person may read it: typed versions, facts from elsewhere, what is still owed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.utils.module_loading import import_string

from assessments.diagnosis_words import diagnosis_words
from crisis.dossier import BY_CODE, FULL, Line, Section, missing, shown
from crisis.duty import roles_in
from crisis.looks import is_withdrawn, level_of
from crisis.models import Case, CaseNote, EntryMove, MoveSide, NoteKind, SectionText
from xinyu.access.permissions import roles_for
from xinyu.accounts.models import User

from .cases import Opener
from .conferences import ConferenceShape, conferences_of

HINT = "学校不作诊断：如来自医院，请写到“医疗信息”并注明来源；否则建议改写成看到、听到的情况。"


@dataclass
class Reading:
    """One case read by one person on one day; what several sections ask for is fetched once.

    `roles`: the reader's posts at the school of the case. Row sight decides the rest. `is_paper`: telephone numbers
    stand in full, which was asked for with a purpose and is recorded; a page masks them.
    """

    case: Case
    reader: User
    today: date
    roles: frozenset[str] = frozenset()
    is_paper: bool = False

    def may(self, verb: str) -> bool:
        return bool(self.roles & roles_for(verb))

    @cached_property
    def text(self) -> Opener:
        return Opener(self.case.student_id)

    @cached_property
    def notes(self) -> list[tuple[CaseNote, str]]:
        """Notes in sight with their words, newest first; those that were moved away are not there."""
        rows = CaseNote.objects.filter(case=self.case, moved_at=None).select_related("by")
        return [(row, self.text(row, "body")) for row in rows]

    @cached_property
    def meetings(self) -> list[ConferenceShape]:
        return conferences_of(self.case, self.reader.pk)


def reading_of(case: Case, reader: User, today: date, *, is_paper: bool = False) -> Reading:
    return Reading(case, reader, today, roles_in(case.school_id), is_paper)


def depth_of(case: Case) -> str:
    """'full' or 'page': what the confirmed level asks for (4-workflow D9.6). A closed case keeps its last depth."""
    return FULL if is_withdrawn(case) else level_of(case.level, case.scheme).depth


@dataclass(frozen=True)
class Version:
    """One version of a typed section with its words; `texts` is empty when it was moved away."""

    row: SectionText
    texts: dict[str, str]

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """[(label, text)] in the order of the section."""
        return [(one.label, self.texts[one.code]) for one in BY_CODE[self.row.section].fields if one.code in self.texts]


def _version(row: SectionText, text: Opener) -> Version:
    return Version(row, json.loads(text(row, "body")) if row.body is not None else {})


def versions_of(case: Case, section: str) -> list[Version]:
    """Every version of a section, newest first."""
    rows = SectionText.objects.filter(case=case, section=section).select_related("by").order_by("-version")
    text = Opener(case.student_id)
    return [_version(row, text) for row in rows]


def newest_versions(reading: Reading) -> dict[str, Version]:
    """{section: the version that counts}; one statement for all sections."""
    rows = SectionText.objects.filter(case=reading.case, moved_at=None).select_related("by")
    newest = rows.order_by("section", "-version").distinct("section")
    return {row.section: _version(row, reading.text) for row in newest}


@dataclass(frozen=True)
class SectionView:
    section: Section
    version: Version | None = None
    lines: list[Line] = field(default_factory=list)
    is_missing: bool = False
    may_write: bool = False

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Terms and values: what is known from elsewhere, then what was typed."""
        typed = self.version.labelled if self.version else []
        return [*((line.title, line.text) for line in self.lines if line.is_pair), *typed]

    @property
    def events(self) -> list[Line]:
        return [line for line in self.lines if not line.is_pair]

    @property
    def hint(self) -> str:
        """A calm word about diagnosis words outside 医疗信息 (D9.14); nothing is refused."""
        texts = "\n".join(self.version.texts.values()) if self.version and not self.section.is_medical else ""
        words = diagnosis_words(texts)
        return f"文中有“{'、'.join(words)}”。{HINT}" if words else ""

    @property
    def is_empty(self) -> bool:
        return not self.lines and not (self.version and self.version.texts)


@dataclass(frozen=True)
class Dossier:
    depth: str
    sections: list[SectionView]
    missing: list[Section]

    def view(self, code: str) -> SectionView:
        return next(one for one in self.sections if one.section.code == code)


def lines_of(section: Section, reading: Reading) -> list[Line]:
    out: list[Line] = []
    for name in section.sources:
        find: Callable[[Reading], list[Line]] = import_string(name)
        out += find(reading)
    return out


def dossier_of(reading: Reading) -> Dossier:
    """The case in the depth of its level; sections that are not the reader's are left out."""
    depth, versions = depth_of(reading.case), newest_versions(reading)
    filled = {code for code, one in versions.items() if one.texts}
    may_write = reading.may("crisis.notes")
    owed = missing(depth, filled) if may_write else []
    views = [
        SectionView(one, versions.get(one.code), lines_of(one, reading), one in owed, may_write and bool(one.fields))
        for one in shown(depth, filled)
        if reading.may(one.verb) and (may_write or one.sources)
    ]
    return Dossier(depth, views, owed)


def moves_of(case: Case) -> list[tuple[EntryMove, str]]:
    """[(move, reason)] of entries that left or came to this case, newest first."""
    rows = list(EntryMove.objects.filter(case=case).select_related("by"))
    text = Opener(case.student_id) if rows else None
    return [(row, text(row, "reason")) for row in rows] if text else []


def move_words(move: EntryMove) -> str:
    """'一条“谈话”由其他学生的档案移入', without content and without a name."""
    section = BY_CODE.get(move.what)
    what = section.title if section else NoteKind(move.what).label
    out = "写错学生，已移到正确的档案" if move.side == MoveSide.OUT else "写错学生，由其他档案移来"
    return f"一条“{what}”{out}"


@dataclass(frozen=True)
class Part:
    """A quarter of the one page of 一生一案."""

    title: str
    icon: str
    nothing: str
    lines: list[Line]
    words: str = ""
    page_name: str = ""
    section: str = ""


def one_page(dossier: Dossier) -> list[Part]:
    """为什么、怎么帮、谁来帮、下次联系 (4-workflow D9.6): from the sections themselves, nothing typed twice."""
    found = dossier.view("discovery").version
    why = found.texts.get("noticed", "") if found else ""
    waiting = [line for line in dossier.view("follow_up").lines if line.at is None]
    return [
        Part("为什么", "help-circle", "还没有写。", dossier.view("levels").lines[:1], why, section="discovery"),
        Part("怎么帮", "list-check", "还没有方案。", dossier.view("plan").lines, page_name="crisis:case-page"),
        Part("谁来帮", "users", "还没有人。", dossier.view("pairing").lines, page_name="crisis:case-team"),
        Part("下次联系", "calendar", "还没有排出。", waiting, page_name="crisis:case-team"),
    ]
