"""What a screening asks of homeroom teachers, as drafts of messages: the make-up has begun. Counts, no student."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count
from django.utils import timezone

from assessments.choices import WAITING
from assessments.models import ScreeningWave, Sitting
from assessments.screening_flow import OPEN
from xinyu.accounts.queries import posts_on
from xinyu.reminders.notices import Draft, url_of
from xinyu.ui.wording import moment

#: nothing to fetch where a counselor wrote no place
USUAL_PLACE = "作答条用原来的，丢失的请找心理教师。"


def make_ups(today: date) -> Iterator[Draft]:
    """Once for each class in which somebody is still to answer when its make-up begins, and again for whoever becomes
    homeroom teacher meanwhile."""
    waves = ScreeningWave.objects.filter(
        is_makeup=True, released_at__isnull=False, screening__state=OPEN, screening__closes_at__gt=timezone.now()
    )
    for wave in waves.select_related("screening"):
        waiting = Sitting.objects.filter(screening=wave.screening_id, state__in=WAITING).order_by()
        counts = dict(waiting.values_list("klass_id").annotate(n=Count("pk")))
        holders = posts_on(today).filter(role="homeroom", klass__in=counts).values_list("klass_id", "user_id")
        for klass_id, user_id in holders:
            yield _draft(wave, klass_id, user_id, counts[klass_id])


def _draft(wave: ScreeningWave, klass_id: int, user_id: int, count: int) -> Draft:
    screening = wave.screening
    return Draft(
        user_id,
        f"makeup/{wave.pk}/{klass_id}/{user_id}",
        f"补测 {count} 人，到 {moment(timezone.localtime(screening.closes_at))}",
        f"“{screening.title}”的补测开始了，您班上还有学生没有答完（缺席的、新来的）。",
        f"{screening.makeup_place or USUAL_PLACE}请打开本班进度看是谁，不要在群里点名；不想作答的不用劝。",
        url_of("assessments:screening-klass", screening.pk, klass_id),
    )
