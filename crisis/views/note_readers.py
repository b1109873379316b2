"""谁能看过程记录: the owner of a case names readers and takes it back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from crisis.actions.note_readers import end_reader, name_reader
from crisis.forms.note_readers import ReaderForm
from crisis.models import NoteReader
from crisis.refusals import CaseRefusedError
from xinyu.access.allow import allow

from .answers import answers_refusals, crumbs
from .steps import case_in_sight


@require_http_methods(["GET", "POST"])
@allow("crisis.notes")
def reader_list(request, case_id):
    case = case_in_sight(case_id, "crisis.notes")
    rows = list(case.note_readers.filter(ended_at__isnull=True).select_related("reader"))
    form = ReaderForm(request.POST or None, case=case, named={row.reader_id for row in rows})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                name_reader(case, actor=request.user, **form.cleaned_data)
            except CaseRefusedError as why:
                form.add_error(None, str(why))
                status = 409
            else:
                messages.success(request, "已指定。从现在起可以看这份个案的过程记录。")
                return redirect("crisis:reader-list", case.pk)
    context = {"case": case, "student": case.student, "rows": rows, "form": form}
    context["crumbs"] = crumbs(case, "谁能看过程记录")
    context["is_owner"] = case.owner_id == request.user.pk
    return render(request, "crisis/note_readers.html", context, status=status)


@require_POST
@allow("crisis.notes")
@answers_refusals
def reader_end(request, case_id, reader_id):
    case = case_in_sight(case_id, "crisis.notes")
    row = get_object_or_404(NoteReader.objects.select_related("case"), pk=reader_id, case=case)
    end_reader(row, actor=request.user)
    messages.success(request, "已取消。")
    return redirect("crisis:reader-list", case.pk)
