"""When home is named as the source of harm (4-workflow D9.5): the report that is owed, and who may end it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

#: 未成年人保护法 §11 says 立即: the report is due in the moment in which the school knows
WITHIN_MINUTES = 0


@dataclass(frozen=True)
class Lifting:
    """Who wants to tell the guardian again, and what the team wrote down."""

    set_by: int
    lifted_by: int
    team_met_on: date
    decision: str


def refuse_lifting(lifting: Lifting, *, set_on: date, today: date, is_reported: bool) -> str | None:
    """Why the guardian may not be told again, in Chinese; None when the team has decided properly."""
    if not is_reported:
        return "还没有登记强制报告，不能恢复告知监护人。"
    if lifting.set_by == lifting.lifted_by:
        return "须由登记暂停以外的另一人办理恢复。"
    if not lifting.decision.strip():
        return "请写明研判会的书面决定。"
    if lifting.team_met_on > today:
        return "研判会日期不能晚于今天。"
    return "研判会日期不能早于登记暂停的日期。" if lifting.team_met_on < set_on else None


def clock_words(known_at: datetime, reported_at: datetime | None, now: datetime) -> str:
    """How long the report took, or for how long it has been owed."""
    minutes = max(0, int(((reported_at or now) - known_at).total_seconds() // 60))
    long = f"{minutes} 分钟" if minutes < 120 else f"{minutes // 60} 小时 {minutes % 60} 分钟"
    return f"知悉后 {long}报告" if reported_at else f"知悉已 {long}，尚未登记报告"
