"""How I am reached: settings, absence, calendar feed, what was sent; for a school its group and its faults."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinyu.access.actor import acting_as
from xinyu.access.allow import allow, for_anyone, for_signed_in, may
from xinyu.organisations.models import School
from xinyu.reminders.delivery import actions, addresses, providers, queries
from xinyu.reminders.delivery.forms import AbsenceForm, GroupForm, SettingsForm
from xinyu.reminders.delivery.rows import Absence, Channel, FeedToken
from xinyu.reminders.reach import own_schools
from xinyu.ui.frame import Crumb

WHY = "everybody sets the own channels; the database shows no others"
HOME = "reminders:delivery-settings"
PER_PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@for_signed_in(WHY)
def settings(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request)
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return _show(request, form=form)
    actions.save_settings(request.user, **form.cleaned_data)  # type: ignore[arg-type]
    messages.success(request, "通知设置已保存。")
    return redirect(HOME)


@require_POST
@for_signed_in(WHY)
def probe(request: HttpRequest, channel_id: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=channel_id, user=request.user, is_on=True)
    actions.ask_probe(channel, actor=request.user)  # type: ignore[arg-type]
    messages.success(request, "测试消息将在一分钟内发出，结果见发送记录。")
    return redirect(HOME)


@require_POST
@for_signed_in(WHY)
def add_absence(request: HttpRequest) -> HttpResponse:
    form = AbsenceForm(request.POST, deputies=queries.deputies_for(request))
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.add_absence(
                request.user, data["deputy"], data["from_on"], data["to_on"], today=timezone.localdate()  # type: ignore[arg-type]
            )  # fmt: skip
        except actions.AbsenceRefused as refused:
            form.add_error("to_on", str(refused))
        else:
            messages.success(request, "请假已登记，期间的消息同时发给代理人。")
            return redirect(HOME)
    return _show(request, absence=form)


@require_POST
@for_signed_in(WHY)
def end_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    actions.end_absence(get_object_or_404(Absence, pk=absence_id, user=request.user), actor=request.user)  # type: ignore[arg-type]
    messages.success(request, "请假登记已结束。")
    return redirect(HOME)


@require_POST
@for_signed_in(WHY)
def new_feed(request: HttpRequest) -> HttpResponse:
    """Not a redirect: the address is shown once and kept nowhere."""
    token = actions.new_feed(request.user)  # type: ignore[arg-type]
    return _show(request, feed_url=request.build_absolute_uri(reverse("reminders:feed", args=[token])))


@require_POST
@for_signed_in(WHY)
def revoke_feed(request: HttpRequest) -> HttpResponse:
    actions.revoke_feed(request.user)  # type: ignore[arg-type]
    messages.success(request, "日历订阅地址已作废。")
    return redirect(HOME)


@require_GET
@for_signed_in(WHY)
def log(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.log(request.user), PER_PAGE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    lines = [queries.log_line(row) for row in page]
    crumbs = [Crumb("通知设置", reverse(HOME)), Crumb("发送记录")]
    context = {"page": page, "lines": lines, "crumbs": crumbs, "heading": "发送记录"}
    return render(request, "reminders/delivery_log.html", context)


@require_GET
@allow("reminders.mend_channels")
def faults(request: HttpRequest) -> HttpResponse:
    schools = own_schools(request)
    groups = School.objects.filter(pk__in=schools)
    context = {"faults": queries.open_faults(schools), "schools": groups, "heading": "本校通知渠道"}
    return render(request, "reminders/delivery_faults.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("reminders.mend_channels")
def group(request: HttpRequest, school_id: int) -> HttpResponse:
    if not any(post.school_id == school_id and post.role in ("counselor", "vice_principal") for post in request.posts):  # type: ignore[attr-defined]
        raise Http404
    school = get_object_or_404(School, pk=school_id)
    row = Channel.objects.filter(school=school, is_group=True).first()
    form = GroupForm(request.POST or None, initial={"address": addresses.reveal(row, "address") if row else ""})
    if request.method == "POST" and form.is_valid():
        actions.save_group(school, form.cleaned_data["address"], actor=request.user)  # type: ignore[arg-type]
        messages.success(request, "工作群设置已保存。")
        return redirect("reminders:fault-list")
    crumbs = [Crumb("本校通知渠道", reverse("reminders:fault-list")), Crumb("工作群机器人")]
    context = {"form": form, "school": school, "crumbs": crumbs, "heading": "工作群机器人"}
    return render(request, "reminders/delivery_group.html", context, status=422 if form.errors else 200)


@require_GET
@for_anyone("a calendar program cannot log in: the token in the address is the key, and shows days, hours and counts")
def feed(request: HttpRequest, token: str) -> HttpResponse:
    owner = queries.feed_owner(token) if request.actor in ("", f"user:{request.user.pk}") else None  # type: ignore[attr-defined]
    if owner is None:
        raise Http404
    with acting_as(owner):
        text = queries.feed(owner, timezone.now())
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def _show(
    request: HttpRequest,
    form: SettingsForm | None = None,
    absence: AbsenceForm | None = None,
    feed_url: str = "",
) -> HttpResponse:
    user = request.user
    context = {
        "form": form or SettingsForm(initial=queries.settings_of(user)),  # type: ignore[arg-type]
        "absence_form": absence or AbsenceForm(deputies=queries.deputies_for(request)),
        "channels": queries.channel_lines(user),  # type: ignore[arg-type]
        "absences": queries.absences(user),  # type: ignore[arg-type]
        "stands_in": queries.stands_in(user),  # type: ignore[arg-type]
        "has_feed": FeedToken.objects.filter(user=user, revoked_at__isnull=True).exists(),  # type: ignore[misc]
        "feed_url": feed_url,
        "has_mail": providers.has_mail(),
        "may_mend": may(request, "reminders.mend_channels"),
        "heading": "通知设置",
        "crumbs": [Crumb("消息", reverse("reminders:inbox")), Crumb("通知设置")],
    }
    is_wrong = bool(form and form.errors) or bool(absence and absence.errors)
    return render(request, "reminders/delivery_settings.html", context, status=422 if is_wrong else 200)
