"""Importing results of an earlier platform: a file, all or nothing, and taking it back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.actions.earlier import VERB, import_earlier, withdraw_earlier
from assessments.earlier_rows import HEADER, EarlierRefused, read_earlier
from assessments.forms.earlier import EarlierForm
from assessments.models import EarlierBatch
from assessments.queries.earlier import batches, numbers_of
from xinyu.access.allow import allow
from xinyu.lib.sheets_out import OutSheet, write_workbook
from xinyu.lib.spreadsheets import SpreadsheetError, read_workbook
from xinyu.ui.downloads import XLSX, file_answer


@require_http_methods(["GET", "POST"])
@allow(VERB)
def earlier_list(request):
    form = EarlierForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = read_workbook(file.read(), file.name).sheets[0]
            rows = read_earlier(sheet.rows, sheet.formulas, numbers_of(form.place.pk), timezone.localdate())
        except EarlierRefused as refused:
            form.add_error("file", list(refused.errors))
        except SpreadsheetError as error:
            form.add_error("file", str(error))
        else:
            platform = form.cleaned_data["platform"]
            import_earlier(form.place, rows, actor=request.user, platform=platform, document=file.name)
            messages.success(request, f"已导入 {len(rows)} 条。它们单独显示为“其他平台的结果”，不参与计分和提示。")
            return redirect("assessments:earlier-list")
    context = {"form": form, "batches": batches()}
    return render(request, "assessments/earlier_list.html", context, status=422 if form.errors else 200)


@require_GET
@allow(VERB)
def earlier_template(request):
    data = write_workbook([OutSheet("其他平台的结果", list(HEADER), [], (16, 12, 14, 24, 10, 40))])
    return file_answer(data, XLSX, "其他平台的结果.xlsx")


@require_POST
@allow(VERB)
def earlier_withdraw(request, batch_id):
    batch = get_object_or_404(EarlierBatch, pk=batch_id)
    if withdraw_earlier(batch, actor=request.user):
        messages.success(request, "这一批已撤回，不再显示。")
    return redirect("assessments:earlier-list")
