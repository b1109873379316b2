"""What passes between a school and its bureau, as drafts of messages: hand-overs, guidance, experts, unread flags."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone

from assessments.models import Flag, StaffAlert
from assessments.queries.interviews import facts_of
from assessments.triage import unread_beyond_school as beyond_school
from crisis.models import Case, ExpertAccess, Guidance, Handover, Visit
from xinyu.accounts.queries import posts_on
from xinyu.organisations.models import School
from xinyu.reminders.notices import Draft, url_of

#: what was written longer ago has long been told
LATELY = timedelta(days=7)


def bureau_drafts(today: date) -> list[Draft]:
    since = today - LATELY
    return [
        *handed_over(today),
        *bureau_words(since),
        *expert_work(since),
        *unread_beyond_school(today),
        *staff_alerts(today),
    ]


def officers(today: date) -> dict[tuple[str, int], list[int]]:
    """(role, county or city) → officers with a live post."""
    posts = posts_on(today).filter(role__in=("county_officer", "city_officer"))
    found: dict[tuple[str, int], list[int]] = defaultdict(list)
    for role, place, user_id in posts.values_list("role", "place_id", "user_id"):
        found[role, place].append(user_id)
    return found


def handed_over(today: date) -> Iterator[Draft]:
    """A school has handed a case over formally; nobody of the bureau has signed for it."""
    waiting = Handover.objects.filter(handed_at__isnull=False, received_at__isnull=True, returned_at__isnull=True)
    people = officers(today) if waiting else {}
    for row in waiting:
        for role, place in (("county_officer", row.county_id), ("city_officer", row.city_id or 0)):
            for user_id in people.get((role, place), ()):
                yield Draft(
                    user_id,
                    f"handed/{row.pk}/{row.handed_at:%Y%m%d%H%M%S}/{user_id}",
                    "一份个案由学校正式移交，等待签收",
                    "学校请求教育局帮助，您负责签收移交。",
                    "请打开移交，签字接收，再决定是否请专家支持。",
                    url_of("crisis:handover-page", row.pk),
                    is_urgent=True,
                )


def bureau_words(since: date) -> Iterator[Draft]:
    """What the bureau said, or that it has handed back, reaches the owner of the case."""
    for said in Guidance.objects.filter(at__date__gte=since).select_related("handover__case"):
        yield _bureau_said(said.handover.case, f"guided/{said.pk}", "教育局有新的指导意见")
    for row in Handover.objects.filter(returned_at__isnull=False).select_related("case"):
        yield _bureau_said(
            row.case, f"handed-back/{row.pk}/{row.returned_at:%Y%m%d%H%M%S}", "教育局已把一份移交交回学校"
        )


def _bureau_said(case: Case, key: str, title: str) -> Draft:
    url = url_of("crisis:case-clock", case.pk)
    return Draft(
        case.owner_id, f"{key}/{case.owner_id}", title, "您是这份个案的责任人。", "请打开“时限与联动”查看。", url
    )


def expert_work(since: date) -> Iterator[Draft]:
    """An expert was asked; an expert has written something down."""
    now = timezone.now()
    open_ones = {"ended_at__isnull": True, "open_until__gt": now, "handover__returned_at__isnull": True}
    for access in ExpertAccess.objects.filter(**open_ones):
        yield Draft(
            access.assignee_id,
            f"expert/{access.pk}/{access.assignee_id}",
            "教育局请您支持一份个案",
            "您在专家名录里，教育局为这份移交请了您。",
            "请打开“请我支持的个案”。",
            url_of("crisis:assignment-page", access.pk),
        )
    for visit in Visit.objects.filter(at__date__gte=since).select_related("access", "handover__case"):
        officer, case = visit.access.assigned_by_id, visit.handover.case
        yield _bureau_said(case, f"visit/{visit.pk}", "专家写了一次支持记录")
        if visit.handover.returned_at is None:
            yield Draft(
                officer,
                f"visit/{visit.pk}/{officer}",
                "专家写了一次支持记录",
                "这位专家由您邀请。",
                "请打开移交查看。",
                url_of("crisis:handover-page", visit.handover_id),
            )


def unread_beyond_school(today: date) -> Iterator[Draft]:
    """Urgent flags that nobody at a school has opened, also not its principal: a number and a time, nobody's name."""
    open_flags: dict[School, list[Flag]] = defaultdict(list)
    for flag in Flag.objects.filter(handled_at__isnull=True, seen_at__isnull=True).select_related("school"):
        open_flags[flag.school].append(flag)
    people = officers(today) if open_flags else {}
    for school, flags in open_flags.items():
        found = beyond_school([facts_of(flag) for flag in flags], timezone.now())
        if found is None:
            continue
        words = replace(found, since=timezone.localtime(found.since)).text
        for user_id in people.get(("county_officer", school.county_id), ()):
            yield Draft(
                user_id,
                f"flags-unread/{school.pk}/{found.since:%Y%m%d%H%M%S}/{found.count}/{user_id}",
                f"{school.name[:60]}：{words}",
                "校内已按顺序上移到校长，仍然没有人打开。",
                "请现在电话联系学校负责人，确认有人正在处理。这里没有学生信息。",
                url_of("crisis:duty-figures"),
                is_urgent=True,
            )


def staff_alerts(today: date) -> Iterator[Draft]:
    """A member of staff answered so that the station must reach her now: every station counselor of the county. Late,
    or with nobody at the station, the officers hear that somebody waits, and not who or of which school."""
    waiting = list(StaffAlert.objects.filter(handled_at__isnull=True))
    if not waiting:
        return
    stations: dict[int, list[int]] = defaultdict(list)
    for county_id, user_id in posts_on(today).filter(role="station_counselor").values_list("county_id", "user_id"):
        stations[county_id or 0].append(user_id)
    people, now = officers(today), timezone.now()
    for row in waiting:
        keepers = [user_id for user_id in stations[row.county_id] if user_id != row.user_id]
        for user_id in keepers:
            yield Draft(
                user_id,
                f"staff-alert/{row.pk}/{user_id}",
                "有一位教职工需要您尽快联系",
                "教职工自测里出现一条安全提醒，本县区每位辅导站心理教师都会收到。",
                "请打开“教职工自测”，直接联系本人，不经过学校。",
                url_of("assessments:staff-round-list"),
                is_urgent=True,
            )
        if not keepers or row.due_at < now:
            for user_id in people.get(("county_officer", row.county_id), ()):
                yield Draft(
                    user_id,
                    f"staff-alert-late/{row.pk}/{user_id}",
                    "教职工自测有一条安全提醒还没有人处理",
                    "辅导站没有在岗的心理教师，或超过期限没有登记处理。",
                    "请现在联系辅导站，确认有人正在处理。这里没有姓名。",
                    url_of("assessments:staff-round-list"),
                    is_urgent=True,
                )
