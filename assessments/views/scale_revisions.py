"""The bureau sets cut-offs and norms: edit → old beside new → approved. Nothing is in force before that."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from assessments.band_editing import differences
from assessments.forms.scale_bands import BandsForm, NormsForm
from assessments.forms.screenings import ApprovalForm
from assessments.models import ScaleRevision, ScaleVersion
from assessments.norm_tables import HEADER, NormsRefused, read_norms, template_rows
from assessments.queries import scales as queries
from assessments.scale_revisions import RevisionRefused, is_draft, revise
from assessments.scoring import DefinitionError
from xinyu.access.allow import allow, may
from xinyu.lib.sheets_out import OutSheet, write_workbook
from xinyu.lib.spreadsheets import SpreadsheetError, read_workbook
from xinyu.ui.downloads import XLSX, file_answer

VERB = "assessments.edit_bands"


def _version(version_id: int) -> ScaleVersion:
    """404 for the draft of another county."""
    version = get_object_or_404(ScaleVersion, pk=version_id)
    revision = ScaleRevision.objects.filter(version=version).first()
    own = queries.own_counties()
    if revision is not None and revision.county_id is not None and own and revision.county_id not in own:
        raise Http404
    return version


@require_http_methods(["GET", "POST"])
@allow(VERB)
def scale_bands(request, version_id):
    version = _version(version_id)
    form = BandsForm(request.POST or None, document=version.definition)
    if request.method == "POST" and form.is_valid():
        try:
            made = revise(version, form.made, actor=request.user, reason=form.cleaned_data["reason"])
        except RevisionRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("assessments:scale-changes", made.pk)
    context = {"version": version, "form": form, "is_draft": is_draft(version)}
    return render(request, "assessments/scale_bands.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow(VERB)
def scale_norms(request, version_id):
    version = _version(version_id)
    form = NormsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = read_workbook(file.read(), file.name).sheets[0]
            norms = read_norms(version.definition, sheet.rows, sheet.formulas)
            document = version.definition | {"norms": norms}
            made = revise(version, document, actor=request.user, reason=form.cleaned_data["reason"])
        except NormsRefused as refused:
            form.add_error("file", list(refused.errors))
        except (SpreadsheetError, DefinitionError, RevisionRefused) as error:
            form.add_error("file", str(error))
        else:
            return redirect("assessments:scale-changes", made.pk)
    context = {"version": version, "form": form, "is_draft": is_draft(version)}
    return render(request, "assessments/scale_norms.html", context, status=422 if form.errors else 200)


@require_GET
@allow(VERB)
def norms_template(request, version_id):
    version = _version(version_id)
    data = write_workbook([OutSheet("常模", list(HEADER), template_rows(version.definition), (12, 6, 8, 8, 8, 8, 10))])
    return file_answer(data, XLSX, f"{version.code}-常模.xlsx")


@require_GET
@allow("assessments.see_scales")
def scale_changes(request, version_id):
    """Old beside new. A version that was not made from another one has nothing to compare."""
    return changes_page(request, _version(version_id), ApprovalForm())


def changes_page(request, version: ScaleVersion, form: ApprovalForm, status: int = 200) -> HttpResponse:
    line = queries.line_of(version)
    if line.revision is None:
        raise Http404
    context = {
        "version": version, "line": line, "revision": line.revision, "approvals": queries.approvals(version),
        "changes": differences(line.revision.base.definition, version.definition),
        "counties": queries.counties_to_approve(version), "form": form,
        "can_edit": may(request, VERB) and is_draft(version),
    }  # fmt: skip
    return render(request, "assessments/scale_changes.html", context, status=status)
