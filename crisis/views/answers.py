"""How a refusal is shown: 409 with its reason, as a part for htmx and as a page otherwise; nothing was changed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from crisis.models import Case
from crisis.queries.cases import title_of
from crisis.refusals import CaseRefusedError, StaleVersionError
from xinyu.accounts.confirm import is_confirmed

CONFIRM = "签字前要确认是您本人：请先在新窗口里确认，再回到这里提交一次。您写的内容都还在。"


def refused(request, case: Case | None, why: CaseRefusedError):
    back = reverse("crisis:case-page", args=[case.pk]) if case else reverse("crisis:case-list")
    context = {"why": str(why), "back": back, "case": case, "student": case.student if case else None}
    template = "crisis/_refused.html" if request.htmx else "crisis/refused.html"
    return render(request, template, context, status=409)


def form_page(
    request,
    case: Case,
    form,
    *,
    heading: str,
    button: str,
    lead: str = "",
    status: int = 200,
    confirm_url: str = "",
    to: str = "crisis:case-page",
    **more: Any,
):
    """One form about one case, under the header of the student; 返回 leads where saving leads. `more`: context."""
    context = {
        "case": case,
        "student": case.student,
        "form": form,
        "heading": heading,
        "button": button,
        "lead": lead,
        "confirm_url": confirm_url,
        "back": reverse(to, args=[case.pk]),
        "crumbs": crumbs(case, heading),
    }
    return render(request, "crisis/form_page.html", context | more, status=status)


def submit(
    request,
    case: Case,
    form,
    act: Callable[[dict], object],
    *,
    said: str,
    to: str = "crisis:case-page",
    **page: Any,
):
    """Show the form, or do `act` with what it says. 422 for what is missing, 409 for a refusal: the typing stays.

    After a stale version the form carries the new one, so that sending it again is a decision. `is_signed`: the
    person signs, so whoever has not proved herself a moment ago is asked to and loses no word.
    """
    is_signed = page.pop("is_signed", False)
    if request.method != "POST":
        return form_page(request, case, form, to=to, **page)
    if not form.is_valid():
        return form_page(request, case, form, status=422, to=to, **page)
    if is_signed and not is_confirmed(request):
        form.add_error(None, CONFIRM)
        page |= {"confirm_url": reverse("account_reauthenticate")}
        return form_page(request, case, form, status=409, to=to, **page)
    try:
        act(form.cleaned_data)
    except CaseRefusedError as why:
        if request.htmx:
            return refused(request, case, why)
        renew(form, case, why)
        return form_page(request, case, form, status=409, to=to, **page)
    messages.success(request, said)
    return redirect(to, case.pk)


def renew(form, case: Case, why: CaseRefusedError) -> None:
    """Put the refusal over the form, or at the field that it is about."""
    field = getattr(why, "field", None)
    form.add_error(field if field in form.fields else None, str(why))
    if isinstance(why, StaleVersionError):
        type_again(form, "version", Case.objects.values_list("version", flat=True).get(pk=case.pk))


def type_again(form, name: str, value) -> None:
    """Put a value into what was sent, so that sending the form again is a decision about the newest state."""
    form.data = form.data.copy()
    form.data[name] = str(value)


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
