"""What a level asks for, by its scheme: one page for yellow and blue, more for red and orange (D9.6)."""

from dataclasses import dataclass

from crisis.looks import level_of
from crisis.models import Case
from xinyu.ui.frame import Fact


@dataclass(frozen=True)
class Requirement:
    """`is_done` None: the platform holds no row that would tell."""

    text: str
    is_done: bool | None

    @property
    def fact(self) -> Fact:
        if self.is_done is None:
            return Fact("请按时限办理", "clock", "info")
        return Fact("已办", "circle-check", "good") if self.is_done else Fact("待办", "circle-dashed", "notice")


def _within(hours: int | None) -> str:
    return "立即" if hours == 0 else f"{hours} 小时内"


def requirements(case: Case, is_guardian_told: bool, is_plan_complete: bool) -> list[Requirement]:
    level = level_of(case.level, case.scheme)
    out = [Requirement("干预方案：每个问题有措施、负责人和期限", is_plan_complete)]
    if level.guardian_hours is not None:
        out.append(Requirement(f"{_within(level.guardian_hours)}告知监护人，登记告知记录", is_guardian_told))
    if level.depth == "full" and level.guardian_hours is None:
        out.append(Requirement("告知监护人，登记告知记录", is_guardian_told))
    if level.report_hours is not None:
        out.append(
            Requirement(
                f"{_within(level.report_hours)}向教育局口头报告，{level.written_report_hours} 小时内书面报告", None
            )
        )
    if level.refer_same_day:
        out.append(Requirement("当日建议就医并登记", None))
    out.append(Requirement(f"每 {level.follow_up_days} 天至少跟进一次", None))
    return out
