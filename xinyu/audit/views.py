"""调阅记录: who looked at the school's students. 操作日志: what was done, in codes, for the auditor."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from xinyu.access.allow import allow
from xinyu.access.posts import schools_with

from . import queries
from .forms import LogFilter, LookFilter, SignatureCode
from .models import Signature
from .signing import verify_signature

PER_PAGE = 50


@require_GET
@allow("audit.see_readers")
def access_log(request):
    form = LookFilter(request.GET or None)
    said = form.cleaned_data if form.is_valid() else {}
    rows = queries.looks(
        schools_with(request.posts, "audit.see_readers"),
        student_ids=_students(said["student"]) if said.get("student") else None,
        user_ids=_people(said["person"]) if said.get("person") else None,
        day=said.get("day"),
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "audit/access_log.html", {"form": form, "page": page, "looks": queries.named(page)})


def _students(text: str):
    """Ids of students in sight by the whole name or number."""
    model = apps.get_model("students", "Student")  # the audit lies below the app of students
    return model.objects.filter(Q(name=text) | Q(number=text)).values("pk")


def _people(text: str):
    return get_user_model().objects.filter(name__startswith=text).values("pk")


@require_GET
@allow("audit.see_log")
def log(request):
    form = LogFilter(request.GET or None)
    said = form.cleaned_data if form.is_valid() else {}
    page = Paginator(queries.entries(**said), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "audit/log.html", {"form": form, "page": page})


@require_GET
@allow("audit.verify_signature")
def signature_check(request):
    """Type the code that stands on a paper; the signature's page says whether it holds."""
    form = SignatureCode(request.GET or None)
    if request.GET and form.is_valid():
        if Signature.objects.filter(code=form.cleaned_data["code"]).exists():
            return redirect("audit:signature-page", form.cleaned_data["code"])
        form.add_error("code", "没有找到这个编号，或者它不在您能看到的范围内。")
    return render(request, "audit/signature_check.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@allow("audit.verify_signature")
def signature_page(request, code):
    row = get_object_or_404(Signature, code=code.upper())
    context = {"row": row, "verdict": verify_signature(row)}
    return render(request, "audit/signature_page.html", context)
