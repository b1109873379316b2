"""Reports: ask for one, watch it being made, take it away."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crisis.models import Case
from xinyu.access.allow import allow
from xinyu.accounts.confirm import confirmed_to_open
from xinyu.students.models import Student
from xinyu.ui.downloads import PDF, file_answer
from xinyu.vault.envelope import VaultError

from . import actions, queries
from .case_files import LEFT_OUT
from .forms import CaseFileForm, GrowthFileForm
from .models import Report


@require_GET
@allow("reports.growth_file")
def report_list(request):
    jobs = [queries.progress_of(report) for report in queries.own_reports()[: queries.SHOWN]]
    return render(request, "reports/list.html", {"jobs": jobs})


@require_http_methods(["GET", "POST"])
@allow("reports.growth_file")
@confirmed_to_open
def growth_file_request(request, student_id: int):
    student = get_object_or_404(Student.objects.select_related("klass__grade"), pk=student_id)
    form = GrowthFileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_growth_file(student, actor=request.user, **form.cleaned_data)
        except actions.HeldBack as why:
            form.add_error("purpose", str(why))
        else:
            messages.success(request, "已开始生成，完成后在这里下载。")
            return redirect("reports:list")
    klass = student.klass.name_on(timezone.localdate())
    person = {"name": student.name, "klass": klass, "number": student.number}
    context = {"form": form, "student": person, "kid": student}
    return render(request, "reports/growth_file_request.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("reports.case_file")
@confirmed_to_open
def case_file_request(request, case_id: int):
    case = get_object_or_404(Case.objects.select_related("student__klass__grade"), pk=case_id)
    form = CaseFileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_case_file(case, actor=request.user, **form.asked())
        except actions.HeldBack as why:
            form.add_error("purpose", str(why))
        else:
            messages.success(request, "已开始生成，完成后在这里下载。对外副本交出前请再读一遍。")
            return redirect("reports:list")
    context = {"form": form, "student": case.student, "case": case, "left_out": LEFT_OUT}
    return render(request, "reports/case_file_request.html", context, status=422 if form.errors else 200)


@require_GET
@allow("reports.growth_file")
@never_cache
def report_progress(request, report_id: int):
    report = get_object_or_404(queries.own_reports(), pk=report_id)
    if not request.htmx:
        return redirect("reports:list")
    return render(request, "components/progress.html", {"job": queries.progress_of(report)})


@require_POST
@allow("reports.growth_file")
def report_cancel(request, report_id: int):
    report = get_object_or_404(queries.own_reports(), pk=report_id)
    is_cancelled = actions.cancel_report(report, actor=request.user)
    if request.htmx:
        report.refresh_from_db(fields=["state"])
        return render(request, "components/progress.html", {"job": queries.progress_of(report)})
    messages.info(request, "已取消。" if is_cancelled else "已经结束，不能取消。")
    return redirect("reports:list")


@require_GET
@allow("reports.growth_file")
@never_cache
def report_download(request, report_id: int):
    report = get_object_or_404(Report.objects.select_related("student"), pk=report_id)
    try:
        pdf = actions.take_pdf(report, actor=request.user)
    except actions.ReportGone:
        return render(request, "reports/gone.html", {"kid": report.student}, status=410)
    except VaultError as error:
        raise Http404 from error
    name = f"{report.get_kind_display()}_{report.student.name}_{timezone.localdate(report.finished_at):%Y%m%d}.pdf"
    return file_answer(pdf, PDF, name)
