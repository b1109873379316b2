"""What an expert was given: one hand-over until an hour, and the record of her visits."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from crisis.actions.experts import write_visit
from crisis.forms.experts import VisitForm
from crisis.queries import experts as queries
from crisis.refusals import CaseRefusedError
from xinyu.access.allow import allow
from xinyu.accounts.confirm import confirmed_to_open
from xinyu.audit.entries import record, record_view
from xinyu.ui.frame import Crumb
from xinyu.vault.fields import reveal


@require_GET
@allow("crisis.answer_assignment")
def assignment_list(request):
    lines = [queries.AssignmentLine(row, reveal(row, "ask")) for row in queries.assignments()]
    record("crisis.see_assignments", subject="crisis_expertaccess", detail={"shown": len(lines)})
    return render(request, "crisis/assignment_list.html", {"lines": lines})


@require_http_methods(["GET", "POST"])
@allow("crisis.answer_assignment")
@confirmed_to_open
def assignment_page(request, access_id):
    access = get_object_or_404(queries.assignments(), pk=access_id)
    form, status = VisitForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                write_visit(access, actor=request.user, **form.cleaned_data)
            except CaseRefusedError as why:
                form.add_error(None, str(why))
                status = 409
            else:
                messages.success(request, "记录已保存，学校和教育局都能看到。")
                return redirect("crisis:assignment-page", access.pk)
    return _page(request, access, form, status)


def _page(request, access, form, status):
    row = access.handover
    record("crisis.see_assignment", subject=access, student_id=row.student_id)
    record_view(queries.shown_in([row]), "handover", purpose="专家支持")
    found = queries.accesses_of([row], timezone.now())[row.pk]
    mine = [line for line in found if line.row.pk == access.pk]
    line = queries.AssignmentLine(access, reveal(access, "ask"))
    context = {
        "line": line,
        "row": row,
        "access": access,
        "form": form,
        "identity": reveal(row, "identity"),
        "reason": reveal(row, "reason"),
        "visits": mine[0].visits if mine else [],
        "crumbs": [Crumb("请我支持的个案", reverse("crisis:assignment-list")), Crumb(line.number)],
    }
    return render(request, "crisis/assignment_page.html", context, status=status)
