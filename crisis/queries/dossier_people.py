"""The people around a case as lines of 一人一案: guardians who were told, helpers, doctors, the student's own plan."""

from django.urls import reverse
from django.utils import timezone

from crisis.dossier import NOTHING, TITLE, Line
from crisis.models import AdviceDocument, ContactProof
from xinyu.ui.wording import day

from .dossier import Reading
from .guardians import home_work_of
from .helping import pairs_of
from .medical import advice_of
from .safety import safety_plan_of


def contacts(reading: Reading) -> list[Line]:
    """Who was told what, and how it was confirmed; the bytes of a signature stay on their own page."""
    lines = []
    for one in home_work_of(reading.case, timezone.now()).contacts:
        row = one.contact
        people = "、".join(person.name for person in (row.told_by, row.beside) if person)
        words = "\n".join(filter(None, (one.content, one.answer and f"答复：{one.answer}", one.fact.label)))
        title = f"{row.get_channel_display()}告知{row.guardian.relation or '监护人'}：{one.topics or '联系'}"
        lines.append(Line(title, words, f"{row.guardian.name}；告知人 {people}", row.happened_at, TITLE))
    return lines


def pairs(reading: Reading) -> list[Line]:
    found = pairs_of(reading.case, reading.today, with_words=reading.may("crisis.notes"))
    lines = []
    for one in found:
        spoken = [f"{day(contact.on)} {fact.label} {words}".strip() for contact, words, fact in one.contacts]
        span = f"{day(one.pair.from_on)} 至 {day(one.pair.until_on)}，{one.fact.label}"
        title = f"结对帮扶（每 {one.pair.every_days} 天联系一次）"
        lines.append(Line(title, "\n".join((span, *spoken)), one.pair.helper.name, outside=TITLE))
    return lines


def advice(reading: Reading) -> list[Line]:
    lines = []
    for one in advice_of(reading.case):
        told = f"告知监护人 {day(timezone.localdate(one.told_at))}" if one.told_at else "还没有告知监护人"
        answers = [f"{day(line.row.on)} {line.fact.label} {line.words}".strip() for line in one.answers]
        words = "\n".join((one.reason, told, *answers))
        lines.append(Line("建议就医", words, one.advice.by.name, one.advice.advised_at, TITLE))
    return lines


def safety_plan(reading: Reading) -> list[Line]:
    """In the student's words; a copy for readers outside says only that there is one."""
    found = safety_plan_of(reading.case)
    if found is None or not reading.may("crisis.notes"):
        return []
    words = "\n".join(f"{step.title}：{text}" for step, text in found.lines if text)
    return [Line(f"安全计划（第 {found.plan.version} 版）", words, found.plan.by.name, found.plan.written_on, TITLE)]


def papers(reading: Reading) -> list[Line]:
    """Signatures, scans and documents of hospitals that the platform holds, by their SHA-256."""
    proofs = ContactProof.objects.filter(case=reading.case).exclude(digest="").select_related("by").defer("file")
    documents = AdviceDocument.objects.filter(case=reading.case).select_related("by").defer("file")
    signed = [
        Line(f"监护人确认：{row.get_kind_display()}", f"SHA-256 {row.digest}", row.by.name, row.confirmed_at, NOTHING)
        for row in proofs
    ]
    return signed + [
        Line(
            f"{row.title}（{'由医疗机构提供：' if row.is_medical else ''}{row.hospital}）",
            f"SHA-256 {row.digest}",
            row.by.name,
            row.received_on,
            TITLE,
            reverse("crisis:document-file", args=[row.case_id, row.pk]),
        )
        for row in documents
    ]
