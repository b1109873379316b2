"""The empty roster to download: our titles, text columns, and a second sheet that explains them."""

from xinyu.lib.sheets_out import OutSheet, write_workbook

from .fields import FIELDS

NOTES = {
    "number": "必填。校内学号，同校不重复；不要填身份证号。",
    "name": "必填。与户口簿一致；少数民族姓名用间隔号“·”。",
    "sex": "男或女；填了身份证号可以留空。",
    "grade": "例如 七年级、初一、高一。",
    "klass": "必填。例如 1班、七（1）班；班级须已在系统中。",
    "id_number": "18 位，请保持文本格式；没有可以留空，以后补录。",
    "registration": "G 加 18 位身份证号，或 L 加 18 位临时号。",
    "birth_on": "例如 2012-03-04；填了身份证号可以留空。",
    "boarding": "住校 或 走读。",
    "entry_year": "例如 2024。",
    "guardian_phone": "手机 11 位，或座机加区号，例如 0731-88712345。",
}


def template_workbook() -> bytes:
    """An .xlsx file that `parse` reads back: the second sheet has no title row that looks like a roster."""
    titles = [field.title for field in FIELDS]
    explained = [(field.title, NOTES.get(field.name, "选填。")) for field in FIELDS]
    widths = [22 if field.name in ("id_number", "registration") else 14 for field in FIELDS]
    return write_workbook(
        [
            OutSheet("学生名单", titles, (), widths),
            OutSheet("填写说明", ("列名", "说明"), explained, (20, 70)),
        ]
    )
