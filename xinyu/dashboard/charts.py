"""Drawings and definitions (口径) of a board. Pure: a Board in, words and numbers out."""

from xinyu.dashboard.queries import Board
from xinyu.ui.charts import Chart, Series

HEADINGS = {"city": "县区", "county": "学校", "school": "测评与年级"}
DEFINITIONS = {
    "coverage": "本学年开始的测评。邀请：发出测评码的人次；已完成：提交的人次；无需作答：监护人未同意或本人不作答等，"
    "不问原因；待完成 = 邀请 − 已完成 − 无需作答；完成率 = 已完成 ÷（邀请 − 无需作答）。数秒内更新。",
    "rooms": "已建最高类型达到或高于文件要求类型的学校数 ÷ 学校总数。要求类型按学校性质、城乡和在校生数判定。",
    "seasons": "正在进行和两周内结束的时节工作：已完成项 ÷ 应完成项，按班级和学校计。完成以登记的排查或记录为准。",
    "signals": "在访谈队列中或有未结个案的学生人数，是待了解的线索，不是诊断。每周或测评结束后发布一版；"
    "人数少于 {threshold}、与上一版相差不足 {threshold} 的格子及其互补格子隐藏，0 如实显示。",
    "signals_school": "在访谈队列中或有未结个案的本校学生人数，每晚统计一次；仅供本校履职使用。",
}


def coverage_chart(board: Board) -> Chart:
    """Finished, waiting and exempt for each row, stacked."""
    rows = [row for row in board.rows if row.invited]
    return Chart(
        "coverage",
        "测评完成情况",
        "stacked",
        [row.name for row in rows],
        [
            Series("已完成", [row.finished for row in rows]),
            Series("待完成", [row.waiting for row in rows]),
            Series("无需作答", [row.exempt for row in rows]),
        ],
        unit="人次",
        heading=HEADINGS[board.level],
        definition=DEFINITIONS["coverage"],
    )
