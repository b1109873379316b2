"""The slips of one class as a PDF, made while the person waits (≤ 60 slips)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments import slips
from assessments.queries import screenings as queries
from xinyu.access.allow import allow
from xinyu.audit.entries import record
from xinyu.organisations.models import Klass
from xinyu.ui.downloads import PDF, file_answer
from xinyu.ui.printing import to_pdf


@require_GET
@allow("assessments.print_slips")
def screening_slips(request, screening_id, klass_id):
    """A class out of sight has no sittings and is 404; a class where everybody is done says so."""
    screening = get_object_or_404(queries.screenings(), pk=screening_id)
    queries.require_school("assessments.print_slips", screening.school_id)
    if not queries.klass_sittings(screening, klass_id).exists():
        raise Http404
    klass = get_object_or_404(Klass.objects.select_related("grade"), pk=klass_id)
    name = klass.name_on(timezone.localdate())
    sheet = slips.gather(screening, klass_id, name, request.build_absolute_uri("/a/"))
    if not sheet.slips:
        messages.info(request, f"{name}没有需要发放的作答条。")
        return redirect("assessments:screening-klass", screening_id, klass_id)
    record("assessments.print_slips", subject=screening, detail={"klass": klass_id, "slips": len(sheet.slips)})
    return file_answer(to_pdf(slips.render(sheet))[0], PDF, f"作答条-{name}.pdf", is_shown=True)
