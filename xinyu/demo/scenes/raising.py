"""Ways in beside the teachers: two codes on walls with a word left behind one, and what a hospital told the school."""

from uuid import UUID

from django.utils import timezone

from assessments.actions.concerns import match_reports, tell_concern
from assessments.actions.help import behind, leave_word, open_door
from assessments.models import Flag
from xinyu.access.actor import DOOR, acting_as
from xinyu.students.models import Student

from ..stage import DEMO, Stage

ROOM = "综合楼 2 楼 203，每天 12:20—13:50、16:30—17:30"
PLACES = ("初二（1）班教室", "三楼楼梯口")
WORD = "我们班有个女生这几天午休都在哭，手腕上有新的划痕，她让我别告诉别人。我很担心她。"
HOSPITAL = """云川市第三医院（心身科门诊 李医生），{day}
文书：复诊告知单 2026-117，原件由心理教师保管
家属带学生就诊，医生建议近期有人陪伴，两周后复诊。"""


def raise_otherwise(stage: Stage) -> None:
    code = stage.world.schools[0].school.code
    school, counselor = stage.schools[code], stage.first(code, "counselor")
    with acting_as(counselor):
        doors = [open_door(school, actor=counselor, place=place, room=ROOM) for place in PLACES]
    with acting_as(DOOR):
        key = UUID(int=20261125, version=4)
        leave_word(behind(doors[1].code), key=key, level="same_day", text=WORD, caller="找英语课代表就知道")
    with acting_as(DEMO):
        waiting = Flag.objects.filter(handled_at=None).values("student_id")
        rows = Student.objects.filter(school=school, left_on=None).exclude(pk__in=waiting)
        student = rows.select_related("klass__grade", "school__county").order_by("number")[5]
    today = timezone.localdate()
    with acting_as(counselor):
        tell_concern(
            school,
            actor=counselor,
            student=student,
            level="same_day",
            source="hospital",
            happened_on=today,
            text=HOSPITAL.format(day=today),
        )
    match_reports()
