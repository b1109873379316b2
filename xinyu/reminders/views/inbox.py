"""The person's own messages: unread first, read when opened, put off until a day, and why each one came."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from xinyu.access.allow import for_signed_in
from xinyu.reminders import queries
from xinyu.reminders.forms import SnoozeForm
from xinyu.reminders.models import Notice
from xinyu.reminders.notices import SnoozeRefused, read_notice, snooze_notice
from xinyu.ui.frame import Crumb

WHY = "everybody reads the own messages; the database shows no others"
PER_PAGE = 30


@require_GET
@for_signed_in(WHY)
def inbox(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.inbox(timezone.localdate()), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reminders/inbox.html", {"page": page, "heading": "消息"})


@require_GET
@for_signed_in(WHY)
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    row = get_object_or_404(Notice, pk=notice_id)
    read_notice(row)
    return _show(request, row, SnoozeForm())


@require_POST
@for_signed_in(WHY)
def snooze(request: HttpRequest, notice_id: int) -> HttpResponse:
    row, form = get_object_or_404(Notice, pk=notice_id), SnoozeForm(request.POST)
    if form.is_valid():
        try:
            snooze_notice(row, form.cleaned_data["until"], today=timezone.localdate())
        except SnoozeRefused as refused:
            form.add_error("until", str(refused))
        else:
            return redirect("reminders:inbox")
    return _show(request, row, form)


def _show(request: HttpRequest, row: Notice, form: SnoozeForm) -> HttpResponse:
    context = {
        "notice": row,
        "form": form,
        "heading": row.title,
        "crumbs": [Crumb("消息", reverse("reminders:inbox")), Crumb(row.title)],
    }
    return render(request, "reminders/notice.html", context, status=422 if form.errors else 200)
