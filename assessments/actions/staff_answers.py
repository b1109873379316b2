"""One's own part in a round for staff: agree, save a part, hand in, decline, withdraw.

The log's lines carry no school: leaders read the log of their school and must not learn who takes part.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments import staff_notice
from assessments.actions.staff_rounds import RoundRefused
from assessments.adults import OPEN
from assessments.answers import Page, Sheet, Sheets, merged, pack
from assessments.doorbell import ring_after_commit
from assessments.flag_due import flag_due_at
from assessments.models import StaffAlert, StaffRound, StaffSitting
from assessments.outcome import critical_only
from assessments.queries.staff_rounds import battery_of, sheets_of, state_of, station_is_kept
from xinyu.access.posts import live_posts, schools_with
from xinyu.audit.entries import record, subject_name
from xinyu.organisations.queries import calendar_of
from xinyu.vault.fields import conceal, new_key, reveal

ANSWER = "assessments.answer_staff_round"
CLOSED = "这一轮现在不能作答，已经保存的内容没有改变。"
NOBODY = "本县区现在没有在岗的辅导站心理教师。"
UNSAVED = "您刚才填的这一页没有保存。"


class RoundClosed(RoundRefused):
    """The round takes no answers any more: what was typed is not kept. A critical answer in it has alerted."""


def _school_in(one: StaffRound) -> int:
    """The school of the round at which the acting person works. Raises RoundRefused."""
    found = schools_with(live_posts(), ANSWER) & {int(pk) for pk in one.schools}
    if not found:
        raise RoundRefused("这一轮没有邀请您所在的学校。")
    return min(found)


def _add(sitting: StaffSitting) -> StaffSitting:
    try:
        with transaction.atomic():
            sitting.save()
    except IntegrityError:
        raise RoundRefused("您已经对这一轮作过选择，请刷新页面。") from None
    return sitting


def _why_closed(one: StaffRound) -> str:
    """Why the round takes no answers now, '' while it does."""
    one = StaffRound.objects.get(pk=one.pk)  # it may have ended while she read
    if state_of(one, timezone.localdate()) != OPEN:
        return CLOSED
    return "" if station_is_kept(one.county_id) else f"{CLOSED}{NOBODY}"


@transaction.atomic
def agree(one: StaffRound, *, actor, contact: str) -> StaffSitting:
    """She has read who sees what and said how to reach her. Raises RoundRefused."""
    if closed := _why_closed(one):
        raise RoundRefused(closed)
    sitting = StaffSitting(round=one, user=actor, school_id=_school_in(one), is_handed_in=False)
    sitting.agreed_at, sitting.notice_version = timezone.now(), staff_notice.VERSION
    sitting.wrapped = new_key(sitting.vault_owner()[0])
    conceal(sitting, contact=contact)
    _add(sitting)
    record("assessments.agree_to_staff_round", subject=subject_name(sitting), detail={"notice": staff_notice.VERSION})
    return sitting


@transaction.atomic
def decline(one: StaffRound, *, actor) -> StaffSitting:
    """For good, before agreeing; afterwards one withdraws. Nobody is told."""
    values = {"declined_at": timezone.now(), "is_handed_in": False}
    sitting = _add(StaffSitting(round=one, user=actor, school_id=_school_in(one), **values))
    record("assessments.decline_staff_round", subject=subject_name(sitting))
    return sitting


def save_part(sitting: StaffSitting, page: Page, *, actor, is_last: bool) -> StaffSitting:
    """Store one questionnaire, with the last one hand everything in. A critical answer alerts as soon as it is sent,
    whatever becomes of the rest. Raises RoundRefused once her part is over, RoundClosed once the round is; catch the
    latter inside the transaction of the request, or the alert goes with it."""
    with transaction.atomic():
        row = _in_hand(sitting, actor)
        before, closed = sheets_of(row), _why_closed(row.round)
        sheets = merged(before, page)
        if not closed:
            _store(row, sheets, is_last=is_last)
        _alert(row, before, sheets)
    if closed:  # raised outside, so that the alert stays
        raise RoundClosed(f"{closed}{UNSAVED}")
    return row


def _in_hand(sitting: StaffSitting, actor) -> StaffSitting:
    row = StaffSitting.objects.select_for_update(of=("self",)).select_related("round").get(pk=sitting.pk)
    if row.user_id != actor.pk or not row.agreed_at or row.is_handed_in or row.withdrawn_at:
        raise RoundRefused("这份问卷已经交卷或撤回，不能再改。")
    return row


def _store(row: StaffSitting, sheets: Sheets, *, is_last: bool) -> None:
    conceal(row, answers=pack(sheets).decode())
    if is_last:
        row.is_handed_in, row.finished_at = True, timezone.now()
    row.save(update_fields=["answers", "is_handed_in", "finished_at"])
    if is_last:
        record("assessments.hand_in_staff_part", subject=subject_name(row))


def _news(before: Sheets, sheets: Sheets) -> Sheets:
    """Only the answers that differ from those saved `before`, everything else blank."""
    found = {}
    for code, sheet in sheets.items():
        known = before.get(code)
        if known is not None and len(known.values) == len(sheet.values):
            pairs = zip(sheet.values, known.values, strict=True)
            sheet = Sheet(tuple(new if new != old else None for new, old in pairs))
        found[code] = sheet
    return found


def _alert(sitting: StaffSitting, before: Sheets, sheets: Sheets) -> None:
    """For critical answers that were not saved `before`: what is known was either talked about or waits. One open row
    per urgency: a second answer of the same urgency adds nothing to it, a more pressing one rings again."""
    now, one = timezone.now(), sitting.round
    waiting = set(StaffAlert.objects.filter(sitting=sitting, handled_at=None).values_list("level", flat=True))
    levels = {flag.level for flag in critical_only(battery_of(one), _news(before, sheets))} - waiting
    for level in sorted(levels):
        due_at = flag_due_at(level, now, calendar_of(one.county, on=timezone.localdate(now)))
        alert = StaffAlert(sitting=sitting, round=one, user_id=sitting.user_id, level=level, due_at=due_at)
        alert.wrapped = new_key(alert.vault_owner()[0])
        conceal(alert, contact=reveal(sitting, "contact"))
        alert.save()
        record("assessments.alert_station", subject=subject_name(alert), detail={"level": level})
    if levels:
        ring_after_commit("reminders.sweep")


@transaction.atomic
def withdraw(sitting: StaffSitting, *, actor) -> StaffSitting:
    """At any time, also long afterwards: the key is destroyed and nobody sees the row any more, except that somebody
    answered stays in the number of a round that is over. An alert stays."""
    row = StaffSitting.objects.select_for_update().get(pk=sitting.pk)
    if row.user_id != actor.pk or row.withdrawn_at or not row.agreed_at:
        raise RoundRefused("没有可以撤回的内容。")
    row.wrapped = row.answers = row.contact = None
    row.is_handed_in, row.withdrawn_at = False, timezone.now()
    row.save(update_fields=["wrapped", "answers", "contact", "is_handed_in", "withdrawn_at"])
    record("assessments.withdraw_staff_part", subject=subject_name(row))
    return row
