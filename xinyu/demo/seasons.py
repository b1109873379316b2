"""A season of the county's own whose window contains the day of the demo, as data. Pure."""

from datetime import date, timedelta
from typing import Any

CODE = "demo_focus"


def rules_around(today: date) -> dict[str, Any]:
    """Rules of a SeasonSetting: the shipped book and one season of the county's own, begun a week ago."""
    first, last = today - timedelta(days=7), today + timedelta(days=21)
    owed = {"anchor": "start", "repeat": "once", "days": "on_site"}
    season = {
        "code": CODE,
        "title": "阶段性重点排查",
        "source": "演示数据：县区自行增加的时节",
        "note": "本区设定，可修改",
        "who": {"stages": [], "grades": "all"},
        "windows": [{"kind": "dates", "start": first.isoformat(), "end": last.isoformat()}],
        "obligations": [
            _owed("class_check", "homeroom", "完成本班学生排查表", "klass", "class_check", 9, owed),
            _owed("key_review", "counselor", "复核重点关注学生名单", "school", "key_attention_review", 12, owed),
            _owed("zero_report", "principal", "确认并签发零报告", "school", "zero_report", 20, owed),
            _owed("returns", "county_officer", "核对各校排查回收情况", "county", "returns_reviewed", 24, owed),
        ],
    }
    return {"custom": [season], "disabled": []}


def _owed(code: str, role: str, title: str, subject: str, evidence: str, offset: int, rest: dict) -> dict[str, Any]:
    return {
        "code": code,
        "role": role,
        "title": title,
        "subject": subject,
        "evidence": evidence,
        "offset": offset,
    } | rest
