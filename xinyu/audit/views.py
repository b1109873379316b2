"""调阅记录: who looked at the school's students. 操作日志: what was done, in codes, for the auditor."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xinyu.access.allow import allow
from xinyu.access.posts import schools_with

from . import queries
from .forms import LogFilter, LookFilter

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
