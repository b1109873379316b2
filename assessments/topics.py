"""What a questionnaire asks about, in words for parents, before anybody answers. Pure.

Parents were scandalised by what they learnt afterwards: how many questions, and that some ask about hurting oneself.
"""

from collections.abc import Iterable

from assessments.scoring import Definition


def topics_of(definitions: Iterable[Definition]) -> list[str]:
    """One line per questionnaire: name, number of questions, time it asks about, and whether it asks of self-harm."""
    return [_line(definition) for definition in definitions]


def _line(definition: Definition) -> str:
    grave = len({rule.test.item for rule in definition.critical})
    parts = [f"{definition.title_zh}：{len(definition.items)} 题"]
    if definition.recall_zh:
        parts.append(f"问的是“{definition.recall_zh.rstrip('：:，。')}”")
    if grave:
        parts.append(f"其中 {grave} 题问到是否有伤害自己的想法，有老师值守时才开放，回答有提示的学生当天由老师面谈")
    return "；".join(parts) + "。"
