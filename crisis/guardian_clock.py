"""When a guardian has to be told, what counts as told, and how a contact is confirmed (4-workflow D3, D4.8). Pure.

A due is met by nothing but the record of a contact that reached the guardian. What lies a day before the due arose
counts too: who was told at four o'clock need not be told again because the level was written down at half past.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

#: 预防未成年人犯罪法 §19: where a student may have a mental disorder the school tells the guardians 立即
AT_ONCE_MINUTES = 0
BEFORE = timedelta(days=1)
#: channels at which two of the school can be in the room
FACE_TO_FACE = frozenset({"in_person", "home_visit"})


def due_at(since: datetime, within_minutes: int) -> datetime:
    return since + timedelta(minutes=within_minutes)


def restarted(due: datetime, within_minutes: int, now: datetime) -> datetime:
    """When the clock had been stopped (home named as the source of harm) it begins anew; never earlier than it was."""
    return max(due, due_at(now, within_minutes))


def counts(since: datetime, happened_at: datetime, *, is_reached: bool) -> bool:
    """Whether a contact recorded now meets a due that arose at `since`."""
    return is_reached and happened_at >= since - BEFORE


def _long(minutes: int) -> str:
    return (
        f"{minutes} 分钟" if minutes < 120 else f"{minutes // 60} 小时" if minutes < 2880 else f"{minutes // 1440} 天"
    )


def clock_words(since: datetime, due: datetime, met_at: datetime | None, now: datetime) -> str:
    """'已在 25 分钟内告知', '还有 3 小时', '已超过 2 小时'; 立即 has no time left from the beginning."""
    if met_at is not None:
        return f"{_long(max(0, int((met_at - since).total_seconds() // 60)))}内已告知" if met_at > since else "已告知"
    left = int((due - now).total_seconds() // 60)
    if due <= since:
        return f"请立即告知，已等待 {_long(max(0, -left))}"
    return f"还有 {_long(left)}" if left > 0 else f"已超过时限 {_long(-left)}"


@dataclass(frozen=True)
class Told:
    """What somebody wants to write down. `told_by` and `beside` are person ids of the school."""

    channel: str
    is_reached: bool
    told_by: int
    beside: int | None
    content: str
    has_topic: bool


def refuse_contact(told: Told) -> tuple[str, str] | None:
    """(field, why) in Chinese, None when it can be written down."""
    if told.beside == told.told_by:
        return "beside", "第二位在场老师不能和告知人是同一人。"
    if not told.is_reached:
        return None
    if told.channel in FACE_TO_FACE and told.beside is None:
        return "beside", "当面或家访告知须有两位老师在场，请选择第二位。"
    if not told.has_topic:
        return "topics", "请至少选一项告知的内容。"
    return None if told.content.strip() else ("content", "请写明告知了什么。")


@dataclass(frozen=True)
class Confirmation:
    """How the guardian confirmed. `has_file`: a drawn signature or a scanned paper came along."""

    kind: str
    has_file: bool
    witness: str
    told_by_name: str


def refuse_confirmation(said: Confirmation) -> tuple[str, str] | None:
    if said.kind == "drawn" and not said.has_file:
        return "drawn", "请监护人在框内签名，或改用其他确认方式。"
    if said.kind == "scan" and not said.has_file:
        return "scan", "请选择签好字的告知书扫描件或照片。"
    if said.kind in ("refused", "absent"):
        if not said.witness.strip():
            return "witness", "拒签或不在场时，请写明见证人。"
        if said.witness.strip() == said.told_by_name:
            return "witness", "见证人不能是告知人本人。"
    return None
