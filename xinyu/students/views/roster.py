"""Roster import: file → preview → all of it or nothing → result, undo."""

import hashlib

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinyu.access.allow import allow
from xinyu.access.posts import schools_with
from xinyu.lib.spreadsheets import SpreadsheetError
from xinyu.ui.downloads import XLSX, file_answer

from .. import actions, roster
from ..drafts import content_of, keep_draft, live_drafts
from ..forms import RosterUploadForm
from ..importers import Reading, as_new, read_roster, without
from ..models import RosterDraft, RosterImport
from ..tables import ImportTable

STEPS = ("选择文件", "核对", "完成")
#: rows of one list shown on the preview page; the counts tell the rest
SHOWN = 200


@require_http_methods(["GET", "POST"])
@allow("students.import_roster")
def roster_upload(request):
    schools = schools_with(request.posts, "students.import_roster")
    form = RosterUploadForm(request.POST or None, request.FILES or None, schools=schools)
    if request.method == "POST" and form.is_valid():
        file, school = form.cleaned_data["file"], form.cleaned_data["school"]
        creates, data = form.cleaned_data["creates_klasses"], file.read()
        try:
            read_roster(school, data, file.name, on=timezone.localdate(), creates_klasses=creates)
        except (SpreadsheetError, roster.RosterRefused) as error:
            form.add_error("file", str(error))
        else:
            draft = keep_draft(school, data, file.name, creates_klasses=creates, actor=request.user)
            return redirect("students:roster-preview", draft.pk)
    status = 422 if form.is_bound and form.errors else 200
    imports = ImportTable(RosterImport.objects.filter(school_id__in=schools).select_related("by"))
    imports.paginate(page=request.GET.get("page", 1), per_page=20)
    return render(
        request, "students/roster_upload.html", {"form": form, "steps": STEPS, "table": imports}, status=status
    )


def _read(draft: RosterDraft) -> Reading:
    """The draft read again, beside the school as it is now."""
    return read_roster(
        draft.school,
        content_of(draft),
        draft.file_name,
        on=timezone.localdate(),
        creates_klasses=draft.creates_klasses,
    )


def _decided(reading: Reading, decisions: dict[str, str]) -> Reading:
    """With what the person said about doubtful rows."""
    said: dict[str, set[int]] = {"new": set(), "skip": set()}
    for name, value in decisions.items():
        if name.startswith("doubt-") and name[6:].isdecimal() and value in said:
            said[value].add(int(name[6:]))
    if said["new"]:
        reading = as_new(reading, said["new"])
    return without(reading, said["skip"]) if said["skip"] else reading


def _seen(reading: Reading) -> str:
    """What the person has looked at; the commit refuses to write anything else."""
    return hashlib.sha256(repr(sorted(reading.counts.items())).encode()).hexdigest()[:16]


def _preview(request, draft: RosterDraft, reading: Reading, status: int = 200) -> HttpResponse:
    preview, on = reading.preview, reading.on
    context = {
        "draft": draft,
        "reading": reading,
        "preview": preview,
        "counts": reading.counts,
        "shown": SHOWN,
        "moved": preview.moved[:SHOWN],
        "changed": preview.changed[:SHOWN],
        "absent": preview.absent[:SHOWN],
        "rejected": preview.rejected[:SHOWN],
        "new": preview.new[:SHOWN],
        "new_klasses": [klass.label_on(on) for klass in reading.new_klasses],
        "steps": STEPS,
        "seen": _seen(reading),
    }
    return render(request, "students/roster_preview.html", context, status=status)


@require_GET
@allow("students.import_roster")
def roster_preview(request, draft_id: int):
    draft = get_object_or_404(live_drafts(), pk=draft_id)
    return _preview(request, draft, _read(draft))


@require_GET
@allow("students.import_roster")
def roster_errors(request, draft_id: int):
    draft = get_object_or_404(live_drafts(), pk=draft_id)
    reading = _read(draft)
    data = roster.error_workbook(reading.sheet, reading.preview.rejected, reading.preview.doubtful)
    return file_answer(data, XLSX, "需更正.xlsx")


@require_GET
@allow("students.import_roster")
def roster_template(request):
    return file_answer(roster.template_workbook(), XLSX, "学生名册模板.xlsx")


@require_POST
@allow("students.import_roster")
def roster_commit(request, draft_id: int):
    draft = get_object_or_404(live_drafts(), pk=draft_id)
    reading = _read(draft)
    if request.POST.get("seen") != _seen(reading):
        messages.warning(request, "名册在您核对之后有变化，请再看一遍。")
        return _preview(request, draft, reading, status=409)
    decided = _decided(reading, request.POST.dict())
    try:
        done = actions.import_roster(decided, content_of(draft), draft.file_name, actor=request.user)
    except actions.ImportRefused as error:
        messages.error(request, str(error))
        return _preview(request, draft, _read(draft), status=409)
    draft.delete()
    messages.success(request, "导入完成。")
    return redirect("students:roster-result", done.pk)


@require_GET
@allow("students.import_roster")
def roster_result(request, import_id: int):
    done = get_object_or_404(RosterImport.objects.select_related("school", "by", "undone_by"), pk=import_id)
    is_last = not RosterImport.objects.filter(school=done.school_id, pk__gt=done.pk, undone_at=None).exists()
    context = {"done": done, "is_last": is_last and done.undone_at is None, "steps": STEPS}
    return render(request, "students/roster_result.html", context)


@require_POST
@allow("students.import_roster")
def roster_undo(request, import_id: int):
    done = get_object_or_404(RosterImport.objects.select_related("school"), pk=import_id)
    try:
        actions.undo_import(done, actor=request.user)
        messages.success(request, "已撤销：新增的学生已删除，改动已恢复。")
    except actions.ImportRefused as error:
        messages.error(request, str(error))
    return redirect("students:roster-result", done.pk)
