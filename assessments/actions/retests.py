"""A sheet that is not interpreted is not held against anybody: its student may fill in the scale again, in private."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from assessments.actions.screenings import new_sitting
from assessments.choices import WAITING, ScreeningState
from assessments.codes import screening_key
from assessments.consent import may_be_asked
from assessments.models import Result, Retest, Screening, ScreeningKey, ScreeningScale, Sitting
from assessments.queries.screenings import consents, require_school
from xinyu.audit.entries import record
from xinyu.vault.fields import new_key

AGAIN = "（再答一次）"
#: open at once, also where the clock of the database runs behind ours
CLOCKS_DIFFER = timedelta(minutes=1)


class RetestRefused(Exception):
    """Nobody was invited; the sentence says why."""


@transaction.atomic
def invite_again(result: Result, *, actor, until: date) -> Retest:
    """A screening of its own for one student and one scale, open now and until the end of that day; the student gets a
    new one-sitting code. It stands in no list and no count, and nobody but the counselor sees it.

    Raises RetestRefused for a sheet that can be interpreted, while an invitation is open, without consent, or for a
    student who has left.
    """
    require_school("assessments.see_results", result.school_id)
    first = (
        Sitting.objects.select_for_update(of=("self",))
        .select_related("screening", "student__grade")
        .get(pk=result.sitting_id)
    )
    student, now = first.student, timezone.now()
    if result.is_valid:
        raise RetestRefused("这份答卷可以解释，不需要再答。")
    if student.left_on is not None:
        raise RetestRefused("这名学生已经离校。")
    open_ones = Retest.objects.filter(sitting=first, scale=result.scale, again__state__in=WAITING)
    if open_ones.filter(again__screening__closes_at__gt=now, again__screening__closed_at=None).exists():
        raise RetestRefused("已经约过再答一次，作答码还有效。")
    screening = _screening(first.screening, result, actor=actor, until=until)
    consent = consents(screening, [student], timezone.localdate(now))[student.pk]
    if not may_be_asked(consent, screening.legal_basis):
        raise RetestRefused("监护人或学生现在不同意参加测评，不能约再答；可以先聊一聊。")
    key = screening_key(screening.pk, ScreeningKey.objects.get(screening=screening).wrapped)
    again = new_sitting(screening, student, student.grade.number_on(timezone.localdate(now)), key, asked=True)
    again.is_listed = False
    again.save()
    retest = Retest.objects.create(sitting=first, scale=result.scale, again=again, by=actor)
    record(
        "assessments.invite_again", subject=retest, student_id=student.pk, school_id=first.school_id,
        detail={"scale": result.scale, "until": str(until)},
    )  # fmt: skip
    return retest


def _screening(first: Screening, result: Result, *, actor, until: date) -> Screening:
    closes = timezone.make_aware(datetime.combine(until, time(23, 59)))
    screening = Screening.objects.create(
        school_id=first.school_id, title=first.title.removesuffix(AGAIN)[:54] + AGAIN, state=ScreeningState.OPEN,
        opens_at=timezone.now() - CLOCKS_DIFFER, closes_at=closes, legal_basis=first.legal_basis,
        notice_version=first.notice_version,
        created_by=actor, is_listed=False,
    )  # fmt: skip
    ScreeningKey.objects.create(screening=screening, wrapped=new_key(f"screening:{screening.pk}"))
    ScreeningScale.objects.create(screening=screening, version_id=result.version_id, order=0)
    return screening
