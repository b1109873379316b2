"""Nouns of 家校与就医: what the guardian is owed, who was told, how it was confirmed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from crisis.guardian_clock import clock_words
from crisis.models import Case, ContactProof, DueCause, GuardianContact, GuardianDue, ProofKind
from xinyu.students.holds import held_guardians
from xinyu.students.models import ContactHold, Guardian
from xinyu.ui.frame import Fact

from .cases import Opener

SIGNED = frozenset({ProofKind.DRAWN, ProofKind.SCAN})


def dues_owed() -> QuerySet[GuardianDue]:
    """Waiting in sight, the first due first; none of a student whose guardians are held back: that clock rests."""
    held = ContactHold.objects.filter(student=OuterRef("student"), ended_at__isnull=True)
    rows = GuardianDue.objects.filter(met_at__isnull=True, called_off_at__isnull=True)
    return rows.filter(~Exists(held), case__closed_at__isnull=True).order_by("due_at")


@dataclass(frozen=True)
class DueLine:
    due: GuardianDue
    is_paused: bool
    now: datetime

    @property
    def title(self) -> str:
        return DueCause(self.due.cause).label

    @property
    def is_open(self) -> bool:
        return self.due.met_at is None and not self.is_paused

    @property
    def fact(self) -> Fact:
        due = self.due
        if due.met_at is None and self.is_paused:
            return Fact("已暂停计时", "player-pause", "info")
        words = clock_words(due.since_at, due.due_at, due.met_at, self.now)
        if due.met_at is not None:
            return Fact(words, "circle-check", "good" if due.met_at <= due.due_at else "notice")
        return Fact(words, "clock", "urgent" if due.due_at <= self.now else "notice")


@dataclass(frozen=True)
class ContactLine:
    contact: GuardianContact
    content: str
    answer: str
    proofs: tuple[ContactProof, ...]

    @property
    def wants_proof(self) -> bool:
        return self.contact.is_reached and not any(proof.kind in SIGNED for proof in self.proofs)

    @property
    def topics(self) -> str:
        found = ["情况与需要的配合"] if self.contact.about_situation else []
        found += ["建议就医"] if self.contact.advice_id else []
        return "、".join(found + (["安全计划"] if self.contact.safety_plan_id else []))

    @property
    def fact(self) -> Fact:
        if not self.contact.is_reached:
            return Fact("没有联系上", "phone", "neutral")
        if not self.wants_proof:
            return Fact("已签字", "signature", "good")
        if self.proofs:
            return Fact(f"{self.proofs[0].get_kind_display()}，有见证人", "user-check", "info")
        return Fact("还没有签字确认", "pencil", "notice")


@dataclass(frozen=True)
class HomeWork:
    """`held`: names of the guardians nobody contacts now."""

    dues: tuple[DueLine, ...]
    contacts: tuple[ContactLine, ...]
    held: tuple[str, ...]
    has_guardians: bool
    is_all_held: bool

    @property
    def open_dues(self) -> list[DueLine]:
        return [line for line in self.dues if line.is_open]


def due_lines(case: Case, now: datetime) -> tuple[DueLine, ...]:
    """What waits or was met; called off ones are left out. The clock stands still while any guardian is held back."""
    rows = list(GuardianDue.objects.filter(case=case, called_off_at__isnull=True))
    is_paused = bool(rows) and ContactHold.objects.filter(student=case.student_id, ended_at__isnull=True).exists()
    return tuple(DueLine(row, is_paused, now) for row in rows)


def home_work_of(case: Case, now: datetime) -> HomeWork:
    """As many questions for one contact as for three."""
    guardians = list(Guardian.objects.filter(student=case.student_id))
    held = held_guardians(case.student)
    rows = GuardianContact.objects.filter(case=case).select_related("guardian", "told_by", "beside")
    proofs: dict[int, list[ContactProof]] = {}
    for proof in ContactProof.objects.filter(case=case).select_related("by").defer("file"):
        proofs.setdefault(proof.contact_id, []).append(proof)
    text = Opener(case.student_id)
    contacts = tuple(
        ContactLine(row, text(row, "content"), text(row, "answer"), tuple(proofs.get(row.pk, ()))) for row in rows
    )
    names = tuple(f"{one.name}（{one.relation}）" for one in guardians if one.pk in held)
    is_held = ContactHold.objects.filter(student=case.student_id, ended_at__isnull=True, guardian=None).exists()
    is_all = is_held or bool(guardians) and len(names) == len(guardians)
    return HomeWork(due_lines(case, now), contacts, names, bool(guardians), is_all)
