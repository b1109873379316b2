"""访谈表: what a county asks in an interview, by how urgent it is; changed as a table."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.actions.interview_forms import set_interview_forms, use_shipped_forms
from assessments.forms.interview_forms import InterviewFormsForm
from assessments.interview_sheet import HEAD, read_forms, rows_of
from assessments.queries.templates import own_forms, templates_of
from assessments.text_binding import TextRefused
from xinyu.access.allow import allow
from xinyu.lib.sheets_out import OutSheet, write_workbook
from xinyu.lib.spreadsheets import SpreadsheetError, read_workbook
from xinyu.organisations.settings_tabs import own_county, setting_tabs
from xinyu.ui.downloads import XLSX, file_answer

VERB = "assessments.set_interview_forms"


@require_http_methods(["GET", "POST"])
@allow(VERB)
def interview_forms(request):
    county = own_county(request, VERB)
    templates = templates_of(county)
    form = InterviewFormsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            titles = {level: template.title for level, template in templates.items()}
            forms = read_forms(read_workbook(file.read(), file.name).sheets[0].rows, titles)
        except TextRefused as refused:
            form.add_error("file", list(refused.errors))
        except SpreadsheetError as error:
            form.add_error("file", str(error))
        else:
            version = set_interview_forms(county, forms, form.cleaned_data["document"])
            messages.success(request, f"已保存为 {version} 版，从现在起各校访谈用这一版。")
            return redirect("assessments:interview-forms")
    context = {
        "form": form,
        "county": county,
        "templates": list(templates.values()),
        "is_own": bool(own_forms(county)),
        "tabs": setting_tabs(request, "assessments:interview-forms"),
    }
    return render(request, "assessments/interview_forms.html", context, status=422 if form.errors else 200)


@require_GET
@allow(VERB)
def interview_forms_sheet(request):
    rows = rows_of(templates_of(own_county(request, VERB)))
    data = write_workbook([OutSheet("访谈表", list(HEAD), rows, (8, 12, 60, 40, 10))])
    return file_answer(data, XLSX, "访谈表.xlsx")


@require_POST
@allow(VERB)
def interview_forms_shipped(request):
    use_shipped_forms(own_county(request, VERB))
    messages.success(request, "已改回平台自带的访谈表。")
    return redirect("assessments:interview-forms")
