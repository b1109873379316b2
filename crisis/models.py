"""一人一案: a case, the dated statements of its level, its notes, its plan, and the request to close it."""

import pghistory
from django.conf import settings
from django.db import models

from assessments.models import Interview
from xinyu.access.seal import Seal
from xinyu.students.models import AboutStudent, Student
from xinyu.students.path import InSchool, OnPath
from xinyu.vault.models import SealedField

LEADERS = "counselor principal vice_principal"


class Case(OnPath):
    """One per person and episode. `state` moves by crisis/workflow.py; `level` is the latest confirmed statement."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="cases")
    code = models.CharField("编号", max_length=24)
    state = models.CharField("状态", max_length=20, default="open")
    level = models.CharField("级别", max_length=12)
    level_until = models.DateField("级别有效至")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases", verbose_name="责任人")
    interview = models.OneToOneField(Interview, models.PROTECT, null=True, related_name="case")
    opened_at = models.DateTimeField("建档时间", auto_now_add=True)
    closed_at = models.DateTimeField("结案时间", null=True)
    version = models.PositiveIntegerField(default=1)

    seal = Seal(LEADERS, systems="triage reminders statistics reports demo", path="student")

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["school", "state"]), models.Index(fields=["student"])]
        constraints = [
            models.UniqueConstraint(fields=["school", "code"], name="case_code_once_in_school"),
            models.UniqueConstraint(
                fields=["student"], condition=models.Q(closed_at__isnull=True), name="one_open_case_per_student"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CaseHistory(pghistory.create_event_model(Case, pghistory.InsertEvent(), pghistory.UpdateEvent())):  # type: ignore[misc]
    seal = Seal(LEADERS, systems="triage reminders statistics reports demo", may="SELECT, INSERT")


class AboutCase(AboutStudent, InSchool):
    """A row of a case; student and school come from the case."""

    student = models.ForeignKey(Student, models.PROTECT, editable=False, db_default=models.Value(0), related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class LevelStatement(AboutCase):
    """A level is a dated statement by a named person with a reason and an end."""

    level = models.CharField("级别", max_length=12)
    reason = SealedField("理由")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    second_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    until_on = models.DateField("有效至")
    #: the talk that this statement answers; a talk is answered once
    interview = models.OneToOneField(Interview, models.PROTECT, null=True, related_name="level_statement")

    # a lowering is stated by whoever asked and signed by whoever decided: two hands, so no `by`
    seal = Seal(LEADERS, systems="triage reports demo", path="case", may="SELECT, INSERT")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"])]


class NoteKind(models.TextChoices):
    MOVE = "move", "状态变更"
    TALK = "talk", "谈话"
    GUARDIAN = "guardian", "监护人告知"
    HOME_VISIT = "home_visit", "家访"
    CONTACT = "contact", "帮扶联系"
    MEDICAL = "medical", "就医信息(由监护人或医疗机构提供)"
    CORRECTION = "correction", "更正"


class CaseNote(AboutCase):
    """What happened, when, by whom. Only added to; a correction is a note of its own."""

    kind = models.CharField("类别", max_length=12, choices=NoteKind)
    happened_at = models.DateTimeField("发生时间")
    body = SealedField("内容")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    # The principal reads level and plan, no notes (4-workflow D8).
    seal = Seal("counselor", author="by_id", by="by_id", systems="reports demo", path="case", may="SELECT, INSERT")

    class Meta:
        ordering = ["-happened_at", "-id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"])]


class Cause(models.TextChoices):
    BIOLOGICAL = "biological", "生理"
    PSYCHOLOGICAL = "psychological", "心理"
    SOCIAL = "social", "社会"


class PlanItem(AboutCase):
    """cause → goal → action → person → due."""

    cause = models.CharField("原因", max_length=16, choices=Cause)
    goal = SealedField("目标")
    action = SealedField("措施")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="负责人")
    due_on = models.DateField("完成期限")
    done_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    seal = Seal(LEADERS, author="person_id", systems="reminders reports demo", path="case")

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"]), models.Index(fields=["person"])]


class TwoPersonRequest(AboutCase):
    """Asked by one person, decided by another; withdrawn when `decided_at` is set without `decided_by`."""

    reason = SealedField("理由")
    #: a paper of a medical institution was on the file when the request was made (the second person reads no notes)
    has_medical_opinion = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_accepted = models.BooleanField(null=True)

    class Meta:
        abstract = True


def _two_people(name: str) -> list[models.BaseConstraint]:
    """Never the same person twice, and one request of a kind at a time."""
    return [
        models.CheckConstraint(
            condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("by")),
            name=f"{name}_decided_by_another",
        ),
        models.UniqueConstraint(
            fields=["case"], condition=models.Q(decided_at__isnull=True), name=f"one_{name}_under_way"
        ),
    ]


class ClosingKind(models.TextChoices):
    CLOSED = "closed", "结案"
    UNCONFIRMED = "unconfirmed", "未证实"


class ClosingRequest(TwoPersonRequest):
    kind = models.CharField(max_length=12, choices=ClosingKind)

    seal = Seal(f"{LEADERS} moral_head", by="by_id", systems="reminders reports demo", path="case")

    class Meta:
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"])]
        constraints = _two_people("closing")


class LoweringRequest(TwoPersonRequest):
    """A lower level as a 研判会 decided it (4-workflow D9.8); with the second signature it becomes a statement."""

    level = models.CharField("拟降至", max_length=12)
    until_on = models.DateField("有效至")
    team_met_on = models.DateField("研判会日期")

    seal = Seal(LEADERS, by="by_id", systems="reminders reports demo", path="case")

    class Meta:
        indexes = [models.Index(fields=["school"]), models.Index(fields=["case"])]
        constraints = _two_people("lowering")
