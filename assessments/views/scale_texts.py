"""The words of an official form: file → preview with the critical items beside their key → a new version."""

from dataclasses import asdict
from datetime import date

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.forms.scale_texts import TextForm
from assessments.models import ScaleVersion
from assessments.queries.scales import critical_rules_of
from assessments.scale_library import Entitlement, bind_text, definition_of
from assessments.text_binding import BoundItem, TextRefused, header_of, read_text, template_rows
from xinyu.access.allow import allow
from xinyu.lib.sheets_out import OutSheet, write_workbook
from xinyu.lib.spreadsheets import SpreadsheetError, read_workbook
from xinyu.ui.downloads import XLSX, file_answer

STEPS = ("选择文件", "核对", "完成")
SALT, MINUTES = "assessments.scale_text", 60
VERB = "assessments.bind_text"


@require_GET
@allow(VERB)
def scale_text_template(request, version_id):
    scale = definition_of(get_object_or_404(ScaleVersion, pk=version_id))
    form = scale.form(request.GET.get("form", "")) or scale.forms[0]
    data = write_workbook([OutSheet("题目", header_of(scale), template_rows(scale, form), (8, 60))])
    return file_answer(data, XLSX, f"{scale.code}.xlsx")


@require_http_methods(["GET", "POST"])
@allow(VERB)
def scale_text(request, version_id):
    version = get_object_or_404(ScaleVersion, pk=version_id)
    scale = definition_of(version)
    form = TextForm(request.POST or None, request.FILES or None, scale=scale)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        file = said.pop("file")
        try:
            sheet = read_workbook(file.read(), file.name).sheets[0]
            items = read_text(scale, scale.form(said["form"]) or scale.forms[0], sheet.rows, sheet.formulas)
        except TextRefused as refused:
            form.add_error("file", list(refused.errors))
        except SpreadsheetError as error:
            form.add_error("file", str(error))
        else:
            until = said.pop("licence_until", None)
            kept = said | {"licence_until": until and until.isoformat(), "items": [asdict(item) for item in items]}
            return _preview(request, version, items, _seal(request, version, kept))
    context = {"version": version, "scale": scale, "form": form, "steps": STEPS}
    return render(request, "assessments/scale_text.html", context, status=422 if form.errors else 200)


def _seal(request, version: ScaleVersion, kept: dict) -> str:
    """What was read travels through the preview and comes back unchanged, from the same person for the same scale."""
    return signing.dumps(kept | {"by": request.user.pk, "digest": version.digest}, salt=SALT, compress=True)


def _preview(request, version: ScaleVersion, items: list[BoundItem], sealed: str, missed: str = "") -> HttpResponse:
    rules = critical_rules_of(definition_of(version))
    critical = [(item, rules[item.number]) for item in items if item.number in rules]
    context = {"version": version, "items": items, "critical": critical, "sealed": sealed, "steps": STEPS}
    status = 422 if missed else 200
    return render(request, "assessments/scale_text_preview.html", context | {"missed": missed}, status=status)


@require_POST
@allow(VERB)
def scale_text_confirm(request, version_id):
    version = get_object_or_404(ScaleVersion, pk=version_id)
    try:
        kept = signing.loads(request.POST.get("sealed", ""), salt=SALT, max_age=MINUTES * 60)
    except signing.BadSignature:
        kept = {}
    if kept.get("by") != request.user.pk or kept.get("digest") != version.digest:
        messages.error(request, "核对的内容已经过期，请重新上传文件。")
        return redirect("assessments:scale-text", version.pk)
    items = [
        BoundItem(item["place"], item["number"], item["text"], tuple((v, label) for v, label in item["options"]))
        for item in kept["items"]
    ]
    until = kept.get("licence_until")
    entitlement = Entitlement(
        kept["entitled"], kept["document"], kept.get("licence_number", ""), until and date.fromisoformat(until)
    )
    confirmed = {int(name) for name in request.POST.getlist("seen") if name.isdecimal()}
    try:
        made = bind_text(
            version, items, entitlement, actor=request.user, form=kept["form"], role=kept["role"], confirmed=confirmed
        )
    except TextRefused as refused:
        return _preview(request, version, items, request.POST["sealed"], str(refused))
    messages.success(request, "文本已录入为新的版本，请县区教育局专干核对并批准后使用。")
    return redirect("assessments:scale-detail", made.pk)
