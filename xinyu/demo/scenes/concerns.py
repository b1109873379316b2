"""What teachers told today at the first school: one about a student who is found by name, one that names nobody."""

from assessments.actions.concerns import match_reports, tell_concern
from xinyu.access.actor import acting_as
from xinyu.students.models import Student

from ..stage import DEMO, Stage

ABOUT = "这两天上课一直趴着，午饭没吃，问话只说“没意思”。课间一个人待在楼梯口。"
NOBODY = "校门口听见几个男生说，八年级有个女生想离家出走，没听清是谁。"


def tell_concerns(stage: Stage) -> None:
    code = stage.world.schools[0].school.code
    school, teacher = stage.schools[code], stage.first(code, "teacher")
    with acting_as(DEMO):
        student = Student.objects.filter(school=school, left_on=None).select_related("klass").order_by("-number")[3]
    with acting_as(teacher):
        tell_concern(school, actor=teacher, level="same_day", text=ABOUT, names=[student.name], klass=student.klass)
        tell_concern(school, actor=teacher, level="same_day", text=NOBODY)
    match_reports()
