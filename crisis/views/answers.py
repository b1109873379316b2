"""How a refusal is shown: 409 with its reason, as a part for htmx and as a page otherwise; nothing was changed."""

from functools import wraps

from django.shortcuts import render
from django.urls import reverse

from crisis.models import Case
from crisis.queries.cases import title_of
from crisis.refusals import CaseRefusedError


def refused(request, case: Case | None, why: CaseRefusedError):
    back = reverse("crisis:case-page", args=[case.pk]) if case else reverse("crisis:case-list")
    context = {"why": str(why), "back": back, "case": case, "student": case.student if case else None}
    template = "crisis/_refused.html" if request.htmx else "crisis/refused.html"
    return render(request, template, context, status=409)


def form_page(request, case: Case, form, *, heading: str, button: str, lead: str = "", status: int = 200):
    """One form about one case, under the fixed header of the student."""
    context = {
        "case": case,
        "student": case.student,
        "form": form,
        "heading": heading,
        "button": button,
        "lead": lead,
        "back": reverse("crisis:case-page", args=[case.pk]),
        "crumbs": crumbs(case, heading),
    }
    return render(request, "crisis/form_page.html", context, status=status)


def crumbs(case: Case, here: str = "") -> list[tuple[str, str]]:
    page = reverse("crisis:case-page", args=[case.pk]) if here else ""
    return [("一人一案", reverse("crisis:case-list")), (title_of(case), page), *([(here, "")] if here else [])]


def answers_refusals(view):
    """A CaseRefusedError of the action becomes the 409 page of the case that the view is about."""

    @wraps(view)
    def wrapper(request, case_id, *args, **kwargs):
        try:
            return view(request, case_id, *args, **kwargs)
        except CaseRefusedError as why:
            return refused(request, Case.objects.select_related("student__klass__grade").get(pk=case_id), why)

    return wrapper
