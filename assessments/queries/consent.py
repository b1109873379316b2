"""What the pages of consent show: the notice of a screening, and how far the asking is."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from assessments.models import ConsentLink, Screening
from assessments.scale_library import definition_of
from assessments.topics import topics_of
from xinyu.students.models import GuardianDecision, GuardianNotice
from xinyu.students.notices import NOTICES, digest_of


@dataclass(frozen=True)
class Notice:
    """What guardians read. `is_own`: written for this screening."""

    version: str
    text: str
    topics: list[str]
    digest: str
    is_own: bool


def notice_of(version: str, scales: list | None = None) -> Notice:
    """The text of a version; the general one gets its topics from the questionnaires. Works for a guardian's link."""
    row = GuardianNotice.objects.filter(version=version).first()
    if row is not None:
        return Notice(row.version, row.text, list(row.topics), row.digest, is_own=True)
    topics = topics_of(definition_of(scale) for scale in scales or [])
    return Notice(version, NOTICES[version], topics, digest_of(version), is_own=False)


def scales_of(screening: Screening) -> list:
    return list(screening.scales.order_by("screeningscale__order"))


@dataclass(frozen=True)
class Asked:
    """How far the asking by code is, in numbers."""

    sent: int
    waiting: int
    failed: int
    answered: int

    @property
    def any(self) -> bool:
        return bool(self.sent or self.waiting or self.failed or self.answered)


def asked(screening: Screening) -> Asked:
    now = timezone.now()
    live = Q(used_at=None, expires_at__gt=now, way="code")
    found = ConsentLink.objects.filter(screening=screening).aggregate(
        sent=Count("pk", filter=live & Q(sent_at__isnull=False)),
        waiting=Count("pk", filter=live & Q(sent_at=None, next_try_at__isnull=False)),
        failed=Count("pk", filter=live & Q(sent_at=None, next_try_at=None)),
        answered=Count("pk", filter=Q(used_at__isnull=False)),
    )
    return Asked(**found)


def yes_to(version: str) -> int:
    """How many have agreed to this text: they would have to be asked again under another."""
    rows = GuardianDecision.objects.filter(notice_version=version, decision="given", purpose="screening")
    return rows.values("student", "guardian").distinct().count()
