"""When short talks of the same-day round can be held. Pure; the times are a county's setting (本区设定).

County.settings["talk_periods"] may hold [["大课间", "09:40", "10:10"], …]; without it the usual hours below.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from assessments.triage import LessonPeriod

CHINA = ZoneInfo("Asia/Shanghai")
USUAL = (("大课间", "09:40", "10:10"), ("午间", "12:30", "13:50"), ("课后服务", "16:30", "17:30"))
#: what to say in five minutes; our own words, after 4-workflow D1 (意念、计划、工具、既往、保护因素)
SCRIPT = (
    "先说清楚：谢谢你如实作答。这不是考试，也不会告诉同学。有几个问题我会对每位同学都问。",
    "这两周里，有没有觉得活着很累，或者想过伤害自己？大概多久一次？最近一次是什么时候？",
    "想过怎么做吗？身边有没有可以用到的东西？以前有没有真的这样做过？",
    "难受的时候，是什么让你撑过来的？愿意找谁说一说？",
    "接下来我们这样安排（说清下一次见面和可以找谁）。任何时候想聊，来心理辅导室或拨打 12356。",
    "有计划、有工具或曾经尝试：不让学生独处，当场转为立即访谈。",
)


def periods_on(day: date, after: datetime, setting: Iterable[Sequence[str]] | None = None) -> list[LessonPeriod]:
    """Periods of `day` (aware, China Standard Time) that end after `after`; a started one begins at `after`."""
    rows = []
    for label, start, end in setting or USUAL:
        begins = datetime.combine(day, time.fromisoformat(start), CHINA)
        ends = datetime.combine(day, time.fromisoformat(end), CHINA)
        if ends > after:
            rows.append(LessonPeriod(max(begins, after), ends, label))
    return sorted(rows)
