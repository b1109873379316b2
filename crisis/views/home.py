"""家校与就医 of one case: the guardian's clock, contacts and their confirmation, the question about home."""

import base64

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from crisis.actions.guardians import confirm_contact, record_contact
from crisis.actions.home_question import deny_home, open_question
from crisis.forms.guardians import ContactForm, DenyHomeForm, ProofForm
from crisis.looks import is_withdrawn
from crisis.models import ContactProof, GuardianContact
from crisis.queries.guardians import home_work_of
from crisis.queries.medical import advice_of
from crisis.queries.safety import older_of, safety_plan_of
from crisis.refusals import CaseRefusedError
from crisis.tabs import tabs_of
from xinyu.access.allow import allow
from xinyu.audit.entries import record
from xinyu.students.models import Guardian
from xinyu.ui.downloads import PDF, file_answer
from xinyu.ui.frame import Crumb
from xinyu.ui.printing import to_pdf
from xinyu.vault.fields import reveal

from .answers import answers_refusals, crumbs, renew, submit
from .cases import rights_of
from .steps import case_in_sight

SUFFIX = {PDF: "pdf", "image/png": "png", "image/jpeg": "jpg"}
NO_PAPER = "这名学生的监护人联系已暂停，书面决定之前不打印告知书。"


@require_GET
@allow("crisis.see")
def case_home(request, case_id):
    case = case_in_sight(case_id, "crisis.see")
    rights, now = rights_of(case), timezone.now()
    hides = is_withdrawn(case) and not rights["can_notes"]
    context = rights | {
        "case": case,
        "student": case.student,
        "hides": hides,
        "crumbs": [Crumb(*crumb) for crumb in crumbs(case, "家校与就医")],
        "tabs": tabs_of(case, "crisis:case-home"),
    }
    if not hides:
        context |= {
            "home": home_work_of(case, now),
            "advices": advice_of(case),
            "safety": safety_plan_of(case),
            "older_plans": older_of(case),
            "question": open_question(case),
        }
    return render(request, "crisis/case_home.html", context)


@require_http_methods(["GET", "POST"])
@allow("crisis.tell_guardian")
def contact_new(request, case_id):
    """A contact; when the guardian was reached, the page that confirms it follows at once."""
    case = case_in_sight(case_id, "crisis.tell_guardian")
    form = ContactForm(request.POST or None, case=case, actor=request.user)
    made = []

    def act(said):
        made.append(record_contact(case, form.values(), actor=request.user, key=said["key"]))

    lead = "告知是否完成，只看这里的登记。没有联系上也请登记，证明学校尽力联系过。"
    page = {"heading": "登记监护人告知", "button": "保存", "lead": lead, "to": "crisis:case-home"}
    answer = submit(request, case, form, act, said="已登记。", **page)
    if answer.status_code == 302 and made and made[0].is_reached:
        return redirect("crisis:contact-confirm", case.pk, made[0].pk)
    return answer


@require_http_methods(["GET", "POST"])
@allow("crisis.tell_guardian")
def contact_confirm(request, case_id, contact_id):
    case = case_in_sight(case_id, "crisis.tell_guardian")
    rows = GuardianContact.objects.select_related("guardian", "told_by", "beside")
    contact = get_object_or_404(rows, pk=contact_id, case=case)
    form = ProofForm(request.POST or None, request.FILES or None, contact=contact)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                confirm_contact(contact, form.values(), actor=request.user, key=form.cleaned_data["key"])
            except CaseRefusedError as why:
                renew(form, case, why)
                status = 409
            else:
                messages.success(request, "确认已登记，加密保存。")
                return redirect("crisis:case-home", case.pk)
    context = {"case": case, "student": case.student, "contact": contact, "form": form}
    context |= {"content": reveal(contact, "content"), "crumbs": crumbs(case, "签字确认")}
    return render(request, "crisis/contact_confirm.html", context, status=status)


def stored_file(row, name: str) -> HttpResponse:
    """The stored file: pictures in the page, a PDF only as a download."""
    content, is_picture = base64.b64decode(reveal(row, "file")), row.mime.startswith("image/")
    return file_answer(content, row.mime, f"{name}.{SUFFIX[row.mime]}", is_shown=is_picture)


@require_GET
@allow("crisis.tell_guardian")
def proof_file(request, case_id, proof_id):
    case = case_in_sight(case_id, "crisis.tell_guardian")
    proof = get_object_or_404(ContactProof.objects.exclude(mime=""), pk=proof_id, case=case)
    record("crisis.open_proof", subject=proof)
    return stored_file(proof, "监护人签字")


@require_GET
@allow("crisis.tell_guardian")
@answers_refusals
def guardian_notice(request, case_id):
    """告知书 on one page, with what was told in `?contact=`, or with lines to write on."""
    case = case_in_sight(case_id, "crisis.tell_guardian")
    home = home_work_of(case, timezone.now())
    if home.is_all_held:
        raise CaseRefusedError(NO_PAPER)
    line = next((row for row in home.contacts if str(row.contact.pk) == request.GET.get("contact")), None)
    today = timezone.localdate()
    context = {
        "title": "监护人告知书",
        "school": case.student.school.name,
        "student": case.student,
        "klass": case.student.klass.name_on(today),
        "line": line,
        "guardian": line.contact.guardian if line else Guardian(),
        "advises": bool(line.contact.advice_id) if line else bool(advice_of(case)),
        "reader": request.user.name,
        "printed_at": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
        "confidential": "请妥善保管",
    }
    record("crisis.print_notice", subject=case, student_id=case.student_id)
    pdf, _ = to_pdf(render_to_string("print/guardian_notice.html", context))
    return file_answer(pdf, PDF, "监护人告知书.pdf", is_shown=True)


@require_http_methods(["GET", "POST"])
@allow("crisis.protect")
def home_question(request, case_id):
    """Does it concern home? No, with a reason; a yes leads to the page that suspends and reports."""
    case = case_in_sight(case_id, "crisis.protect")
    form = DenyHomeForm(request.POST or None)
    if open_question(case) is None:
        return redirect("crisis:case-home", case.pk)
    if request.method == "POST" and form.is_valid():
        try:
            deny_home(case, actor=request.user, reason=form.cleaned_data["reason"])
        except CaseRefusedError as why:
            renew(form, case, why)
            return _question_page(request, case, form, 409)
        messages.success(request, "已记录：不涉及家里，可以联系监护人。")
        return redirect("crisis:case-page", case.pk)
    return _question_page(request, case, form, 422 if form.is_bound else 200)


def _question_page(request, case, form, status: int):
    context = {"case": case, "student": case.student, "form": form, "crumbs": crumbs(case, "是否涉及家里")}
    return render(request, "crisis/home_question.html", context, status=status)
