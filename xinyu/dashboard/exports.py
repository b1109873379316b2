"""The board as a spreadsheet: the same rows as the page, the same hidden cells."""

from xinyu.dashboard.charts import DEFINITIONS, HEADINGS
from xinyu.dashboard.queries import Board, BoardRow
from xinyu.lib.sheets_out import Cell, OutSheet, write_workbook


def header(board: Board) -> list[str]:
    columns = [HEADINGS[board.level], "邀请", "进行中", "已完成", "无需作答", "待完成", "完成率(%)"]
    return columns if board.level == "school" else [*columns, "辅导室达标", "学校数", "待了解学生数"]


def line(board: Board, row: BoardRow) -> list[Cell]:
    numbers: list[Cell] = [row.name, row.invited, row.started, row.finished, row.exempt, row.waiting, row.share]
    return numbers if board.level == "school" else [*numbers, row.rooms_met, row.rooms, row.signals]


def board_workbook(board: Board, threshold: int) -> bytes:
    rows = [line(board, row) for row in (*board.rows, board.total)]
    notes = [[text.format(threshold=threshold)] for text in DEFINITIONS.values()]
    notes.append([f"线索数版本：{board.version or '尚未发布'}"])
    return write_workbook([OutSheet("完成情况", header(board), rows, (28,)), OutSheet("口径", ["说明"], notes, (100,))])
