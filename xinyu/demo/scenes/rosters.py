"""Every school's roster, imported by its own counselor through the real import."""

import csv
import io

from xinyu.access.actor import acting_as
from xinyu.organisations.models import Grade
from xinyu.students.actions import import_roster
from xinyu.students.importers import read_roster

from ..stage import Stage
from ..world import SchoolWorld

HEADER = (
    "学号", "姓名", "性别", "年级", "班级", "入学年份", "身份证号", "出生日期", "住宿方式",
    "监护人姓名", "监护人关系", "监护人电话",
)  # fmt: skip


def import_rosters(stage: Stage) -> None:
    for one in stage.world.schools:
        counselor = stage.first(one.school.code, "counselor")
        data, name = roster_csv(stage, one), f"{one.school.name}学生名册.csv"
        with acting_as(counselor):
            reading = read_roster(stage.schools[one.school.code], data, name, on=stage.world.today)
            import_roster(reading, data, name, actor=counselor)


def roster_csv(stage: Stage, one: SchoolWorld) -> bytes:
    """The school's list as it would be uploaded: UTF-8, a header row, a row per student."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for klass in one.klasses:
        grade = Grade(stage=klass.stage, entry_year=klass.entry_year).name_on(stage.world.today)
        for p in klass.pupils:
            sex, boards = "男" if p.sex == "M" else "女", "住校" if p.is_boarding else "走读"
            writer.writerow(
                [p.number, p.name, sex, grade, klass.name, klass.entry_year, p.id_number, p.birth_on, boards]
                + [p.guardian, p.relation, p.phone]
            )
    return out.getvalue().encode("utf-8-sig")
