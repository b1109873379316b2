"""结对帮扶: begun, logged in three taps, ended by day, by the case or with the helper's post."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from crisis.duty import roles_at
from crisis.looks import level_of
from crisis.models import CardAnswer, Case, Pair, PairContact, PairEnd
from crisis.pairing import load_silent_days, refuse_pair
from crisis.queries.people import colleagues
from crisis.refusals import CaseRefusedError
from xinyu.access.actor import acting_as
from xinyu.access.sql import LIVE_POST
from xinyu.accounts.models import Post
from xinyu.audit.entries import record
from xinyu.vault.fields import conceal, new_key

from .ringing import ring
from .rows import lock_case, write_note


@transaction.atomic
def begin_pair(case: Case, *, actor, helper_id: int, aim: str, from_on: date, until_on: date) -> Pair:
    """Put a colleague beside the student; several make several pairs. Raises CaseRefusedError."""
    roles_at(case.school_id, "crisis.pair")
    locked, today = lock_case(case), timezone.localdate()
    if locked.closed_at is not None:
        raise CaseRefusedError("个案已经结束，请先重新立案。")
    if helper_id not in dict(colleagues(locked.school_id)):
        raise CaseRefusedError("帮扶人要是本校现有岗位的老师。")
    refused = refuse_pair(from_on, until_on, today)
    if refused:
        raise CaseRefusedError(refused)
    rule, student = load_silent_days(), locked.student
    pair = Pair(
        case=locked,
        student_id=locked.student_id,
        helper_id=helper_id,
        from_on=from_on,
        until_on=until_on,
        every_days=rule.days[level_of(locked.level).common_code],
        rule=rule.version,
        by=actor,
    )
    pair.wrapped = new_key(pair.vault_owner()[0])
    conceal(pair, who=f"{student.name}（{student.klass.name_on(today)}）", aim=aim)
    try:
        with transaction.atomic():
            pair.save()
    except IntegrityError as error:  # one_live_pair_per_helper
        raise CaseRefusedError("这位老师已经在帮扶这名学生。") from error
    write_note(locked, "结对帮扶开始。", actor=actor)
    record("crisis.begin_pair", subject=pair, detail={"case": case.pk, "helper": helper_id})
    return pair


def follow_level(case: Case) -> int:
    """The level has changed: so does the number of silent days of the pairs that go on."""
    rule = load_silent_days()
    days = rule.days[level_of(case.level).common_code]
    return Pair.objects.filter(case=case, ended_at__isnull=True).update(every_days=days, rule=rule.version)


@transaction.atomic
def end_pair(pair: Pair, *, actor) -> None:
    """Ended before its day; a second click changes nothing."""
    roles_at(pair.school_id, "crisis.pair")
    if _end(Pair.objects.filter(pk=pair.pk), PairEnd.DONE):
        record("crisis.end_pair", subject=pair, detail={"case": pair.case_id})


def end_pairs_of(case: Case) -> int:
    return _end(Pair.objects.filter(case=case), PairEnd.CASE)


def _end(rows, because: PairEnd) -> int:
    return rows.filter(ended_at__isnull=True).update(ended_at=timezone.now(), ended_because=because)


@transaction.atomic
def log_contact(pair: Pair, *, actor, kind: str, answer: str, words: str, on: date, key: UUID) -> PairContact:
    """The helper was in touch. 紧急 also rings at every counselor. `key`: a second tap is the same contact."""
    roles_at(pair.school_id, "crisis.help")
    before = PairContact.objects.filter(vault_id=key, pair=pair).first()
    if before is not None:
        return before
    today = timezone.localdate()
    if pair.helper_id != actor.pk:
        raise CaseRefusedError("由帮扶人本人登记。")
    if pair.ended_at is not None or pair.until_on < today:
        raise CaseRefusedError("这次结对已经结束。有担心的情况，请用“反映情况”告诉心理教师。")
    if not pair.from_on <= on <= today:
        raise CaseRefusedError("日期要在结对开始之后，不晚于今天。")
    said = PairContact(pair=pair, student_id=pair.student_id, kind=kind, answer=answer, on=on, by=actor, vault_id=key)
    conceal(said, words=words)
    said.save()
    if answer == CardAnswer.URGENT:
        ring("pair", said, pair.school_id)
    record("crisis.log_pair_contact", subject=said, detail={"pair": pair.pk, "answer": answer})
    return said


def end_due_pairs() -> int:
    """The sweep: pairs whose day has passed, and pairs of helpers who hold no post at the school any more."""
    with acting_as("system:triage"):
        live = Pair.objects.filter(ended_at__isnull=True)
        count = _end(live.filter(until_on__lt=timezone.localdate()), PairEnd.DONE)
        at_work = Post.objects.extra(where=[LIVE_POST]).filter(user__is_active=True)  # noqa: S610 - constant text
        posts = set(at_work.filter(user__in=live.values("helper")).values_list("user_id", "school_id"))
        gone = [row.pk for row in live if (row.helper_id, row.school_id) not in posts]
        return count + _end(Pair.objects.filter(pk__in=gone), PairEnd.POST)
