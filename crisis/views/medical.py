"""建议就医 of one case and of the school; the hospital's papers."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from crisis.actions.medical import advise_hospital, answer_advice, keep_document
from crisis.forms.medical import AdviceAnswerForm, AdviceForm, AttachmentForm, DocumentForm
from crisis.models import AdviceDocument, MedicalAdvice
from crisis.queries.medical import AdviceRow, advices
from xinyu.access.allow import allow
from xinyu.audit.entries import record, record_view

from .answers import submit
from .home import stored_file
from .steps import case_in_sight, reason_of

PER_PAGE = 50
HOME = "crisis:case-home"


@require_GET
@allow("crisis.see")
def advice_list(request):
    """Whoever has not been to a doctor first."""
    page = Paginator(advices(), PER_PAGE).get_page(request.GET.get("page"))
    rows = [AdviceRow(row, timezone.localdate()) for row in page]
    record_view([row.advice.student for row in rows], "case", purpose="建议就医名单")
    return render(request, "crisis/advice_list.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
@allow("crisis.advise")
def advice_new(request, case_id):
    case = case_in_sight(case_id, "crisis.advise")
    form = AdviceForm(request.POST or None)

    def act(said):
        values = {"advised_at": said["advised_at"], "reason": reason_of(said), "key": said["key"]}
        advise_hospital(case, actor=request.user, **values)

    lead = "学生可能需要医生的帮助：学校须立即告知监护人，请他们带孩子到医疗机构。保存后开始计时，登记告知才算完成。"
    page = {"heading": "建议就医", "button": "保存建议", "lead": lead, "to": HOME}
    return submit(request, case, form, act, said="建议就医已登记。请立即告知监护人并登记。", **page)


@require_http_methods(["GET", "POST"])
@allow("crisis.advise")
def advice_answer(request, case_id, advice_id):
    case = case_in_sight(case_id, "crisis.advise")
    advice = get_object_or_404(MedicalAdvice, pk=advice_id, case=case)
    form = AdviceAnswerForm(request.POST or None)

    def act(said):
        words = reason_of({"reason": said["words"], "is_from_hospital": said.get("is_from_hospital")})
        values = {name: said[name] for name in ("answer", "on", "hospital", "key")}
        answer_advice(advice, actor=request.user, words=words, **values)

    page = {"heading": "登记监护人的答复", "button": "保存", "to": HOME}
    return submit(request, case, form, act, said="答复已登记。", **page)


@require_http_methods(["GET", "POST"])
@allow("crisis.medical_papers")
def document_new(request, case_id, advice_id):
    case = case_in_sight(case_id, "crisis.medical_papers")
    advice = get_object_or_404(MedicalAdvice, pk=advice_id, case=case)
    form = DocumentForm(request.POST or None, request.FILES or None)

    def act(said):
        keep_document(case, said.pop("paper"), advice=advice, actor=request.user, **said)

    lead = "由医疗机构提供：医院怎么写就怎么存，学校不转写、不概括。"
    page = {"heading": "上传医院材料", "button": "保存材料", "lead": lead, "to": HOME}
    return submit(request, case, form, act, said="材料已加密保存。", has_file=True, **page)


@require_http_methods(["GET", "POST"])
@allow("crisis.medical_papers")
def attachment_new(request, case_id):
    """A paper that answers no advice: a hospital's letter to the school, an agreement, a paper of the police."""
    case = case_in_sight(case_id, "crisis.medical_papers")
    form = AttachmentForm(request.POST or None, request.FILES or None)

    def act(said):
        keep_document(case, said.pop("paper"), actor=request.user, **said)

    lead = "原样加密保存，只有心理教师能打开；学校不转写、不概括。"
    page = {"heading": "上传附件", "button": "保存材料", "lead": lead, "to": "crisis:case-dossier"}
    return submit(request, case, form, act, said="材料已加密保存。", has_file=True, **page)


@require_GET
@allow("crisis.medical_papers")
def document_file(request, case_id, document_id):
    case = case_in_sight(case_id, "crisis.medical_papers")
    row = get_object_or_404(AdviceDocument, pk=document_id, case=case)
    record("crisis.open_document", subject=row)
    record_view([case.student], "medical", purpose="查看附件")
    return stored_file(row, "医院材料" if row.is_medical else "附件")
