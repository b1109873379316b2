"""The scale library: what is asked, how it is counted, who owns the words, who approved it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assessments.band_editing import norm_words
from assessments.forms.screenings import ApprovalForm
from assessments.models import ScaleVersion
from assessments.queries import scales as queries
from assessments.scale_library import approve_scale
from xinyu.access.allow import allow, may

from .scale_revisions import changes_page


@require_GET
@allow("assessments.see_scales")
def scale_list(request):
    crumbs = [("测评", reverse("assessments:screening-list")), ("量表库", "")]
    at_school = may(request, "assessments.see_screening")  # the bureau has the library in its navigation
    context = {"lines": queries.library(), "crumbs": crumbs if at_school else []}
    context["can_bind"] = may(request, "assessments.bind_screener")
    return render(request, "assessments/scale_list.html", context)


def _page(request, version: ScaleVersion, form: ApprovalForm, status: int = 200):
    line = queries.line_of(version)
    context = {
        "line": line, "version": version, "scale": line.definition, "form": form,
        "critical": queries.critical_rules(line.definition), "approvals": queries.approvals(version),
        "counties": queries.counties_to_approve(version), "can_bind": may(request, "assessments.bind_text"),
        "binding": queries.binding_of(version), "can_revise": may(request, "assessments.edit_bands"),
        "norms": norm_words(version.definition),
    }  # fmt: skip
    return render(request, "assessments/scale_detail.html", context, status=status)


@require_GET
@allow("assessments.see_scales")
def scale_detail(request, version_id):
    return _page(request, get_object_or_404(ScaleVersion, pk=version_id), ApprovalForm())


@require_POST
@allow("assessments.approve_scale")
def scale_approve(request, version_id):
    version = get_object_or_404(ScaleVersion, pk=version_id)
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        if queries.line_of(version).revision is not None:
            return changes_page(request, version, form, status=422)
        return _page(request, version, form, status=422)
    for county in queries.counties_to_approve(version):
        approve_scale(version, county, actor=request.user, note=form.cleaned_data["note"])
    messages.success(request, "已批准，本县区的学校可以使用这个版本。")
    return redirect("assessments:scale-detail", version.pk)
