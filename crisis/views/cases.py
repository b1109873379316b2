"""The list of cases and the page of one case."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from crisis.actions.home_question import open_question
from crisis.duty import roles_in, schools_for
from crisis.forms.cases import CaseFilter
from crisis.levels import load_scheme
from crisis.looks import ends_fact, is_withdrawn, level_fact, level_of, state_fact
from crisis.models import Case, LoweringRequest
from crisis.plan_check import missing
from crisis.queries import cases as queries
from crisis.queries.choices import choices_for, requirements_of
from crisis.queries.facts import plan_facts
from crisis.queries.guardians import due_lines
from crisis.queries.history import history_of
from crisis.queries.home_harm import protection_of
from crisis.queries.schemes import scheme_at
from crisis.queries.signed import signatures_under
from crisis.tabs import tabs_of
from xinyu.access.allow import allow, may
from xinyu.access.permissions import roles_for
from xinyu.audit.entries import record_view
from xinyu.ui.frame import Crumb

from .answers import crumbs

PER_PAGE = 50


@require_GET
@allow("crisis.see")
def case_list(request):
    """Cases in sight, gravest first; above them the talks that wait for a level."""
    today = timezone.localdate()
    schools = sorted(schools_for("crisis.see"))
    form = CaseFilter(request.GET or {"state": "open"}, scheme=scheme_at(schools[0]) if schools else load_scheme())
    chosen = form.cleaned_data if form.is_valid() else {}
    state = chosen.get("state") or "open"
    found = queries.cases(state="" if state == "all" else state, level=chosen.get("level", ""))
    page = Paginator(queries.gravest_first(found, today), PER_PAGE).get_page(request.GET.get("page"))
    waiting = list(queries.awaiting_level()) if may(request, "crisis.confirm_level") else []
    record_view([row.case.student for row in page] + [talk.student for talk in waiting], "case", purpose="个案列表")
    context = {"form": form, "page": page, "waiting": waiting, "today": today}
    return render(request, "crisis/_case_rows.html" if request.htmx else "crisis/case_list.html", context)


def rights_of(case: Case) -> dict[str, bool]:
    verbs = {"notes": "crisis.notes", "plan": "crisis.plan", "level": "crisis.confirm_level", "review": "crisis.review"}
    verbs |= {"convene": "crisis.convene", "hand": "crisis.pass_case", "protect": "crisis.protect"}
    verbs |= {"tell": "crisis.tell_guardian", "pair": "crisis.pair"}
    here = roles_in(case.school_id)
    return {f"can_{name}": bool(here & roles_for(verb)) for name, verb in verbs.items()}


@require_GET
@allow("crisis.see")
def case_page(request, case_id):
    """Level, plan and state for whoever answers for the school; notes for the counselor only."""
    case = get_object_or_404(Case.objects.select_related("student__klass__grade", "owner"), pk=case_id)
    record_view([case.student], "case", purpose="个案")
    today, rights = timezone.localdate(), rights_of(case)
    if is_withdrawn(case) and not rights["can_notes"]:
        return withdrawn_page(request, case)
    level = level_of(case.level, case.scheme)
    texts = queries.texts_of(case, with_notes=rights["can_notes"], today=today)
    context = rights | {
        "case": case,
        "student": case.student,
        "student_state": state_fact(case.state),
        "title": queries.title_of(case),
        "crumbs": [Crumb(*crumb) for crumb in crumbs(case)],
        "tabs": tabs_of(case, "crisis:case-page"),
        "level": level,
        "level_fact": level_fact(case.level, case.scheme),
        "ends": ends_fact(case.level_until, today),
        "texts": texts,
        "requests": [_request_line(row, reason, request.user) for row, reason in texts.requests],
        "movable": queries.movable_notes(texts, case, request.user.pk),
        "choices": choices_for(case, request.user),
        "history": history_of(case),
        "signatures": signatures_under(case),
        "protection": protection_of(case, timezone.now()),
        "question": open_question(case),
        "guardian_dues": [line for line in due_lines(case, timezone.now()) if line.is_open],
        "plan_missing": missing(plan_facts(case)) if case.closed_at is None else [],
        "requirements": requirements_of(case) if rights["can_notes"] else [],
    }
    return render(request, "crisis/case_page.html", context)


def withdrawn_page(request, case: Case):
    """未证实: whoever does not keep the file reads that it was not confirmed, and no level, plan or history."""
    context = {
        "case": case,
        "student": case.student,
        "crumbs": [Crumb(*crumb) for crumb in crumbs(case)],
        "choices": choices_for(case, request.user),
        "student_state": state_fact(case.state),
    }
    return render(request, "crisis/case_withdrawn.html", context)


def _request_line(row, reason: str, user) -> dict:
    lowering = isinstance(row, LoweringRequest)
    return {
        "row": row,
        "reason": reason,
        "is_lowering": lowering,
        "is_own": row.by_id == user.pk,
        "title": f"降级至{level_fact(row.level).label}" if lowering else f"申请{row.get_kind_display()}",
    }
