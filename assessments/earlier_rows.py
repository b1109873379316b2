"""Results of an earlier platform from a spreadsheet: one line per student, scale and day, as it was delivered. Pure.

Nothing is scored, placed or flagged: what another platform computed by an unknown key stays its own words.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xinyu.lib.spreadsheets import SheetRefused, column_letter, formula_errors, said

NUMBER, NAME, ON, SCALE, SCORE, SAID = "学号", "姓名", "测评日期", "量表", "得分", "结果说明"
HEADER = (NUMBER, NAME, ON, SCALE, SCORE, SAID)
MOST_ERRORS, MOST_ROWS = 30, 20_000
LONGEST = {SCALE: 60, SCORE: 20, SAID: 200}
FIRST_DAY = date(2000, 1, 1)


class EarlierRefused(SheetRefused):
    """Nothing of the file was kept; `errors` are Chinese sentences with the address of their cell."""


@dataclass(frozen=True)
class EarlierRow:
    student_id: int
    on: date
    scale: str
    score: str
    said: str


def read_earlier(
    rows: Sequence[Sequence[object]],
    formulas: Collection[tuple[int, int]],
    students: Mapping[str, tuple[int, str]],
    today: date,
) -> list[EarlierRow]:
    """`students`: number → (id, name) of the school's own. A name must agree with its number: a shifted column would
    hang a result on another child. Raises EarlierRefused with every mistake found; all or nothing."""
    head = [said(cell) for cell in rows[0]] if rows else []
    lacking = [title for title in HEADER if title not in head]
    if lacking:
        raise EarlierRefused(f"第 1 行应是表头，缺“{'”“'.join(lacking)}”，请用本页的模板。")
    if len(rows) - 1 > MOST_ROWS:
        raise EarlierRefused(f"一次最多导入 {MOST_ROWS} 行，请分成几个文件。")
    errors = formula_errors(formulas)
    found: dict[EarlierRow, int] = {}
    for at, row in enumerate(rows[1:], 2):
        raw = dict(zip(head, [*row, *[None] * (len(head) - len(row))], strict=False))
        if any(said(cell) for cell in raw.values()):
            wrong, read = _read(raw, students, today)
            if read is not None and found.setdefault(read, at) != at:
                wrong.append((NUMBER, f"与第 {found[read]} 行完全相同。"))
            errors += [f"{column_letter(head.index(title))}{at} {what}" for title, what in wrong]
    if not found and not errors:
        errors.append("文件里没有一行结果。")
    if errors:
        more = [f"……还有 {len(errors) - MOST_ERRORS} 处"] if len(errors) > MOST_ERRORS else []
        raise EarlierRefused(*errors[:MOST_ERRORS], *more)
    return list(found)


def _read(
    raw: Mapping[str, object], students: Mapping[str, tuple[int, str]], today: date
) -> tuple[list[tuple[str, str]], EarlierRow | None]:
    wrong: list[tuple[str, str]] = []
    number, name = said(raw[NUMBER]), said(raw[NAME])
    student_id, known = students.get(number, (0, ""))
    if not student_id:
        wrong.append((NUMBER, f"本校名册里没有学号“{number}”。" if number else "缺学号。"))
    elif name.replace(" ", "") != known.replace(" ", ""):
        wrong.append((NAME, f"学号 {number} 的姓名与名册不符，请核对是否错行。"))
    on = _day(raw[ON])
    if on is None or not FIRST_DAY <= on <= today:
        wrong.append((ON, "测评日期应写成 2025-09-01 这样，不晚于今天。"))
    texts = {title: said(raw[title]) for title in (SCALE, SCORE, SAID)}
    wrong += [(title, f"最多 {LONGEST[title]} 个字。") for title, text in texts.items() if len(text) > LONGEST[title]]
    if not texts[SCALE]:
        wrong.append((SCALE, "缺量表名称。"))
    if not texts[SCORE] and not texts[SAID]:
        wrong.append((SCORE, "得分和结果说明至少要有一项。"))
    if wrong or on is None:
        return wrong, None
    return [], EarlierRow(student_id, on, texts[SCALE], texts[SCORE], texts[SAID])


def _day(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = said(cell).replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").removesuffix("日")
    try:
        return datetime.strptime(text[:10], "%Y-%m-%d").date()
    except ValueError:
        return None
