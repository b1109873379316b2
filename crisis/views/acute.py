"""紧急访谈待定级: what a counselor or a leader is asked to see to."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from crisis.actions.acute import see_call
from crisis.models import AcuteCall
from crisis.queries.acute import call_lines
from xinyu.access.allow import allow
from xinyu.audit.entries import record_view


@require_GET
@allow("crisis.see")
def acute_list(request):
    lines = call_lines(request.user.pk, timezone.now())
    record_view([line.student for line in lines], "acute", purpose="紧急访谈待定级")
    return render(request, "crisis/acute_list.html", {"lines": lines})


@require_POST
@allow("crisis.see")
def acute_see(request, call_id):
    see_call(get_object_or_404(AcuteCall, pk=call_id, person=request.user), actor=request.user)
    messages.success(request, "已登记知悉。级别确认以前，这一条会一直留在这里。")
    return redirect("crisis:acute-list")
