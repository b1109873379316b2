"""What only a whole row can tell: numbers against birth date and sex, what is missing, who the guardians are."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xinyu.lib import dates, identity_numbers

from .shapes import Guardian, RosterRow, Sex

PLAUSIBLE_AGES = range(3, 31)
GUARDIAN_FIELDS = tuple((f"{who}_name", f"{who}_relation", f"{who}_phone") for who in ("guardian", "guardian2"))


@dataclass(slots=True)
class Checked:
    """`row` is None when something essential is missing; refusals and warnings are (field, Chinese text)."""

    row: RosterRow | None = None
    refusals: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)


def check_row(line: int, values: dict[str, Any], on: date) -> Checked:
    """`values` maps field → value as read, None or "" where the cell was empty or refused."""
    checked = Checked()
    identity = _identity(values, checked)
    birth_on, sex = values.get("birth_on"), values.get("sex")
    if identity is not None:
        birth_on, sex = _agreed(identity, birth_on, sex, checked)
    if sex is None:
        checked.refusals.append(("sex", "性别为空，且没有身份证号可以得出"))
    klass = values.get("klass") or ""
    if klass == "" and values.get("klass") is not None:
        checked.refusals.append(("klass", "班级为空；如有合并单元格，请取消合并并逐行填写"))
    _warn_about_birth(birth_on, on, checked)
    guardians = _guardians(values, checked)
    if sex is not None and klass and values.get("number") and values.get("name"):
        id_number = identity.number if identity else ""
        checked.row = _row(line, values, sex, birth_on, id_number, guardians)
    return checked


def _row(
    line: int, values: dict[str, Any], sex: Sex, birth_on: date | None, id_number: str, guardians: tuple[Guardian, ...]
) -> RosterRow:
    return RosterRow(
        line,
        values["number"],
        values["name"],
        sex,
        values.get("grade") or "",
        values["klass"],
        values.get("entry_year"),
        birth_on,
        id_number,
        values.get("registration") or "",
        values.get("boarding"),
        guardians,
    )


def _identity(values: dict[str, Any], checked: Checked) -> identity_numbers.IdentityNumber | None:
    """From its own column, else from a 学籍号 that contains it."""
    identity: identity_numbers.IdentityNumber | None = values.get("id_number")
    inside = identity_numbers.in_registration(values.get("registration") or "")
    if identity is None and inside:
        return identity_numbers.parse(inside)
    if identity is None:
        checked.warnings.append(("id_number", "没有身份证号，可以导入；以后请补录，以免与同名学生混淆"))
    elif inside and inside != identity.number:
        checked.refusals.append(("registration", "学籍号中的身份证号与身份证号列不一致"))
    elif identity.number.endswith("000"):
        checked.warnings.append(("id_number", "身份证号末三位是 000，请核对是否被表格软件改过"))
    return identity


def _agreed(identity: identity_numbers.IdentityNumber, birth_on: date | None, sex: Any, checked: Checked) -> Any:
    if birth_on is not None and birth_on != identity.birth_on:
        checked.refusals.append(("birth_on", f"出生日期与身份证号不一致（身份证号为 {identity.birth_on}）"))
    if sex is not None and sex != identity.sex:
        checked.refusals.append(("sex", f"性别与身份证号不一致（身份证号为{'男' if identity.sex == 'M' else '女'}）"))
    return identity.birth_on, identity.sex


def _warn_about_birth(birth_on: date | None, on: date, checked: Checked) -> None:
    if birth_on is None:
        checked.warnings.append(("birth_on", "没有出生日期，年龄无法计算"))
    elif dates.age(birth_on, on) not in PLAUSIBLE_AGES:
        checked.warnings.append(("birth_on", f"按出生日期年龄为 {dates.age(birth_on, on)} 岁，请核对"))


def _guardians(values: dict[str, Any], checked: Checked) -> tuple[Guardian, ...]:
    found: tuple[Guardian, ...] = ()
    for name_field, relation_field, phone_field in GUARDIAN_FIELDS:
        name, phone = values.get(name_field), values.get(phone_field)
        if name:
            found += (Guardian(name, values.get(relation_field) or "", phone or ""),)
        elif phone:
            checked.warnings.append((name_field, "有监护人电话但没有监护人姓名，该监护人未导入"))
    return found
