"""Pages of the abuse path; each is one click away from the case."""

from django.views.decorators.http import require_http_methods

from crisis.actions.home_harm import ReportValues, lift_suspension, report_harm, suspend_guardian
from crisis.forms.home_harm import HomeHarmForm, LiftForm, MandatoryReportForm
from xinyu.access.allow import allow

from .answers import submit
from .steps import case_in_sight

SUSPEND = "登记后立刻生效：不再告知所选监护人，相关摘要、通知、征求同意和档案查阅都停下；同时开始计强制报告的时间。"
REPORT = "未成年人保护法第十一条：立即向公安、民政、教育等有关部门报告。先打电话，再在这里登记。"
LIFT = "研判会书面决定之后，由登记暂停以外的另一人办理。"


@require_http_methods(["GET", "POST"])
@allow("crisis.protect")
def guardian_suspend(request, case_id):
    case = case_in_sight(case_id, "crisis.protect")
    form = HomeHarmForm(request.POST or None, student=case.student)

    def act(said):
        suspend_guardian(case, actor=request.user, **said)

    said = "已暂停告知监护人。请马上办理强制报告并登记。"
    return submit(
        request, case, form, act, said=said, heading="家中可能有伤害", button="暂停告知并开始报告计时", lead=SUSPEND
    )


@require_http_methods(["GET", "POST"])
@allow("crisis.protect")
def report_new(request, case_id):
    case = case_in_sight(case_id, "crisis.protect")
    form = MandatoryReportForm(request.POST or None)

    def act(said):
        key = said.pop("key")
        report_harm(case, ReportValues(**said), actor=request.user, key=key)

    return submit(
        request, case, form, act, said="强制报告已登记。", heading="登记强制报告", button="保存登记", lead=REPORT
    )


@require_http_methods(["GET", "POST"])
@allow("crisis.protect")
def guardian_resume(request, case_id):
    case = case_in_sight(case_id, "crisis.protect")
    form = LiftForm(request.POST or None)

    def act(said):
        lift_suspension(case, actor=request.user, **said)

    return submit(
        request,
        case,
        form,
        act,
        said="已恢复告知监护人。",
        heading="恢复告知监护人",
        button="按书面决定恢复",
        lead=LIFT,
    )
