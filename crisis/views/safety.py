"""The safety plan: written with the student, printed on one page."""

from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from crisis.actions.safety import write_safety_plan
from crisis.forms.helping import SafetyPlanForm
from crisis.models import SafetyPlan
from crisis.queries.safety import safety_plan_of, shape_of
from crisis.refusals import StaleVersionError
from xinyu.access.allow import allow
from xinyu.audit.entries import record
from xinyu.ui.downloads import PDF, file_answer
from xinyu.ui.printing import to_pdf

from .answers import submit, type_again
from .steps import case_in_sight


@require_http_methods(["GET", "POST"])
@allow("crisis.safety_plan")
def safety_plan_new(request, case_id):
    """A new version begins with the words of the last one; the last one stays as it is."""
    case = case_in_sight(case_id, "crisis.safety_plan")
    newest = safety_plan_of(case)
    initial = {"after": newest.plan.version, **newest.words} if newest else {"after": 0}
    form = SafetyPlanForm(request.POST or None, initial=initial)

    def act(said):
        values = {"written_on": said["written_on"], "after": said["after"], "key": said["key"]}
        try:
            write_safety_plan(case, actor=request.user, words=form.words(), **values)
        except StaleVersionError:
            type_again(form, "after", newest.plan.version if newest else 0)
            raise

    lead = "和学生坐在一起，一步一步问，写学生自己的话。写好后打印一份给学生，再与监护人分享。"
    page = {"heading": "安全计划", "button": "保存为新的一版", "lead": lead, "to": "crisis:case-home"}
    return submit(request, case, form, act, said="安全计划已保存。请打印一份给学生。", **page)


@require_GET
@allow("crisis.see")
def safety_plan_paper(request, case_id, plan_id):
    case = case_in_sight(case_id, "crisis.see")
    shape = shape_of(get_object_or_404(SafetyPlan, pk=plan_id, case=case))
    context = {
        "title": "我的安全计划",
        "school": case.student.school.name,
        "student": case.student,
        "klass": case.student.klass.name_on(timezone.localdate()),
        "shape": shape,
        "reader": request.user.name,
        "printed_at": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
    }
    record("crisis.print_safety_plan", subject=shape.plan)
    pdf, _ = to_pdf(render_to_string("print/safety_plan.html", context))
    return file_answer(pdf, PDF, "我的安全计划.pdf", is_shown=True)
