"""Waves: planned by the counselor after the capacity check, let in by the sweep, held back while talks pile up."""

import logging
from collections import Counter
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assessments.actions.screenings import PLAN, invite_students
from assessments.capacity import Pace, holds_back
from assessments.models import Screening, ScreeningWave
from assessments.queries.people import enrolled
from assessments.queries.screenings import require_school
from assessments.queries.waves import capacity_of, let_in, open_talks, stored_pace
from assessments.screening_flow import DRAFT, OPEN, ScreeningRefused
from xinyu.access.actor import acting_as
from xinyu.audit.entries import record

log = logging.getLogger("xinyu.assessments")
JOB = "system:reminders"


@transaction.atomic
def plan_waves(screening: Screening, *, actor, pace: Pace) -> list[ScreeningWave]:
    """Store the proposal of the capacity check as waves. Raises ScreeningRefused when it does not fit, or has begun."""
    require_school(PLAN, screening.school_id)
    screening = Screening.objects.select_for_update(no_key=True).get(pk=screening.pk)
    if screening.state != DRAFT or screening.sittings.exists():
        raise ScreeningRefused("已经生成作答名单，分批不能再改。")
    found, rate = capacity_of(screening, pace, timezone.localdate())
    if not found.fits:
        raise ScreeningRefused(found.words[0])
    screening.pace = {
        "minutes_a_day": pace.minutes_a_day, "minutes_each": pace.minutes_each, "backlog_limit": pace.backlog_limit,
    }  # fmt: skip
    screening.save(update_fields=["pace"])
    screening.waves.all().delete()
    rows = [
        ScreeningWave(
            screening=screening, number=wave.number, starts_on=wave.starts_on, is_makeup=wave.is_makeup,
            klass_ids=list(wave.klass_ids), students=wave.students, expected=wave.expected,
        )
        for wave in found.waves
        if wave.starts_on is not None
    ]  # fmt: skip
    ScreeningWave.objects.bulk_create(rows)
    detail = {"waves": len(rows), "expected": found.expected, "share": rate.share, **screening.pace}
    record("assessments.plan_waves", subject=screening, detail=detail)
    return rows


@transaction.atomic
def drop_waves(screening: Screening, *, actor) -> None:
    """Back to everybody at once. Raises ScreeningRefused once it has begun."""
    require_school(PLAN, screening.school_id)
    screening = Screening.objects.select_for_update(no_key=True).get(pk=screening.pk)
    if screening.state != DRAFT or screening.sittings.exists():
        raise ScreeningRefused("已经生成作答名单，分批不能再改。")
    screening.waves.all().delete()
    record("assessments.drop_waves", subject=screening)


@transaction.atomic
def release_wave(wave: ScreeningWave, *, actor, now: datetime) -> ScreeningWave:
    """Let the next wave in, though its day has not come or talks pile up: the counselor's own decision, by name."""
    require_school(PLAN, wave.school_id)
    screening = Screening.objects.select_for_update(no_key=True).get(pk=wave.screening_id)
    wave = ScreeningWave.objects.select_for_update().get(pk=wave.pk)
    if screening.state != OPEN:
        raise ScreeningRefused("测评没有在进行，不能放行下一批。")
    if wave.released_at is not None:
        raise ScreeningRefused("这一批已经放行，页面可能已经过时。")
    if screening.waves.filter(number__lt=wave.number, released_at=None).exists():
        raise ScreeningRefused("前面还有没有放行的批次，请按顺序放行。")
    return _release(screening, wave, actor, now)


def _release(screening: Screening, wave: ScreeningWave, actor, now: datetime) -> ScreeningWave:
    wave.released_at, wave.held_since = now, None
    wave.save(update_fields=["released_at", "held_since"])
    done = invite_students(screening, actor=actor)
    record("assessments.release_wave", subject=wave, detail={"number": wave.number, "added": done.added})
    return wave


def follow_screenings() -> str:
    """One of the sweeps: due waves let in or held back, newcomers of running screenings invited."""
    now, done = timezone.now(), Counter[str]()
    with acting_as(JOB):
        running = Screening.objects.filter(state=OPEN, opens_at__lte=now, closes_at__gt=now, sittings__isnull=False)
        ids = list(running.order_by("pk").values_list("pk", flat=True).distinct())
    for pk in ids:
        try:
            with acting_as(JOB):
                done[_follow(pk, now)] += 1
        except Exception:  # noqa: BLE001 - one school's trouble must not hold back the others
            log.exception("screening %s could not be followed", pk)
    return ", ".join(f"{count} {word}" for word, count in sorted(done.items()) if word)


def _follow(pk: int, now: datetime) -> str:
    screening = Screening.objects.select_for_update(no_key=True).get(pk=pk)
    if screening.state != OPEN:
        return ""
    wave = screening.waves.filter(released_at=None).first()
    if wave is not None and wave.starts_on <= timezone.localdate(now):
        if wave.number > 1 and holds_back(open_talks(screening.school_id), stored_pace(screening).backlog_limit):
            if wave.held_since is None:
                wave.held_since = now
                wave.save(update_fields=["held_since"])
                record("assessments.hold_wave", subject=wave, detail={"number": wave.number})
            return "held"
        _release(screening, wave, None, now)
        return "released"
    there = screening.sittings.values("student_id")
    if enrolled(screening).filter(klass_id__in=let_in(screening)).exclude(pk__in=there).exists():
        invite_students(screening, actor=None)
        return "invited"
    return ""
