"""Facts that other pages keep, as lines of 一人一案. Each source takes a Reading and asks a fixed number of queries.

What the reader may not see is not there: rows are the database's, and sections name the verb they need.
"""

from datetime import datetime

from django.utils import timezone

from assessments.choices import Outcome
from assessments.models import Flag, Interview
from assessments.queries.results import results_of
from crisis.dossier import ALL, NOTHING, TITLE, Line
from crisis.looks import DEPTHS, level_fact, level_of
from crisis.models import FollowUp, MandatoryReport, NoteKind
from xinyu.lib.masking import mask_phone
from xinyu.students.holds import ASK_FIRST, held_among
from xinyu.students.models import Attention, Guardian
from xinyu.ui.wording import day

from .dossier import Reading, move_words, moves_of
from .home_harm import protection_of

#: the newest flags say how the case came about
MOST_FLAGS = 12
NOTHING_SAID = "未填"


def _on(at: datetime) -> str:
    return day(timezone.localdate(at))


def _fact(term: str, value: str, outside: str = ALL) -> Line:
    return Line(term, value or NOTHING_SAID, outside=outside, is_pair=True)


def cover(reading: Reading) -> list[Line]:
    case = reading.case
    depth = DEPTHS[level_of(case.level, case.scheme).depth]
    closed = [_fact("结束日期", _on(case.closed_at))] if case.closed_at else []
    return [
        _fact("编号", case.code),
        _fact("学校", case.school.name),
        _fact("建档日期", _on(case.opened_at)),
        _fact("责任人", case.owner.name, NOTHING),
        _fact("记录深度", depth),
        *closed,
    ]


def student(reading: Reading) -> list[Line]:
    kid = reading.case.student
    groups = Attention.objects.filter(student=kid, to_on=None).select_related("group").order_by("from_on", "pk")
    lines = [
        _fact("姓名", kid.name),
        _fact("性别", kid.get_sex_display()),
        _fact("出生日期", day(kid.birth_on) if kid.birth_on else ""),
        _fact("班级", kid.klass.name_on(reading.today)),
        _fact("学号", kid.number),
        _fact("住宿", "住校" if kid.is_boarding else "走读"),
    ]
    if found := [row.group.label for row in groups]:
        lines.append(_fact("重点关注群体", "、".join(found)))
    return lines + _guardians(reading)


def _guardians(reading: Reading) -> list[Line]:
    """Nobody reads a number of whoever must not be phoned."""
    rows = list(Guardian.objects.filter(student=reading.case.student))
    held = held_among(rows) if rows else set()
    out = []
    for row in rows:
        phone = reading.text(row, "phone") if reading.may("crisis.notes") else ""
        shown = ASK_FIRST if row.pk in held else phone if reading.is_paper else mask_phone(phone) if phone else ""
        out.append(Line(f"监护人（{row.relation or '关系未填'}）", shown, row.name))
    return out


def flags(reading: Reading) -> list[Line]:
    """When and by which way something was noticed; never who told it (4-workflow D9.5)."""
    rows = Flag.objects.filter(student=reading.case.student).order_by("-raised_at")[:MOST_FLAGS]
    return [Line(f"{row.get_source_display()}：{row.get_level_display()}", at=row.raised_at) for row in rows]


def results(reading: Reading) -> list[Line]:
    lines = []
    for view in results_of(reading.case.student):
        band = view.result.band if view.result.is_valid else view.state.label
        lines.append(
            Line(f"{view.title} {view.total} 分", f"{band}（筛查信号，不是诊断）", at=view.result.at, outside=ALL)
        )
    return lines


def interviews(reading: Reading) -> list[Line]:
    rows = Interview.objects.filter(student=reading.case.student).select_related("by")
    return [
        Line(f"访谈：{row.get_outcome_display()}", reading.text(row, "summary"), row.by.name, row.at, TITLE)
        for row in rows
    ]


def referring_talks(reading: Reading) -> list[Line]:
    rows = Interview.objects.filter(student=reading.case.student, outcome=Outcome.REFER).select_related("by")
    return [Line("访谈后建议就医评估", who=row.by.name, at=row.at, outside=TITLE) for row in rows]


def _notes(reading: Reading, *kinds: NoteKind, leaves_out: bool = False) -> list[Line]:
    return [
        Line(NoteKind(row.kind).label, body, row.by.name, row.happened_at, TITLE)
        for row, body in reading.notes
        if (NoteKind(row.kind) in kinds) is not leaves_out
    ]


def medical_notes(reading: Reading) -> list[Line]:
    return _notes(reading, NoteKind.MEDICAL)


def guardian_notes(reading: Reading) -> list[Line]:
    told = _notes(reading, NoteKind.GUARDIAN) if reading.may("crisis.notes") else []
    harms = protection_of(reading.case, reading.case.opened_at).harms
    return told + [
        Line(
            "监护人告知暂停" + (f"，{_on(one.harm.ended_at)}恢复" if one.harm.ended_at else "，至今"),
            "\n".join(filter(None, (one.reason, one.decision))),
            one.whom,
            one.harm.at,
        )
        for one in harms
    ]


def process_notes(reading: Reading) -> list[Line]:
    return _notes(reading, NoteKind.MEDICAL, NoteKind.GUARDIAN, leaves_out=True)


def conferences(reading: Reading) -> list[Line]:
    lines = []
    for one in reading.meetings:
        there = [seat for seat in one.seats if seat.was_there]
        signed = sum(seat.signed_at is not None for seat in there)
        level = f"研判级别{one.level.label}" if one.level else "纪要未登记"
        title = f"研判会（{one.place}）：{level}，到会 {len(there)} 人，签字 {signed} 人"
        lines.append(Line(title, one.minutes, "、".join(seat.name for seat in there), one.meets_at, TITLE))
    return lines


def plan(reading: Reading) -> list[Line]:
    rows = reading.case.planitems.select_related("person")
    lines = []
    for row in rows:
        state = f"{_on(row.done_at)}完成" if row.done_at else f"期限 {day(row.due_on)}"
        action = reading.text(row, "action") or "还没有措施"
        title = f"{row.get_cause_display()}：{reading.text(row, 'goal')}"
        lines.append(Line(title, f"措施：{action}（{state}）", row.person.name, outside=ALL))
    return lines


def helpers(reading: Reading) -> list[Line]:
    """Whoever carries something for the student; pairings add their own lines."""
    people = {reading.case.owner.name: "责任人"}
    for row in reading.case.planitems.filter(done_at=None).select_related("person"):
        people.setdefault(row.person.name, "承担方案措施")
    return [Line(what, who=name, outside=TITLE) for name, what in people.items()]


def follow_ups(reading: Reading) -> list[Line]:
    rows = FollowUp.objects.filter(case=reading.case, called_off_at=None).select_related("held_by").order_by("-due_on")
    return [
        Line(
            f"第 {row.step} 次，已随访",
            f"应于 {day(row.due_on)}",
            row.held_by.name if row.held_by else "",
            row.held_at,
            ALL,
        )
        if row.held_at
        else Line(f"下次随访：{day(row.due_on)}", outside=ALL)
        for row in rows
    ]


def levels(reading: Reading) -> list[Line]:
    rows = reading.case.levelstatements.select_related("by", "second_by")
    lines = []
    for row in rows:
        who = "、".join(person.name for person in (row.by, row.second_by) if person)
        title = f"{level_fact(row.level, row.scheme).label}，有效至 {day(row.until_on)}"
        lines.append(Line(title, reading.text(row, "reason"), who, row.at, ALL))
    return lines


def closings(reading: Reading) -> list[Line]:
    rows = reading.case.closingrequests.select_related("by", "decided_by")
    lines = []
    for row in rows:
        said = {True: "复核同意", False: "复核退回", None: "等待复核" if row.decided_at is None else "已撤回"}[
            row.is_accepted
        ]
        who = "、".join(person.name for person in (row.by, row.decided_by) if person)
        lines.append(Line(f"{row.get_kind_display()}申请：{said}", reading.text(row, "reason"), who, row.at, TITLE))
    return lines


def moved_entries(reading: Reading) -> list[Line]:
    return [Line(move_words(row), f"理由：{reason}", row.by.name, row.at) for row, reason in moves_of(reading.case)]


def attachments(reading: Reading) -> list[Line]:
    """Papers that the platform itself holds."""
    rows = MandatoryReport.objects.filter(case=reading.case).select_related("by")
    reports = [
        Line(f"强制报告：{row.get_to_display()}", reading.text(row, "content"), row.by.name, row.reported_at)
        for row in rows
    ]
    minutes = [
        Line("研判会纪要（已签字）", f"内容摘要 {seat.digest}", seat.name, seat.signed_at, TITLE)
        for one in reading.meetings
        for seat in one.seats
        if seat.signed_at
    ]
    return reports + minutes
