"""今天: what this person owes. It reads every app, so it stands beside the navigation, above all of them.

No names of students here: a page that everybody opens first says how many and by when, the queue says who.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Min, Q
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments.models import Flag, Screening, ScreeningWave, StaffSitting
from assessments.queries.staff_rounds import open_alerts, own_rounds
from crisis.models import Case, ClosingRequest, HomeQuestion
from crisis.queries.acute import open_calls
from crisis.queries.chain import handovers as open_handovers
from crisis.queries.chain import steps_of
from crisis.queries.guardians import dues_owed
from crisis.queries.helping import own_tasks, pairs_due
from crisis.queries.home_harm import reports_owed
from xinyu.access.allow import allow
from xinyu.access.permissions import roles_for
from xinyu.access.posts import schools_with
from xinyu.accounts.queries import waiting_for
from xinyu.organisations.calendar import school_year
from xinyu.reminders.models import Due, Notice
from xinyu.reports.models import Report, ReportState
from xinyu.students.queries import to_confirm
from xinyu.ui.wording import day, moment

SOON = timedelta(days=14)
SHOWN = 6


@dataclass(frozen=True)
class Item:
    """One line of a block: words, a short note (when, how many), where to do it."""

    text: str
    note: str = ""
    url: str = ""
    tone: str = "neutral"


@dataclass(frozen=True)
class Block:
    title: str
    icon: str
    items: list[Item]
    empty: str
    url: str = ""
    more: str = ""
    count: int = field(default=0)


def link(name: str, *args) -> str:
    """The address of a page, '' while the app has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def queue(request) -> Block:
    now = timezone.now()
    found = Flag.objects.filter(handled_at=None).aggregate(
        students=Count("student", distinct=True),
        late=Count("student", distinct=True, filter=Q(due_at__lt=now)),
        urgent=Count("student", distinct=True, filter=Q(level="immediate")),
        first=Min("due_at"),
    )
    url = link("assessments:queue")
    items = []
    if found["urgent"]:
        items.append(Item(f"需要立即访谈 {found['urgent']} 人", "请现在就去", url, "urgent"))
    if found["late"]:
        items.append(Item(f"已过期限 {found['late']} 人", "请先处理", url, "urgent"))
    if found["students"]:
        items.append(
            Item(f"等待访谈共 {found['students']} 人", f"最早期限 {moment(timezone.localtime(found['first']))}", url)
        )
    return Block("访谈队列", "list-check", items, "没有等待访谈的学生。", url, "打开队列", found["students"])


def chain(request) -> Block:
    """Tasks of the duty clock, the urgent ones in one line of their own."""
    rows = list(steps_of(request.user.pk)[:SHOWN])
    url, items = link("crisis:step-list"), []
    for is_urgent, words in ((True, "现在需要您知晓并配合"), (False, "需要您知晓并配合")):
        some = [row for row in rows if row.is_urgent is is_urgent]
        if some:
            first = moment(timezone.localtime(min(row.acknowledge_by for row in some)))
            items.append(Item(f"{words} {len(some)} 人", f"最早时限 {first}", url, "urgent" if is_urgent else "notice"))
    return Block("联动任务", "bell-ringing", items, "没有等着您的联动任务。", url, "全部联动任务", len(rows))


def handed(request) -> Block:
    rows = list(open_handovers()[:SHOWN])
    items = [
        Item(row.school.name, "等待签收" if row.acknowledged_at is None else "已签收",
             link("crisis:handover-page", row.pk),
             "urgent" if row.acknowledged_at is None else "neutral")
        for row in rows
    ]  # fmt: skip
    return Block(
        "学校移交", "building-bank", items, "没有移交给您的个案。", link("crisis:handover-list"), "全部移交", len(rows)
    )


def cases(request) -> Block:
    today = timezone.localdate()
    found = Case.objects.filter(closed_at=None).aggregate(
        all=Count("pk", distinct=True),
        bare=Count("pk", distinct=True, filter=Q(planitems=None)),
        ending=Count("pk", distinct=True, filter=Q(level_until__lte=today + timedelta(days=7))),
    )
    url = link("crisis:case-list")
    items = []
    acute = open_calls(request.user.pk).count()
    if acute:
        items.append(Item(f"紧急访谈待定级 {acute} 件", "请确认有人陪着学生", link("crisis:acute-list"), "urgent"))
    owed = reports_owed().count()
    if owed:
        items.append(Item(f"强制报告尚未登记 {owed} 件", "请立即报告并登记", url, "urgent"))
    dues = list(dues_owed()[:200])
    late = sum(due.due_at <= timezone.now() for due in dues)
    if late:
        items.append(Item(f"请现在告知监护人 {late} 件", "只有登记了告知才算完成", url, "urgent"))
    if len(dues) > late:
        first = moment(timezone.localtime(min(due.due_at for due in dues if due.due_at > timezone.now())))
        items.append(Item(f"等待告知监护人 {len(dues) - late} 件", f"最早时限 {first}", url, "notice"))
    asked_home = HomeQuestion.objects.filter(answered_at=None).count()
    if asked_home:
        items.append(Item(f"请回答是否涉及家里 {asked_home} 件", "回答之前不联系监护人", url, "urgent"))
    if found["bare"]:
        items.append(Item(f"还没有干预方案 {found['bare']} 案", "建档后尽快制定", url, "notice"))
    if found["ending"]:
        items.append(Item(f"级别将到期或已到期 {found['ending']} 案", "七天内需要复评", url, "notice"))
    asked = ClosingRequest.objects.filter(decided_at=None).exclude(by=request.user).count()
    if asked:
        items.append(Item(f"结案申请等待复核 {asked} 件", "由申请人以外的人复核", url, "notice"))
    return Block("一人一案", "folder", items, f"在案 {found['all']} 案，今天没有要补的。", url, "打开个案", len(items))


def helping(request) -> Block:
    """What this person has promised to do for students: silent pairs and tasks of a plan, without a name."""
    today, url = timezone.localdate(), link("crisis:helping")
    silent, items = pairs_due(request.user.pk, today), []
    if silent:
        late = (today - silent[0]).days
        note = f"最久的一位已超过 {late} 天" if late else "今天"
        items.append(Item(f"请联系您帮扶的学生 {len(silent)} 人", note, url, "notice" if late else "neutral"))
    tasks = list(own_tasks(request.user.pk).filter(due_on__lte=today + SOON)[:SHOWN])
    late_tasks = [row for row in tasks if row.due_on < today]
    for rows, words, tone in ((late_tasks, "已逾期", "notice"), (tasks[len(late_tasks) :], "最早", "neutral")):
        if rows:
            note = f"{words} {day(rows[0].due_on)}"
            items.append(Item(f"方案里由您负责的任务 {len(rows)} 项", note, url, tone))
    return Block("我的帮扶与任务", "heart-handshake", items, "没有等着您的帮扶和任务。", url, "全部", len(items))


def dues(request) -> Block:
    today = timezone.localdate()
    since = date(school_year(today), 9, 1)  # nobody is asked any more for what was owed in the school year before
    waiting = Due.objects.open().filter(user=request.user, from_on__lte=today)
    near = waiting.filter(due_on__gte=since, due_on__lte=today + SOON).order_by()
    # one line per kind of work: an officer with thirty late schools reads one line, not thirty
    rows = near.values("title", "due_on").annotate(first=Min("pk"), places=Count("pk")).order_by("due_on", "first")
    url = link("reminders:seasons")
    items = [
        Item(row["title"], _due_note(row["due_on"], row["places"], today),
             reverse("reminders:due", args=[row["first"]]), "neutral" if row["due_on"] >= today else "notice")
        for row in rows[:SHOWN]
    ]  # fmt: skip
    return Block("时节工作", "calendar-event", items, "两周内没有到期的时节工作。", url, "全部时节工作", len(items))


def _due_note(due_on: date, places: int, today: date) -> str:
    words = f"{day(due_on)}前" if due_on >= today else f"已逾期（{day(due_on)}）"
    return f"{words} · {places} 处" if places > 1 else words


def notices(request) -> Block:
    rows = Notice.objects.filter(to=request.user, read_at=None).order_by("-is_urgent", "-created_at")[:SHOWN]
    items = [
        Item(row.title, moment(timezone.localtime(row.created_at)), row.url, "urgent" if row.is_urgent else "neutral")
        for row in rows
    ]
    return Block("消息", "bell", items, "没有未读消息。", link("reminders:inbox"), "全部消息", len(items))


def screenings(request) -> Block:
    rows = Screening.objects.filter(state="open", is_listed=True).order_by("closes_at")[:SHOWN]
    items = [Item(row.title, f"{day(timezone.localtime(row.closes_at))}结束", "") for row in rows]
    heard = to_confirm(request.user).count()
    if heard:
        items.insert(
            0, Item(f"请确认您在场听到的电话决定 {heard} 条", "确认后才算数", link("students:to-confirm"), "notice")
        )
    held = ScreeningWave.objects.filter(held_since__isnull=False, released_at=None, screening__state="open").count()
    if held:
        items.insert(
            0, Item(f"下一批暂缓放行 {held} 处", "访谈积压超过限度", link("assessments:screening-list"), "notice")
        )
    url = link("assessments:screening-list")
    return Block("进行中的测评", "clipboard-check", items, "现在没有进行中的测评。", url, "全部测评", len(items))


def reports(request) -> Block:
    found = Report.objects.filter(requested_by=request.user, downloads=0, state=ReportState.DONE).count()
    url = link("reports:list")
    items = [Item(f"已生成，还没有下载 {found} 份", "过期后自动删除", url)] if found else []
    return Block("我的报告", "file-text", items, "没有等待下载的报告。", url, "全部报告", found)


def approvals(request) -> Block:
    found = waiting_for(request.user).count()
    url = link("accounts:post-list")
    items = [Item(f"岗位等待批准 {found} 个", "批准后本人才看得到内容", f"{url}?waiting=1", "notice")] if found else []
    return Block("岗位与授权", "id-badge", items, "没有等待您批准的岗位。", url, "全部岗位", found)


def self_rounds(request) -> Block | None:
    """One line while a round waits for this person's own word; nothing otherwise, and nothing for good after a no."""
    schools = schools_with(request.posts, "assessments.answer_staff_round")
    waiting = [one for one in own_rounds(request.user.pk, schools, timezone.localdate()) if one.is_waiting]
    items = [
        Item(one.round.title, f"自愿，{day(one.round.closes_on)}前", link("assessments:self-round", one.round.pk))
        for one in waiting
    ]
    return Block("给您自己", "heart", items, "") if items else None


def staff_station(request) -> Block:
    """Members of staff whom the station has to reach, and results nobody has opened; no names."""
    now, url = timezone.now(), link("assessments:staff-round-list")
    found = open_alerts().aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)), first=Min("due_at"))
    items = []
    if found["all"]:
        note = f"已过期限 {found['late']} 人" if found["late"] else f"期限 {moment(timezone.localtime(found['first']))}"
        items.append(Item(f"请联系 {found['all']} 位教职工本人", note, url, "urgent"))
    unread = StaffSitting.objects.filter(is_handed_in=True, looks=None).count()
    if unread:
        items.append(Item(f"还没有看过的自测结果 {unread} 份", "", url))
    return Block("教职工自测", "heart-handshake", items, "没有等着联系的教职工。", url, "打开教职工自测", len(items))


#: block, and the verb that makes it somebody's
BLOCKS: tuple[tuple[Callable[..., Block | None], str], ...] = (
    (staff_station, "assessments.see_staff_results"),
    (chain, "crisis.answer_step"),
    (handed, "crisis.see_handovers"),
    (queue, "assessments.interview"),
    (cases, "crisis.see"),
    (helping, "crisis.help"),
    (notices, "reminders.see"),
    (dues, "reminders.see"),
    (screenings, "assessments.see_screening"),
    (reports, "reports.growth_file"),
    (approvals, "accounts.approve_post"),
    (self_rounds, "assessments.answer_staff_round"),
)


@require_GET
@allow("accounts.see_today")
def today(request):
    roles = {post.role for post in request.posts}
    made = [block(request) for block, verb in BLOCKS if roles & roles_for(verb)]
    blocks = [block for block in made if block is not None]
    is_quiet = not any(block.items for block in blocks)
    return render(request, "accounts/today.html", {"blocks": blocks, "is_quiet": is_quiet, "on": timezone.localdate()})
