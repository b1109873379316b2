"""What schools have handed over, for the officer of the county or city: a school, a colour, a reason; no file."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from crisis.actions.handover import acknowledge, guide, hand_back
from crisis.forms.chain import GuidanceForm
from crisis.queries import chain as queries
from crisis.queries.experts import accesses_of, shown_in
from crisis.refusals import CaseRefusedError
from xinyu.access.allow import allow
from xinyu.accounts.confirm import confirmed_to_press
from xinyu.audit.entries import record, record_view
from xinyu.ui.frame import Crumb
from xinyu.vault.fields import reveal

ANSWERS = {"acknowledge": (acknowledge, "已签收。"), "return": (hand_back, "已交回学校，您不再看到这份移交。")}


@require_GET
@allow("crisis.see_handovers")
def handover_list(request):
    now = timezone.now()
    lines = [queries.HandoverLine(row, now) for row in queries.handovers()]
    lines.sort(key=lambda line: (line.row.acknowledged_at is not None, line.row.at))
    return render(request, "crisis/handover_list.html", {"lines": lines})


def _page(request, handover_id, form, status=200):
    row = get_object_or_404(queries.handovers().select_related("acknowledged_by", "received_by"), pk=handover_id)
    now = timezone.now()
    record("crisis.see_handover", subject=row, detail={"named": bool(row.identity and row.received_at)})
    record_view(shown_in([row]), "handover", purpose="学校移交")
    line = queries.HandoverLine(row, now)
    is_shut = row.identity is not None and row.received_at is None  # a name is shown to whoever has signed for it
    context = {
        "line": line,
        "row": row,
        "form": form,
        "is_shut": is_shut,
        "identity": "" if is_shut else reveal(row, "identity"),
        "reason": "" if is_shut else reveal(row, "reason"),
        "signatures": queries.signatures_under([row]),
        "accesses": accesses_of([row], now)[row.pk],
        "moments": queries.moments_of(row),
        "guidances": [(one, reveal(one, "body")) for one in row.guidances.select_related("by", "handover")],
        "crumbs": [Crumb("学校移交", reverse("crisis:handover-list")), Crumb(line.number)],
    }
    return render(request, "crisis/handover_page.html", context, status=status)


@require_GET
@allow("crisis.see_handovers")
def handover_page(request, handover_id):
    return _page(request, handover_id, GuidanceForm())


@require_POST
@allow("crisis.see_handovers")
def guidance_new(request, handover_id):
    row, form = get_object_or_404(queries.handovers(), pk=handover_id), GuidanceForm(request.POST)
    if not form.is_valid():
        return _page(request, handover_id, form, 422)
    try:
        guide(row, actor=request.user, body=form.cleaned_data["body"])
    except CaseRefusedError as why:
        form.add_error(None, str(why))
        return _page(request, handover_id, form, 409)
    messages.success(request, "指导意见已送到学校。")
    return redirect("crisis:handover-page", handover_id)


@require_POST
@allow("crisis.see_handovers")
def handover_answer(request, handover_id, name):
    if name not in ANSWERS:
        raise Http404
    row = get_object_or_404(queries.handovers(), pk=handover_id)
    is_signed = name == "acknowledge" and row.handed_at is not None and row.received_at is None
    return _signed_answer(request, row, name) if is_signed else _answer(request, row, name)


def _answer(request, row, name):
    act, said = ANSWERS[name]
    try:
        act(row, actor=request.user)
    except CaseRefusedError as why:
        messages.error(request, str(why))
        return redirect("crisis:handover-list")
    messages.success(request, said)
    return redirect("crisis:handover-list") if name == "return" else redirect("crisis:handover-page", row.pk)


_signed_answer = confirmed_to_press(_answer)
