"""C-SSRS: the county binds the official Chinese words; the interview form shows them, the platform has none."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from assessments.actions.screener_texts import bind_screener
from assessments.forms.screener_texts import ScreenerTextForm
from assessments.queries.templates import bound_words
from assessments.screener_text import read_words, template_rows
from assessments.text_binding import NUMBER, TEXT, TextRefused
from xinyu.access.allow import allow
from xinyu.lib.sheets_out import OutSheet, write_workbook
from xinyu.lib.spreadsheets import SpreadsheetError, read_workbook
from xinyu.organisations.settings_tabs import own_county
from xinyu.ui.downloads import XLSX, file_answer

VERB = "assessments.bind_screener"


@require_http_methods(["GET", "POST"])
@allow(VERB)
def screener_text(request):
    county = own_county(request, VERB)
    form = ScreenerTextForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            words = read_words(read_workbook(file.read(), file.name).sheets[0].rows)
        except TextRefused as refused:
            form.add_error("file", list(refused.errors))
        except SpreadsheetError as error:
            form.add_error("file", str(error))
        else:
            document = form.cleaned_data["document"]
            row = bind_screener(county, words, actor=request.user, document=document)
            messages.success(request, f"已录入第 {row.version} 版，从现在起各校访谈页逐字显示。")
            return redirect("assessments:screener-text")
    context = {"form": form, "bound": bound_words(county.pk)}
    return render(request, "assessments/screener_text.html", context, status=422 if form.errors else 200)


@require_GET
@allow(VERB)
def screener_text_template(request):
    data = write_workbook([OutSheet("题目", [NUMBER, TEXT], template_rows(), (8, 60))])
    return file_answer(data, XLSX, "C-SSRS.xlsx")
