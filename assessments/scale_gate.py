"""May this scale be used for these grades here? Pure; the answer is Chinese sentences for the counselor."""

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.scoring import Definition

STAGE_NAMES = {"primary": "小学", "junior": "初中", "senior": "高中", "vocational": "中职"}
ROLE_NAMES = {"self": "学生本人", "parent": "家长", "teacher": "教师", "interviewer": "访谈者"}
#: no self-report in the first three grades of primary school (3-scales C3); one enters grade 4 at 9
YOUNGEST_SELF_REPORT = 9
TEXT_STATUS_NAMES = {"project_wording": "平台自拟文本", "official": "官方中文版", "none": "只有计分键，没有题目文本"}


@dataclass(frozen=True, order=True)
class Asked:
    """A grade that is to be asked: its stage and the age (completed years) at which one enters it."""

    stage: str
    age: int
    name: str


def reasons_against(definition: Definition, asked: Iterable[Asked], *, is_approved: bool) -> tuple[str, ...]:
    """Why the scale must not be opened, () when it may. Rules: 3-scales C0.7 and C0.8."""
    grades = sorted(set(asked))
    name, out = definition.title_zh, []
    if definition.text_status == "none":
        out.append(f"“{name}”没有题目文本，不能在平台上作答；请先录入学校有权使用的文本。")
    if definition.text_status == "project_wording" and not is_approved:
        out.append(
            f"“{name}”用的是平台自拟文本，还没有经过县区核对。请县区教育局专干在“量表库”中与官方中文版比对并批准后再开始。"
        )
    if definition.text_status == "official" and not is_approved:
        out.append(f"“{name}”的文本是录入的，还没有经过县区核对。请县区教育局专干在“量表库”中核对并批准后再开始。")
    if "self" not in definition.roles:
        out.append(f"“{name}”由家长或教师填写，不能作为学生自评。")
    youngest = [grade.name for grade in grades if grade.stage == "primary" and grade.age < YOUNGEST_SELF_REPORT]
    if youngest:
        out.append(f"{'、'.join(youngest)}不做学生自评，可由教师和家长观察填写。")
    unsuited = [grade for grade in grades if not definition.suits(stage=grade.stage, age=grade.age)]
    if unsuited:
        out.append(f"“{name}”不适用于{'、'.join(grade.name for grade in unsuited)}（{whom(definition)}）。")
    elif definition.critical and not is_approved and any(grade.stage == "primary" for grade in grades):
        out.append(f"“{name}”含有自伤或轻生条目，未经县区批准不得用于小学。")
    return tuple(out)


def whom(definition: Definition) -> str:
    """ "初中、高中，12 岁及以上"."""
    low, high = definition.ages
    ages = f"{low}—{high} 岁" if high is not None else f"{low} 岁及以上"
    return f"{'、'.join(STAGE_NAMES[stage] for stage in definition.stages)}，{ages}"
