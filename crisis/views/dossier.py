"""档案 of one case: its sections, the form of one, who wrote what when, and the way to the right student."""

from contextlib import suppress

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from crisis.actions.dossier import standing, words_of, write_section
from crisis.dossier import BY_CODE, PAGE, TYPED, Section
from crisis.forms.dossier import SectionForm
from crisis.looks import is_withdrawn, state_fact
from crisis.models import Case
from crisis.queries import dossier as queries
from crisis.queries.cases import title_of
from crisis.refusals import CaseRefusedError, StaleVersionError
from crisis.tabs import tabs_of
from xinyu.access.allow import allow
from xinyu.audit.entries import record_view
from xinyu.students.typing import DraftRefused, keep_typed
from xinyu.ui.frame import Crumb

from .answers import crumbs, refused
from .cases import withdrawn_page
from .steps import case_in_sight

PAGE_NAME = "crisis:case-dossier"


def section_or_404(code: str) -> Section:
    section = BY_CODE.get(code)
    if section is None or section not in TYPED:
        raise Http404
    return section


def heading(case: Case, section: Section | None = None) -> dict:
    """What every page below the case has in common."""
    last = [Crumb("档案", reverse(PAGE_NAME, args=[case.pk])), Crumb(section.title)] if section else [Crumb("档案")]
    return {
        "case": case,
        "student": case.student,
        "student_state": state_fact(case.state),
        "section": section,
        "crumbs": [*(Crumb(*one) for one in crumbs(case, "档案")[:-1]), *last],
        "back": reverse(PAGE_NAME, args=[case.pk]),
    }


@require_GET
@allow("crisis.see")
def case_dossier(request, case_id):
    """One page or the whole form, as the confirmed level asks; each reader finds the sections that are hers."""
    rows = Case.objects.select_related("student__klass__grade", "owner", "school")
    case = get_object_or_404(rows, pk=case_id)
    record_view([case.student], "case", purpose="一人一案")
    reading = queries.reading_of(case, request.user, timezone.localdate())
    if is_withdrawn(case) and not reading.may("crisis.notes"):
        return withdrawn_page(request, case)
    dossier = queries.dossier_of(reading)
    context = heading(case) | {
        "dossier": dossier,
        "is_page": dossier.depth == PAGE,
        "parts": queries.one_page(dossier) if dossier.depth == PAGE else [],
        "more": [one for one in TYPED if one.code not in {view.section.code for view in dossier.sections}],
        "title": title_of(case),
        "tabs": tabs_of(case, PAGE_NAME),
        "can_write": reading.may("crisis.notes"),
        "may_open_papers": reading.may("crisis.medical_papers"),
    }
    return render(request, "crisis/case_dossier.html", context)


@require_http_methods(["GET", "POST"])
@allow("crisis.notes")
def section_edit(request, case_id, section):
    """Type one section; a new version is added to those before it."""
    case, section = case_in_sight(case_id, "crisis.notes"), section_or_404(section)
    now = standing(case, section.code)
    initial = {"base": now.version if now else 0} | words_of(now)
    form = SectionForm(request.POST or None, section=section, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            write_section(case, section.code, form.texts, actor=request.user, base=form.cleaned_data["base"])
        except StaleVersionError as why:
            return _conflict(request, case, section, form, why)
        except CaseRefusedError as why:
            return refused(request, case, why)
        messages.success(request, f"“{section.title}”已保存。")
        return redirect(f"{reverse(PAGE_NAME, args=[case.pk])}#{section.code}")
    context = heading(case, section) | {"form": form, "version": now}
    return render(request, "crisis/section_form.html", context, status=422 if form.is_bound else 200)


def _conflict(request, case: Case, section: Section, form: SectionForm, why: StaleVersionError):
    """Both texts side by side. What was typed stays on the server as a draft until one of the two is saved."""
    typed = {name: request.POST.getlist(name) for name in form.fields}
    with suppress(DraftRefused):  # too long for a draft: the page itself still holds it
        keep_typed(case.student, request.path, typed, actor=request.user)
    now = standing(case, section.code)
    saved = words_of(now)
    again = request.POST.copy()
    again["base"] = str(now.version if now else 0)
    both = SectionForm(again, section=section)
    both.is_valid()
    both_say = [(one.label, saved.get(one.code, ""), form.texts.get(one.code, "")) for one in section.fields]
    pairs = [pair for pair in both_say if pair[1] != pair[2]]
    context = heading(case, section) | {"form": both, "version": now, "pairs": pairs, "why": str(why)}
    return render(request, "crisis/section_conflict.html", context, status=409)


@require_GET
@allow("crisis.notes")
def section_history(request, case_id, section):
    """Every version, newest first, and what was moved away or came."""
    case, section = case_in_sight(case_id, "crisis.notes"), section_or_404(section)
    versions = queries.versions_of(case, section.code)
    newest = next((one.row.pk for one in versions if one.row.moved_at is None), None)
    lines = [
        (one, one.row.pk == newest and request.user.pk in (one.row.by_id, case.owner_id)) for one in versions
    ]  # fmt: skip
    moves = [
        (row, queries.move_words(row), reason) for row, reason in queries.moves_of(case) if row.what == section.code
    ]
    return render(request, "crisis/section_history.html", heading(case, section) | {"lines": lines, "moves": moves})
