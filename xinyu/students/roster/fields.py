"""The columns a roster may have: their titles, how a cell is read, and how it is masked when shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from xinyu.lib.masking import mask_id, mask_name, mask_phone
from xinyu.lib.spreadsheets import Value

from . import cells


def _as_is(text: str) -> str:
    return text[:40]


@dataclass(frozen=True, slots=True)
class Field:
    """`titles`: the first is the one our template uses. `repeats`: few distinct values, so each is read once."""

    name: str
    titles: tuple[str, ...]
    read: Callable[[Value], Any]
    mask: Callable[[str], str] = _as_is
    repeats: bool = False

    @property
    def title(self) -> str:
        return self.titles[0]


FIELDS = (
    Field("number", ("学号", "学生学号", "校内学号", "学生编号"), cells.student_number),
    Field("name", ("姓名", "学生姓名", "名字", "学生"), cells.person_name, mask_name),
    Field("sex", ("性别", "学生性别"), cells.sex, repeats=True),
    Field("grade", ("年级", "所在年级", "年级名称"), cells.short_text, repeats=True),
    Field("klass", ("班级", "所在班级", "班级名称", "行政班", "班别", "班"), cells.short_text, repeats=True),
    Field(
        "id_number",
        ("身份证号", "身份证", "身份证号码", "居民身份证号", "公民身份号码", "身份证件号", "证件号码", "证件号"),
        cells.identity,
        mask_id,
    ),
    Field("registration", ("学籍号", "全国学籍号", "学籍编号", "学籍号码", "国网学籍号"), cells.registration, mask_id),
    Field("birth_on", ("出生日期", "出生年月日", "生日", "出生年月"), cells.birth_date, repeats=True),
    Field("boarding", ("住宿方式", "是否住校", "就读方式", "住校走读", "住宿情况"), cells.boarding, repeats=True),
    Field("entry_year", ("入学年份", "入学年度", "入学时间", "入学年月", "级"), cells.entry_year, repeats=True),
    Field(
        "guardian_name",
        ("监护人姓名", "监护人", "家长姓名", "家长", "第一监护人姓名", "第一监护人", "监护人1姓名", "监护人1"),
        cells.guardian_name,
        mask_name,
    ),
    Field(
        "guardian_relation",
        ("监护人关系", "与学生关系", "关系", "第一监护人关系", "监护人1关系", "与本人关系"),
        cells.short_text,
        repeats=True,
    ),
    Field(
        "guardian_phone",
        (
            *("监护人电话", "家长电话", "联系电话", "监护人手机", "家长手机", "手机号", "电话"),
            *("监护人联系电话", "第一监护人电话", "监护人1电话"),
        ),
        cells.phone,
        mask_phone,
    ),
    Field("guardian2_name", ("第二监护人姓名", "第二监护人", "监护人2姓名", "监护人2"), cells.guardian_name, mask_name),
    Field("guardian2_relation", ("第二监护人关系", "监护人2关系"), cells.short_text, repeats=True),
    Field(
        "guardian2_phone",
        ("第二监护人电话", "第二监护人手机", "监护人2电话", "第二监护人联系电话"),
        cells.phone,
        mask_phone,
    ),
)
BY_NAME = {field.name: field for field in FIELDS}
BY_TITLE = {title: field.name for field in FIELDS for title in field.titles}
REQUIRED = ("number", "name", "klass")
TELLS_SEX = ("sex", "id_number", "registration")
