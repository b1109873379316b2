"""Papers of the duty clock: the signed timeline of one run."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from crisis.actions.timeline import VERB, print_timeline
from crisis.forms.papers import PaperForm
from crisis.looks import is_withdrawn
from crisis.models import LevelStatement
from crisis.refusals import CaseRefusedError
from xinyu.access.allow import allow
from xinyu.accounts.confirm import confirmed_to_open
from xinyu.ui.downloads import PDF, file_answer

from .answers import form_page
from .cases import rights_of, withdrawn_page
from .steps import case_in_sight

HEADING, BUTTON = "打印联动经过", "签字并下载"
LEAD = "下载的 PDF 由您签字，带核对编号和水印；离开学校的一份不含姓名，只写岗位。"


@require_http_methods(["GET", "POST"])
@allow(VERB)
@confirmed_to_open
@never_cache
def timeline_print(request, case_id, statement_id):
    case = case_in_sight(case_id, VERB)
    statement = get_object_or_404(LevelStatement, pk=statement_id, case=case)
    if is_withdrawn(case) and not rights_of(case)["can_notes"]:
        return withdrawn_page(request, case)
    form = PaperForm(request.POST or None)

    def page(status: int = 200):
        return form_page(request, case, form, heading=HEADING, button=BUTTON, lead=LEAD, status=status)

    if request.method != "POST" or not form.is_valid():
        return page(422 if form.errors else 200)
    try:
        pdf = print_timeline(case, statement, actor=request.user, **form.values)
    except CaseRefusedError as why:
        form.add_error("purpose", str(why))
        return page(409)
    return file_answer(pdf, PDF, f"联动经过_{case.code}_{timezone.localdate():%Y%m%d}.pdf")
