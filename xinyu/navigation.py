"""What base.html needs on every page: navigation by role, the current post, unread messages, banners."""

from django.conf import settings
from django.db import connection
from django.urls import NoReverseMatch, reverse

from xinyu.access.permissions import roles_for
from xinyu.health import is_late, redis_answers
from xinyu.ui.frame import Banner, NavItem

#: (group, title, url name, icon, verb)
PAGES = (
    ("工作", "今天", "accounts:today", "home", "accounts.see_today"),
    ("工作", "访谈队列", "assessments:queue", "list-check", "assessments.interview"),
    ("工作", "上移到我的提示", "assessments:climbed-list", "stairs", "assessments.see_climbed"),
    ("工作", "我反映的情况", "assessments:concern-list", "message-2", "assessments.raise_concern"),
    ("工作", "一人一案", "crisis:case-list", "folder", "crisis.see"),
    ("工作", "排查表与台账", "crisis:ledgers", "file-text", "crisis.print_papers"),
    ("工作", "建议就医", "crisis:advice-list", "stethoscope", "crisis.see"),
    ("工作", "我的帮扶与任务", "crisis:helping", "heart-handshake", "crisis.help"),
    ("工作", "行动卡", "crisis:card-list", "id-badge", "crisis.answer_card"),
    ("工作", "联动任务", "crisis:step-list", "bell-ringing", "crisis.answer_step"),
    ("工作", "学校移交", "crisis:handover-list", "building-bank", "crisis.see_handovers"),
    ("工作", "请我支持的个案", "crisis:assignment-list", "heart-handshake", "crisis.answer_assignment"),
    ("工作", "教职工自测", "assessments:staff-round-list", "heart-handshake", "assessments.plan_staff_round"),
    ("工作", "我的心理自测", "assessments:self-list", "heart", "assessments.answer_staff_round"),
    ("工作", "机房看板", "assessments:room-board", "device-desktop", "assessments.watch_room"),
    ("工作", "测评审批", "assessments:approval-list", "certificate", "assessments.approve_screening"),
    ("工作", "值班数字", "crisis:duty-figures", "clock", "crisis.see_duty_figures"),
    ("工作", "专家名录", "crisis:expert-list", "users", "crisis.keep_experts"),
    ("学生", "学生名册", "students:list", "users", "students.list"),
    ("学生", "测评", "assessments:screening-list", "clipboard-check", "assessments.see_screening"),
    ("学校", "量表库", "assessments:scale-list", "book", "assessments.approve_scale"),
    ("学校", "本区设定", "crisis:scheme-choice", "stairs", "crisis.choose_scheme"),
    ("学校", "心理辅导室", "rooms:list", "door", "rooms.see"),
    ("学校", "时节工作", "reminders:seasons", "calendar-event", "reminders.see"),
    ("学校", "校历", "organisations:calendar", "calendar", "organisations.see"),
    ("数据", "数据看板", "dashboard:board", "chart-bar", "dashboard.see_school"),
    ("数据", "教职工自测人数", "dashboard:staff-counts", "users", "dashboard.see_staff_count"),
    ("数据", "我的报告", "reports:list", "file-text", "reports.growth_file"),
    ("管理", "账号", "accounts:staff-list", "users", "accounts.manage_accounts"),
    ("管理", "岗位与授权", "accounts:post-list", "id-badge", "accounts.see_posts"),
    ("管理", "调阅记录", "audit:access-log", "eye", "audit.see_readers"),
    ("管理", "操作日志", "audit:log", "history", "audit.see_log"),
    ("管理", "核对签字", "audit:signature-check", "signature", "audit.verify_signature"),
)

#: pages that stand under another address than the entry of the navigation they belong to
ALSO = {
    "students:list": ("/growth/", "/results/"),
    "assessments:screening-list": ("/scales/",),
    "organisations:calendar": ("/schools/",),
    "accounts:post-list": ("/staff/",),
    "reminders:seasons": ("/dues/",),
    "crisis:scheme-choice": (
        "/cases/clock-times/",
        "/interview-forms/",
        "/talk-periods/",
        "/county-hotline/",
        "/rooms/rules/",
    ),  # fmt: skip
}


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def navigation(request) -> list[NavItem]:
    roles = {post.role for post in request.posts}
    items: list[NavItem] = []
    near: list[int] = []
    group = ""
    for heading, title, name, icon, verb in PAGES:
        url = _url(name)
        if not url or not roles & roles_for(verb):
            continue
        if heading != group:
            items.append(NavItem(heading))
            near.append(0)
            group = heading
        items.append(NavItem(title, url, icon))
        near.append(_nearness(request.path, url, ALSO.get(name, ())))
    nearest = max(near, default=0)
    return [item._replace(active=0 < length == nearest) for item, length in zip(items, near, strict=True)]


def _nearness(path: str, url: str, also: tuple[str, ...]) -> int:
    """How much of the address leads to this item, 0 for none: a page belongs to the item that says most of it."""
    if path == url:
        return len(url)
    return max((len(start) for start in (url, *also) if start != "/" and path.startswith(start)), default=0)


def _unread_and_sweep_age() -> tuple[int, float | None]:
    """Unread messages, and seconds since anything was swept (None: never), in one question of every page."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), (SELECT extract(epoch FROM clock_timestamp() - max(ran_at)) FROM reminders_sweep)"
            " FROM reminders_notice WHERE to_id = access_user() AND read_at IS NULL"
            " AND coalesce(snoozed_until <= (now() AT TIME ZONE 'Asia/Shanghai')::date, true)"
        )
        unread, age = cursor.fetchone()
    return unread, None if age is None else float(age)


def _late(age: float | None) -> list[Banner]:
    """What a page says when reminders cannot be relied on."""
    if is_late(age):
        since = "还没有运行过" if age is None else f"已有 {age // 60:.0f} 分钟没有运行"
        return [Banner(f"提醒可能延迟：后台任务{since}，请联系系统管理员。页面和数据不受影响。", icon="alert-triangle")]
    if not redis_answers():
        return [Banner("提醒可能延迟：消息队列暂时连不上，页面和数据不受影响。", icon="alert-triangle")]
    return []


def frame(request) -> dict:
    """Context of every page; empty for somebody who is not logged in."""
    if not getattr(request, "actor", "").startswith("user:"):
        return {"is_demo": settings.DEMO}
    banners = [Banner("演示数据：学校、人物与号码均为虚构。", tone="info")] if settings.DEMO else []
    unread, age = _unread_and_sweep_age()
    banners += [*_late(age), *getattr(request, "banners", [])]
    may_search = any(post.role in roles_for("students.list") for post in request.posts)
    return {
        "nav": navigation(request),
        "posts": request.posts,
        "search_url": _url("students:list") if may_search else "",
        "session_seconds": settings.SESSION_COOKIE_AGE,
        "unread": unread,
        "banners": banners,
        "request_id": request.request_id,
        "is_demo": settings.DEMO,
    }
