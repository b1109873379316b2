"""The slips of one class as a PDF, made while the person waits (≤ 60 slips)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments import slips
from assessments.choices import SittingState
from assessments.queries import screenings as queries
from assessments.standing import schools_as
from xinyu.access.allow import allow
from xinyu.audit.entries import record, record_view
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
    is_counselor = screening.school_id in schools_as(request.posts, "counselor")
    sittings = slips.waiting(screening, klass_id, with_begun=is_counselor)
    sheet = slips.gather(screening, klass_id, name, sittings, request.build_absolute_uri("/a/"))
    if not sheet.slips:
        messages.info(request, f"{name}没有需要发放的作答条。")
        return redirect("assessments:screening-klass", screening_id, klass_id)
    begun = [sitting.student for sitting in sittings if sitting.state == SittingState.STARTED]
    if begun:  # whoever holds the code may open what they have chosen so far
        record_view(begun, "answers", purpose="重印已开始作答的作答条")
    record("assessments.print_slips", subject=screening, detail={"klass": klass_id, "slips": len(sheet.slips)})
    return file_answer(to_pdf(slips.render(sheet))[0], PDF, f"作答条-{name}.pdf", is_shown=True)
