"""Rows of other apps that somebody must hear of, as drafts of messages that name kinds of work only."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Max, Sum
from django.utils import timezone

from assessments.choices import FlagLevel
from assessments.models import ConcernReport, Flag
from assessments.queries.duty import on_duty
from crisis.models import (
    AcuteCall,
    CardAnswer,
    CardFeedback,
    Case,
    ChainStep,
    ClosingRequest,
    DutyHandOn,
    FollowUp,
    HandReason,
    HomeQuestion,
    Pair,
    Seat,
)
from crisis.pairing import next_on
from crisis.queries.guardians import dues_owed
from xinyu.accounts.queries import posts_on
from xinyu.reminders.bureau_causes import bureau_drafts, officers
from xinyu.reminders.campaign_causes import make_ups
from xinyu.reminders.models import SeasonCheck
from xinyu.reminders.notices import Draft, url_of

#: a level's end is announced a week ahead (4-workflow: a level is a dated statement)
EXPIRES_SOON = timedelta(days=7)
#: reports of the last two months count as naming the students of a check
MONTHS = timedelta(days=60)
DECIDERS = ("vice_principal", "principal")


def drafts(today: date) -> list[Draft]:
    """Everything that waits now; each has a key, so that saying it again adds nothing."""
    return [
        *chain_steps(today),
        *moved_up(),
        *acute_calls(),
        *duties_handed(today),
        *bureau_drafts(today),
        *immediate_flags(today),
        *climbed_flags(),
        *unnamed_reports(today),
        *closing_requests(today),
        *expiring_levels(today),
        *missed_follow_ups(today),
        *changes_seen(today),
        *unsigned_minutes(),
        *home_questions(),
        *guardians_untold(),
        *silent_helpers(today),
        *counted_and_not_named(today),
        *make_ups(today),
    ]


def holders_at(schools: set[int], roles: tuple[str, ...], today: date) -> dict[tuple[int, str], list[int]]:
    """(school, role) → ids of the users who hold the post today."""
    posts = posts_on(today).filter(school__in=schools, role__in=roles)
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for school_id, role, user_id in posts.values_list("school_id", "role", "user_id"):
        if school_id is not None:
            found[school_id, role].append(user_id)
    return found


def chain_steps(today: date) -> Iterator[Draft]:
    """Whoever a level statement has told at a rung of the duty clock; at the bureau every officer of the place."""
    waiting = ChainStep.objects.filter(cancelled_at__isnull=True, acted_at__isnull=True).select_related("handover")
    people: dict[tuple[str, int], list[int]] | None = None
    for step in waiting:
        if step.person_id is not None:
            yield _step_draft(step, step.person_id)
        elif step.handover is None:
            continue
        elif step.handover.acknowledged_at is None and step.handover.returned_at is None:
            people = people if people is not None else officers(today)
            place = step.handover.county_id if step.role == "county_officer" else step.handover.city_id
            for user_id in people.get((step.role, place or 0), ()):
                yield _bureau_draft(step, user_id)


def _step_draft(step: ChainStep, user_id: int) -> Draft:
    return Draft(
        user_id,
        f"chain/{step.pk}/{user_id}",
        "一名学生需要您现在知晓并配合" if step.is_urgent else "一名学生需要您知晓并配合",
        "四级联动按时限告知您；没有人确认时会上移到下一级。",
        "请打开联动任务，先点“我已知晓”。",
        url_of("crisis:step-list"),
        is_urgent=step.is_urgent,
    )


def _bureau_draft(step: ChainStep, user_id: int) -> Draft:
    return Draft(
        user_id,
        f"chain/{step.pk}/{user_id}",
        "一份个案已上移到教育局，等待签收",
        "学校在时限内没有人响应或采取措施，按四级联动上移。",
        "请打开移交，签收并联系学校。",
        url_of("crisis:handover-page", step.handover_id),
        is_urgent=True,
    )


def moved_up() -> Iterator[Draft]:
    """The other side is told as well: a step that nobody answered in time has gone to the next rung."""
    steps = ChainStep.objects.filter(moved_up_at__isnull=False, cancelled_at__isnull=True, person__isnull=False)
    for step, user_id in ((step, step.person_id) for step in steps):
        if user_id is None:
            continue
        yield Draft(
            user_id,
            f"chain-up/{step.pk}",
            "一项联动超过时限，已上移到下一级",
            "在规定时间内没有人确认或采取措施。上移以后仍然需要您知晓并配合。",
            "请打开联动任务。",
            url_of("crisis:step-list"),
            is_urgent=step.is_urgent,
        )


def acute_calls() -> Iterator[Draft]:
    """An acute talk has no level yet: whoever held it, then the others of the school (crisis/acute.py)."""
    for call in AcuteCall.objects.filter(ended_at__isnull=True):
        is_counselor = call.rung in ("talker", "deputy")
        yield Draft(
            call.person_id,
            f"acute/{call.pk}/{call.person_id}",
            "一次紧急访谈还没有定级",
            "当面问到的情况属于紧急，级别确认以前按顺序告知：访谈老师、其他心理教师、学校领导。",
            "请确认有人陪着学生，现在就定级。" if is_counselor else "请确认有人陪着学生，并联系心理教师定级。",
            url_of("crisis:acute-list"),
            is_urgent=True,
        )


def duties_handed(today: date) -> Iterator[Draft]:
    """Both sides of a hand-over hear of it, one message for what went together."""
    together: Counter[tuple[int, int | None, str, datetime]] = Counter(
        DutyHandOn.objects.filter(at__date__gte=today - timedelta(days=7)).values_list(
            "from_user_id", "to_user_id", "why", "at"
        )
    )
    for (giver, taker, why, at), count in together.items():
        key = f"handed/{giver}/{taker or 0}/{at:%Y%m%d%H%M%S%f}"
        reason = f"原因：{HandReason(why).label}。学生的事情不因为人不在而停下。"
        if taker is not None:
            words = "请打开“今天”，从最急的看起。"
            yield Draft(taker, f"{key}/to", f"{count} 项工作转到您名下", reason, words, "/", is_urgent=True)
        words = "已由在岗的同事接手；回来后可请责任人移交给您。" if taker else "已放回访谈队列，由在岗的同事认领。"
        yield Draft(giver, f"{key}/from", f"您名下 {count} 项工作已转出", reason, words, "/")


def immediate_flags(today: date) -> Iterator[Draft]:
    """A critical answer rings at every counselor of the school, and at whoever has checked in for duty there."""
    flags = list(Flag.objects.filter(handled_at__isnull=True, level=FlagLevel.IMMEDIATE))
    schools = {flag.school_id for flag in flags}
    people = holders_at(schools, ("counselor",), today)
    duty = {school_id: on_duty(school_id, timezone.now()) for school_id in schools}
    for flag in flags:
        counselors = people.get((flag.school_id, "counselor"), [])
        for user_id in counselors:
            yield _immediate_draft(
                flag,
                user_id,
                "本校出现一条需要立即访谈的提示，每位心理教师都会收到。",
                "请现在打开访谈队列。这是筛查提示，不是诊断。",
                url_of("assessments:queue"),
            )
        for user_id in duty[flag.school_id]:
            if user_id not in counselors:
                yield _immediate_draft(
                    flag,
                    user_id,
                    "本校出现一条需要立即访谈的提示，您正在值守。",
                    "请现在联系心理教师，确认有人去见学生；心理教师不在时，提示会转到您或校领导名下。"
                    "这是筛查提示，不是诊断。",
                    url_of("assessments:climbed-list"),
                )


def _immediate_draft(flag: Flag, user_id: int, why: str, words: str, url: str) -> Draft:
    return Draft(user_id, f"flag-immediate/{flag.pk}/{user_id}", "有学生需要立即访谈", why, words, url, is_urgent=True)


def climbed_flags() -> Iterator[Draft]:
    """A flag that nobody answered in time has moved up to this person."""
    for flag in Flag.objects.filter(handled_at__isnull=True, climbed_to__isnull=False):
        if flag.climbed_to_id is None:
            continue
        yield Draft(
            flag.climbed_to_id,
            f"flag-climbed/{flag.pk}/{flag.climbed_to_id}",
            "一条访谈提示超时未处理，已转到您这里",
            "提示在规定时间内没有人打开或完成访谈，按校内顺序上移。",
            "请联系心理教师，确认有人正在处理。",
            url_of("assessments:climbed-list"),
            is_urgent=flag.level == FlagLevel.IMMEDIATE,
        )


def unnamed_reports(today: date) -> Iterator[Draft]:
    """A report that names no student of the school: the counselors at once, unread and overdue its leaders, too."""
    rows = list(ConcernReport.objects.filter(tried_at__isnull=False, matched_at=None, closed_at=None))
    people = holders_at({row.school_id for row in rows}, ("counselor", *DECIDERS), today)
    now = timezone.now()
    for row in rows:
        is_late = row.seen_at is None and row.due_at < now
        roles = ("counselor", *DECIDERS) if is_late else ("counselor",)
        for role in roles:
            for user_id in people.get((row.school_id, role), ()):
                yield Draft(
                    user_id,
                    f"report-unnamed/{row.pk}/{role}/{user_id}",
                    "有一条反映还没有对上学生" if role == "counselor" else "一条反映超时无人查看",
                    "反映里没有写姓名，或本校对不上唯一的一名学生。",
                    "请打开“待核对的反映”。" if role == "counselor" else "请联系心理教师，确认有人正在处理。",
                    url_of("assessments:concern-unnamed") if role == "counselor" else "/",
                    is_urgent=row.level == FlagLevel.IMMEDIATE,
                )


def closing_requests(today: date) -> Iterator[Draft]:
    """A request to close a case waits for a second person."""
    waiting = list(ClosingRequest.objects.filter(decided_at__isnull=True))
    people = holders_at({row.school_id for row in waiting}, DECIDERS, today)
    for row in waiting:
        for user_id in {u for role in DECIDERS for u in people.get((row.school_id, role), ())} - {row.by_id}:
            yield Draft(
                user_id,
                f"closing-request/{row.pk}/{user_id}",
                "一份结案申请等待复核",
                "结案须由申请人以外的第二人决定，您是本校可以决定的人。",
                "请打开一人一案，阅读理由后决定。",
                url_of("crisis:case-page", row.case_id),
            )


def expiring_levels(today: date) -> Iterator[Draft]:
    """A level that ends soon must be confirmed anew or lowered: it does not stay by itself."""
    for case in Case.objects.filter(closed_at__isnull=True, level_until__lte=today + EXPIRES_SOON):
        yield Draft(
            case.owner_id,
            f"level-expires/{case.pk}/{case.level_until}/{case.owner_id}",
            "一份个案的级别即将到期",
            "级别是有期限的判断，您是这份个案的责任人。",
            "请在到期前重新评估并确认级别。",
            url_of("crisis:case-page", case.pk),
        )


def missed_follow_ups(today: date) -> Iterator[Draft]:
    """A follow-up is due today or was missed: the owner hears of it, and each further week again."""
    rows = FollowUp.objects.filter(
        held_at__isnull=True, called_off_at__isnull=True, due_on__lte=today, case__closed_at__isnull=True
    )
    for row in rows.select_related("case"):
        weeks = (today - row.due_on).days // 7
        yield Draft(
            row.case.owner_id,
            f"follow-up/{row.pk}/{weeks}/{row.case.owner_id}",
            "一次随访到期" if today == row.due_on else "一次随访已过期",
            "随访按级别排期，您是这份个案的责任人。",
            "请联系学生后登记随访，下一次会自动排出。",
            url_of("crisis:case-team", row.case_id),
        )


def changes_seen(today: date) -> Iterator[Draft]:
    """A homeroom teacher saw a change; 紧急 is told by its own flag at once."""
    since = today - timedelta(days=7)
    rows = CardFeedback.objects.filter(answer=CardAnswer.CHANGED, at__date__gte=since)
    for row in rows.select_related("card__case"):
        case = row.card.case
        yield Draft(
            case.owner_id,
            f"card-changed/{row.pk}/{case.owner_id}",
            "班主任反馈：有变化",
            "班主任在行动卡上反馈有变化，您是这份个案的责任人。",
            "请打开个案的“研判与帮扶”查看。",
            url_of("crisis:case-team", case.pk),
        )


def unsigned_minutes() -> Iterator[Draft]:
    """Whoever was at a 研判会 reads the minutes and signs."""
    for seat in Seat.objects.filter(was_there=True, signed_at__isnull=True):
        yield Draft(
            seat.person_id,
            f"minutes/{seat.pk}",
            "研判会纪要等您签字确认",
            "您参加了一次研判会，纪要已经登记。",
            "请阅读后签字确认。",
            url_of("crisis:minutes", seat.conference_id),
        )


def counted_and_not_named(today: date) -> Iterator[Draft]:
    """A check of a class says that so many students need a closer look, and fewer have been named to the counselor.

    The teacher hears of it the day after, the counselors three days after; once each. Told by word of mouth is enough:
    nobody owes it.
    """
    recent = SeasonCheck.objects.filter(checked_on__gte=today - timedelta(days=14), checked_on__lt=today)
    last = {(row.klass_id, row.season): row for row in recent.order_by("at")}
    rows = [row for row in last.values() if row.attention_count]
    named = ConcernReport.objects.filter(klass__in={row.klass_id for row in rows}, told_at__date__gte=today - MONTHS)
    found = dict(named.order_by().values_list("klass_id").annotate(Sum("count")))
    open_rows = [row for row in rows if found.get(row.klass_id, 0) < row.attention_count]
    people = holders_at({row.school_id for row in open_rows}, ("counselor",), today)
    for row in open_rows:
        told = {row.by_id}
        if row.checked_on <= today - timedelta(days=3):
            told |= set(people.get((row.school_id, "counselor"), ()))
        for user_id in sorted(told):
            yield Draft(
                user_id,
                f"check-unnamed/{row.pk}/{user_id}",
                "排查中有学生还没有具体反映",
                "班级排查登记了需要进一步了解的人数，系统里还没有这么多名学生的反映。",
                "请把这些学生逐个反映给心理教师；已经当面说过的不用再做。"
                if user_id == row.by_id
                else "请向班主任问清是哪几名学生。",
                url_of("assessments:concern-tell") if user_id == row.by_id else url_of("reminders:season", row.season),
            )


def home_questions() -> Iterator[Draft]:
    """A report names home: whoever keeps the case answers before anybody calls there."""
    for question in HomeQuestion.objects.filter(answered_at__isnull=True).select_related("case"):
        yield Draft(
            question.case.owner_id,
            f"home-question/{question.pk}",
            "请回答：一名学生的情况是否涉及家里",
            "有人反映可能来自家里。回答之前系统已暂停联系所有监护人。",
            "请打开个案回答。请先在学校里和学生单独谈。",
            url_of("crisis:home-question", question.case_id),
            is_urgent=True,
        )


def guardians_untold() -> Iterator[Draft]:
    """The time to tell a guardian has come or gone by; the clock of a guardian who is held back rests."""
    for due in dues_owed().filter(due_at__lte=timezone.now()).select_related("case"):
        yield Draft(
            due.case.owner_id,
            f"guardian-due/{due.pk}/{due.due_at:%s}",
            "一名学生的监护人还没有告知",
            "到了应当告知监护人的时间，还没有登记告知。没有联系上也请登记。",
            "请打开个案登记告知。",
            url_of("crisis:case-home", due.case_id),
            is_urgent=due.within_minutes == 0,
        )


def silent_helpers(today: date) -> Iterator[Draft]:
    """A helper has not been in touch for as long as the level allows; once for each silence."""
    pairs = Pair.objects.filter(ended_at__isnull=True, until_on__gte=today).annotate(last_on=Max("contacts__on"))
    for pair in pairs:
        due_on = next_on(pair.from_on, pair.last_on, pair.every_days)
        if due_on <= today:
            yield Draft(
                pair.helper_id,
                f"pair/{pair.pk}/{due_on:%Y%m%d}",
                "请联系您帮扶的一名学生",
                "有几天没有登记联系了。见一面、聊两句都算。",
                "请打开“我的帮扶与任务”登记一次。",
                url_of("crisis:helping"),
            )
