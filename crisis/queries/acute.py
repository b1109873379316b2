"""Acute talks that somebody is asked to see to."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from crisis.models import AcuteCall
from xinyu.ui.frame import Fact


def open_calls(user_id: int) -> QuerySet[AcuteCall]:
    """What the person has been asked, the longest wait first."""
    return AcuteCall.objects.filter(person_id=user_id, ended_at=None).order_by("held_at", "pk")


@dataclass(frozen=True)
class CallLine:
    call: AcuteCall
    now: datetime

    @property
    def student(self):
        return self.call.student

    @property
    def klass_name(self) -> str:
        return self.student.klass.name_on(timezone.localdate(self.now))

    @property
    def is_own(self) -> bool:
        """A counselor confirms the level; a leader makes sure that somebody does."""
        return self.call.rung in ("talker", "deputy")

    @property
    def text(self) -> str:
        if self.is_own:
            return "访谈中的情况属于紧急，还没有人确认级别。请确认有人陪着学生，现在就定级。"
        return "一次访谈中的情况属于紧急，心理教师还没有确认级别。请确认有人陪着学生，并联系心理教师定级。"

    @property
    def fact(self) -> Fact:
        if self.call.seen_at is not None:
            return Fact("已知悉，仍待定级", "progress-check", "notice")
        return Fact("待定级", "alert-circle", "urgent")


def call_lines(user_id: int, now: datetime) -> list[CallLine]:
    rows = open_calls(user_id).select_related("student__klass__grade")
    return [CallLine(call, now) for call in rows]
