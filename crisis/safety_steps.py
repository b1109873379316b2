"""The six steps of a safety plan, as they are asked; the answers are the student's own words (D9.9). Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    code: str
    title: str
    question: str


STEPS = (
    Step("signs", "我的预警信号", "什么时候我知道自己开始不好了？想法、心情、身体、做的事。"),
    Step("coping", "我自己能做的", "一个人的时候，做什么能让我缓下来？"),
    Step("company", "能让我分心的人和地方", "和谁在一起、去哪里，会好一点？"),
    Step("people", "我可以求助的人", "可以告诉谁？写下名字和电话。"),
    Step("professionals", "专业帮助", "心理教师、医院、热线。全国统一心理援助热线 12356，紧急时 110、120。"),
    Step("surroundings", "让身边更安全", "哪些东西先不放在身边，请谁帮忙收起来？"),
)


def missing(words: dict[str, str]) -> list[str]:
    """Titles of the steps that have no words yet."""
    return [step.title for step in STEPS if not words.get(step.code, "").strip()]
