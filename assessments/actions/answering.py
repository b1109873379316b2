"""Verbs of a sitting: come in, begin, save a page, hand in, decline, ask to talk, be closed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments import outcome, submit_sql
from assessments.answer_vault import receipt_for, seal_answers
from assessments.answers import Page, PageRefused, Sheets, is_newer, merged
from assessments.doorbell import ring_after_commit
from assessments.flag_due import flag_due_at
from assessments.queries.answering import Desk, calendar_of, desk
from assessments.scoring import Definition
from assessments.submit_sql import Ending, finish_statement, run
from xinyu.access import actor as acting
from xinyu.audit.entries import record, request_id

Battery = Sequence[tuple[int, Definition]]
#: states of the door in which a sitting may begin or go on
OPEN_DOOR = ("open", "allowed")
#: once begun, a sitting goes on when the duty person steps out; it is only not opened anew
GOES_ON = (*OPEN_DOOR, "unguarded")


class DoorShut(Exception):
    """The sitting does not open now; `state` is a word of door_state()."""

    def __init__(self, state: str):
        super().__init__(state)
        self.state = state


class SittingOver(Exception):
    """Nothing can be saved any more: handed in, declined, or closed by the school."""


class OlderRevision(Exception):
    """A newer revision is stored; nothing was written. `sheets`: what is stored with it."""

    def __init__(self, at: Desk):
        super().__init__(at.base)
        self.stored, self.sheets = at.base, at.sheets


@dataclass(frozen=True)
class Receipt:
    """`is_new` is False when the same submit had been stored before."""

    code: str
    is_new: bool


def begin_sitting(at: Desk) -> None:
    """The student said 是我: state, coverage and audit in one statement. Raises DoorShut, also for somebody who begins
    again while nobody is on duty."""
    if at.door not in OPEN_DOOR:
        raise DoorShut(at.door)
    run(submit_sql.BEGIN, {"sitting": at.sitting_id, "actor": acting.current(), "request": request_id.get()})


def save_page(at: Desk, page: Page) -> int:
    """Store one page; returns the stored revision. Raises OlderRevision and SittingOver."""
    if at.state != "started":
        raise SittingOver
    if not is_newer(page, at.sheets, at.base):
        raise OlderRevision(at)
    if page.revision == at.base:
        return at.base
    values = {
        "sitting": at.sitting_id,
        "base": at.base,
        "revision": page.revision,
        "answers": _sealed(at, merged(at.sheets, page)),
    }
    if run(submit_sql.SAVE, values):
        return page.revision
    raise _why_not(at.sitting_id)


def _why_not(sitting_id: int) -> Exception:
    """Somebody was faster: with a newer page, or by ending the sitting."""
    now = desk(sitting_id)
    return OlderRevision(now) if now is not None and now.state == "started" else SittingOver()


def submit_sitting(at: Desk, page: Page, client_key: UUID) -> Receipt:
    """Hand in everything that is saved and this page. Raises OlderRevision, PageRefused for a key of another
    sitting, and SittingOver for any other submit after the end.

    Scored here; answers, results, flags, timeline, coverage and audit are one statement. The same key with the same
    answers gets the stored receipt again, however often and however concurrently it comes.
    """
    sheets = merged(at.sheets, page)
    receipt = receipt_for(at.sitting_id, str(client_key), sheets)
    if at.state == "started":
        if not is_newer(page, at.sheets, at.base):
            raise OlderRevision(at)
        if _finish(at, sheets, page.revision, receipt, client_key):
            return Receipt(receipt, is_new=True)
    stored = desk(at.sitting_id)
    if stored is not None and stored.state == "started":  # another device saved a page while this one was scored
        raise OlderRevision(stored)
    if stored is None or stored.submit_key != client_key or stored.receipt != receipt:
        raise SittingOver
    return Receipt(receipt, is_new=False)


def _finish(at: Desk, sheets: Sheets, revision: int, receipt: str, client_key: UUID) -> bool:
    ending = scored_ending(at, sheets, at.battery, title=f"完成《{at.title}》")
    ending = replace(
        ending, receipt=receipt, client_key=str(client_key), revision=revision, answers=_sealed(at, sheets)
    )
    try:
        return _end(ending)
    except IntegrityError:  # keys are unique over all sittings; an honest page never meets another one's
        raise PageRefused("这一页的提交编号已经用过，请刷新后再试。") from None


def scored_ending(at: Desk, sheets: Sheets, battery: Battery, *, title: str) -> Ending:
    """The ending of a sitting whose answers count, scored now; a scale of `battery` without a sheet counts as blank."""
    now = timezone.now()
    today = timezone.localdate(now)
    person = at.person(today)
    results, flags = outcome.scored(battery, sheets, person)
    return Ending(
        sitting_id=at.sitting_id,
        actor=acting.current(),
        receipt="",
        on=today,
        base=at.base,
        age=person.age,
        results=[result.as_row() for result in results],
        flags=_due(at, flags, now),
        title=title,
        request_id=request_id.get(),
    )


def _due(at: Desk, flags: Sequence[outcome.FlagDraft], now) -> list[dict]:
    return outcome.with_due(flags, now, calendar_of(at.county_id)) if flags else []


def _end(ending: Ending) -> bool:
    with transaction.atomic(savepoint=False):  # one statement: what makes it fail, fails the page or the job
        finished = run(*finish_statement(ending)) == 1
        if finished and ending.flags:
            ring_after_commit("reminders.sweep")
    return finished


def decline_sitting(at: Desk, page: Page | None) -> None:
    """不想作答, at any time and without a reason. No result; what was typed is still looked at for what cannot wait."""
    at = _held(at.sitting_id) or at
    sheets = merged(at.sheets, page) if page is not None and is_newer(page, at.sheets, at.base) else at.sheets
    ending = _without_result(at, merged({}, page) if page else {})
    ending = replace(
        ending, revision=max(at.base, page.revision if page else 0, 0), answers=_sealed(at, sheets) if sheets else None
    )
    if not _end(ending) and at.state == "started":
        raise SittingOver


def _without_result(at: Desk, typed: Sheets) -> Ending:
    """An end that scores nothing; what is saved and `typed` is still looked at for what cannot wait."""
    now = timezone.now()
    return Ending(
        sitting_id=at.sitting_id,
        actor=acting.current(),
        receipt="",
        on=timezone.localdate(now),
        base=at.base,
        revision=max(at.base, 0),
        flags=_due(at, outcome.critical_only(at.battery, at.sheets, typed), now),
        words=["declined"],
        request_id=request_id.get(),
    )


@transaction.atomic
def let_go(sitting_id: int) -> bool:
    """A guardian or the student has said no while the sitting was under way: it ends like a sitting that was declined.
    As a job; True when this call ended it."""
    at = _held(sitting_id, kind="system")
    return at is not None and _end(replace(_without_result(at, {}), words=["no_consent"]))


@transaction.atomic
def ask_to_talk(at: Desk) -> None:
    """想和老师聊聊, before, while or after answering: a word for the counselor, and a flag unless one still waits."""
    due_at = flag_due_at("talk", timezone.now(), calendar_of(at.county_id))
    if run(submit_sql.TALK, {"sitting": at.sitting_id, "due_at": due_at}):
        record("assessments.mark_sitting", subject=f"assessments_sitting:{at.sitting_id}", school_id=at.school_id)
        ring_after_commit("reminders.sweep")


def _held(sitting_id: int, *, kind: str = "sitting") -> Desk | None:
    """A begun sitting as it stands, which nobody saves to or hands in until this transaction ends; None when it is
    not begun or over. Without the lock, a page that arrives between reading and ending would be read by nobody."""
    with connection.cursor() as cursor:
        cursor.execute(submit_sql.HOLD, {"sitting": sitting_id})
        is_here = cursor.fetchone()
    return desk(sitting_id, kind=kind) if is_here else None


@transaction.atomic
def leave_for_today(at: Desk) -> None:
    """今天先到这里: nothing is handed in, the same code goes on later. What was saved is looked at for what cannot wait
    as if the screening were over. Nothing happens to a sitting that is not under way."""
    if run(submit_sql.LEAVE, {"sitting": at.sitting_id}):
        record("assessments.leave_sitting", subject=f"assessments_sitting:{at.sitting_id}", school_id=at.school_id)
        ring_after_commit("assessments.close_overdue_sittings")


@transaction.atomic
def close_sitting(sitting_id: int) -> bool:
    """Score what was saved of a begun sitting whose screening is over, as a job. True when this call ended it."""
    at = _held(sitting_id, kind="system")
    if at is None:
        return False
    battery = [(pk, definition) for pk, definition in at.battery if definition.code in at.sheets]
    title = f"未交卷，按已保存的内容记录《{at.title}》" if battery else ""
    return _end(scored_ending(at, at.sheets, battery, title=title))


def flag_left_open(sitting_id: int) -> int:
    """A begun sitting that its student walked away from: saved critical answers do not wait for the end of the
    screening. The sitting stays open; returns how many flags are new. As a job."""
    at = desk(sitting_id, kind="system")
    if at is None or at.state != "started":
        return 0
    drafts = outcome.critical_only(at.battery, at.sheets)
    if not drafts:
        return 0
    flags = json.dumps(_due(at, drafts, timezone.now()))
    raised = run(submit_sql.FLAG_LEFT, {"sitting": sitting_id, "flags": flags})
    if raised:
        record("assessments.mark_sitting", subject=f"assessments_sitting:{sitting_id}", school_id=at.school_id)
    return raised


def _sealed(at: Desk, sheets: Sheets) -> bytes:
    return seal_answers(sheets, sitting_id=at.sitting_id, screening_id=at.screening_id, wrapped=at.wrapped)
