"""写错学生: an entry goes to the case of the student it is about."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from crisis.actions.dossier import move_note, move_section
from crisis.forms.dossier import EntryMoveForm
from crisis.models import Case, CaseNote, NoteKind, SectionText
from crisis.queries.dossier import versions_of
from crisis.refusals import CaseRefusedError
from xinyu.access.allow import allow
from xinyu.audit.entries import record_view
from xinyu.vault.fields import reveal

from .dossier import heading, section_or_404
from .steps import case_in_sight

SAID = "已移到正确的学生。这份档案里只留下“有一条内容移出”的记录。"


def _goals(case: Case) -> list[Case]:
    """Cases of other students of the school, open ones first."""
    rows = Case.objects.filter(school=case.school_id).exclude(student=case.student_id)
    return list(rows.select_related("student__klass__grade").order_by("closed_at", "student__pinyin", "pk"))


def _page(request, case: Case, title: str, text: str, move, back: str, *arguments):
    goals = _goals(case)
    form = EntryMoveForm(request.POST or None, cases=goals, held=case, today=timezone.localdate())
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            goal = next(one for one in goals if one.pk == form.cleaned_data["to_case"])
            try:
                move(goal, form.cleaned_data["reason"])
            except CaseRefusedError as why:
                form.add_error(None, str(why))
                status = 409
            else:
                record_view([goal.student], "case", purpose="移入写错学生的内容")
                messages.success(request, SAID)
                return redirect(back, case.pk, *arguments)
    context = heading(case) | {"form": form, "entry_title": title, "entry_text": text, "goals": goals}
    return render(request, "crisis/entry_move.html", context, status=status)


@require_http_methods(["GET", "POST"])
@allow("crisis.notes")
def note_move(request, case_id, note_id):
    case = case_in_sight(case_id, "crisis.notes")
    note = get_object_or_404(CaseNote.objects.select_related("case"), pk=note_id, case=case, moved_at=None)

    def move(goal: Case, reason: str) -> None:
        move_note(note, goal, actor=request.user, reason=reason)

    title = f"{NoteKind(note.kind).label} {timezone.localtime(note.happened_at):%Y-%m-%d %H:%M}"
    return _page(request, case, title, reveal(note, "body"), move, "crisis:case-page")


@require_http_methods(["GET", "POST"])
@allow("crisis.notes")
def section_move(request, case_id, section, version_id):
    case, section = case_in_sight(case_id, "crisis.notes"), section_or_404(section)
    row = get_object_or_404(SectionText.objects.select_related("case"), pk=version_id, case=case, section=section.code)
    if row.moved_at is not None:
        raise Http404

    def move(goal: Case, reason: str) -> None:
        move_section(row, goal, actor=request.user, reason=reason)

    entry = next(one for one in versions_of(case, section.code) if one.row.pk == row.pk)
    text = "\n".join(f"{label}：{words}" for label, words in entry.labelled)
    title = f"{section.title} 第 {row.version} 版"
    return _page(request, case, title, text, move, "crisis:section-history", section.code)
