"""The roster: students, the key of each one's sealed values, guardians, key-attention groups, decisions, imports."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from xinyu.access.seal import Open, Seal
from xinyu.vault.fields import Wrapped
from xinyu.vault.models import KeyRow, SealedField, SealedRow

from .path import Beside, InSchool, OnPath

SCHOOL_EYES = "counselor principal vice_principal moral_head grade_head homeroom"


class Sex(models.TextChoices):
    MALE = "M", "男"
    FEMALE = "F", "女"
    UNKNOWN = "", "未填"


class Student(SealedRow):
    """One enrolled (or once enrolled) student. `number` is the school's own 学号."""

    # Indexes that begin with school or klass stand below.
    school = models.ForeignKey(
        "organisations.School",
        models.PROTECT,
        editable=False,
        db_default=models.Value(0),
        db_index=False,
        related_name="students",
    )
    grade = models.ForeignKey(
        "organisations.Grade", models.PROTECT, editable=False, db_default=models.Value(0), related_name="students"
    )
    klass = models.ForeignKey(
        "organisations.Klass", models.PROTECT, verbose_name="班级", db_index=False, related_name="students"
    )
    number = models.CharField("学号", max_length=32)
    name = models.CharField("姓名", max_length=60)
    pinyin = models.CharField(max_length=160, editable=False, default="")
    initials = models.CharField(max_length=40, editable=False, default="")
    sex = models.CharField("性别", max_length=1, choices=Sex, blank=True, default="")
    birth_on = models.DateField("出生日期", null=True, blank=True)
    is_boarding = models.BooleanField("住校", default=False)
    enrolled_on = models.DateField("入学日期", null=True, blank=True)
    left_on = models.DateField("离校日期", null=True, blank=True)
    id_number = SealedField("身份证号")
    id_index = models.BinaryField(max_length=16, null=True, editable=False)
    national_number = SealedField("学籍号")
    national_index = models.BinaryField(max_length=16, null=True, editable=False)

    seal = Seal(SCHOOL_EYES, card="id", systems="triage statistics reminders reports demo", path="klass", moves=True)

    class Meta:
        # Never a global sort or search index: with row security the planner would walk it and filter.
        indexes = [
            models.Index(fields=["klass", "number"]),
            models.Index(fields=["school", "pinyin"]),
            models.Index(fields=["school", "initials"]),
            models.Index(fields=["school", "name"]),
            models.Index(fields=["school", "id_index"]),
        ]
        constraints = [models.UniqueConstraint(fields=["school", "number"], name="student_number_once_in_school")]

    def vault_owner(self) -> tuple[str, Wrapped]:
        return owner_of(self.pk), self.key.wrapped

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Student {self.pk}>"  # stands in tracebacks, and they are logged


def owner_of(student_id: int) -> str:
    """The name under which a student's data key is wrapped."""
    return f"student:{student_id}"


class StudentKey(KeyRow, Beside):
    """The wrapped data key of one student. Whoever sees the student may use it; useless without the platform's key."""

    student = models.OneToOneField(Student, models.PROTECT, related_name="key")

    seal = Seal(SCHOOL_EYES, card="student_id", systems="triage reminders reports demo", path="student", bulk=True)


class AboutStudent(SealedRow):
    """A row with sealed texts about one student: they are sealed under the student's key."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True

    def vault_owner(self) -> tuple[str, Wrapped]:
        return owner_of(self.student_id), StudentKey.objects.only("wrapped").get(student_id=self.student_id).wrapped


class Guardian(AboutStudent, Beside):
    name = models.CharField("姓名", max_length=60)
    relation = models.CharField("关系", max_length=30)
    phone = SealedField("电话")
    phone_index = models.BinaryField(max_length=16, null=True, editable=False)
    order = models.PositiveSmallIntegerField(default=1)

    seal = Seal(
        "counselor homeroom vice_principal principal", systems="reminders reports demo", path="student", bulk=True
    )

    class Meta:
        ordering = ["student_id", "order"]
        indexes = [
            models.Index(fields=["school", "phone_index"]),
            models.Index(fields=["klass"]),
        ]


class AttentionGroup(models.Model):
    """A kind of key attention (留守, 单亲, 丧亲 …). Being in one is a reason for care, never a level (未保法 §29)."""

    code = models.CharField(max_length=30, unique=True)
    label = models.CharField("名称", max_length=30)
    source = models.CharField("来源", max_length=120)
    order = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    seal = Open("names of groups, no student in them")

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.label


class Attention(OnPath):
    """A student belongs to a key-attention group from … to …; reviewed every term."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="attentions")
    group = models.ForeignKey(AttentionGroup, models.PROTECT)
    from_on = models.DateField("自")
    to_on = models.DateField("至", null=True, blank=True)
    source = models.CharField("来源", max_length=60)
    reviewed_on = models.DateField("最近复核", null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    seal = Seal("counselor homeroom principal", by="recorded_by_id", systems="reminders reports demo", path="student")

    class Meta:
        indexes = [
            models.Index(fields=["school", "group"]),
            models.Index(fields=["klass"]),
            models.Index(fields=["student"]),
        ]


class Purpose(models.TextChoices):
    """What a guardian (and from 14 the student) decides about, each on its own (个人信息保护法 §29)."""

    SCREENING = "screening", "心理测评"
    COUNSELING = "counseling", "个别辅导记录"
    REFERRAL = "referral", "向医院转介"
    TRANSFER = "transfer", "随学籍转移档案摘要"


class Decision(models.TextChoices):
    GIVEN = "given", "同意"
    REFUSED = "refused", "不同意"
    WITHDRAWN = "withdrawn", "撤回同意"


class Channel(models.TextChoices):
    PAPER = "paper", "纸质，教师录入"
    PHONE = "phone", "电话"
    CODE = "code", "手机验证码"
    SLIP = "slip", "当面发放的回执"


class GuardianNotice(models.Model):
    """A text that a school shows to guardians before they decide. Never changed: another text is another version."""

    school = models.ForeignKey("organisations.School", models.PROTECT, related_name="guardian_notices")
    version = models.CharField("版本", max_length=40, unique=True)
    title = models.CharField("标题", max_length=60)
    text = models.TextField("告知书")
    #: what the questionnaire asks about, one line each, for parents to read beforehand
    topics = models.JSONField("主题清单", default=list)
    digest = models.CharField("SHA-256 of text and topics", max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    seal = Open("a text shown to every guardian; no student in it", may="SELECT, INSERT", keyed=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["school", "-at"])]

    def __str__(self) -> str:
        return f"{self.title}（{self.version}）"


class GuardianDecision(InSchool):
    """One decision of one guardian (guardian NULL: of the student) for one purpose. Only added to, never changed."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="decisions")
    guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, blank=True, related_name="decisions")
    purpose = models.CharField("事项", max_length=20, choices=Purpose)
    decision = models.CharField("决定", max_length=10, choices=Decision)
    channel = models.CharField("方式", max_length=10, choices=Channel)
    is_verified = models.BooleanField("已核实身份", default=False)
    notice_version = models.CharField("告知书版本", max_length=40)
    notice_hash = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField("决定时间")
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    #: by telephone: who listened and has to say so herself, and the row that her own one confirms
    witness = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirms = models.OneToOneField("self", models.PROTECT, null=True, editable=False, related_name="confirmed_by")

    seal = Seal(
        "counselor principal",
        author="recorded_by_id",
        reader="witness_id",
        by="recorded_by_id",
        systems="reminders reports demo",
        path="student",
        may="SELECT, INSERT",
    )

    class Meta:
        ordering = ["student_id", "purpose", "decided_at", "id"]
        indexes = [models.Index(fields=["school", "purpose"]), models.Index(fields=["student", "purpose"])]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(witness=models.F("recorded_by")), name="decision_heard_by_somebody_else"
            )
        ]


class ContactHold(OnPath):
    """Nothing goes to this guardian (None: to none of them) for now: no summary, notice, question or look at the file.

    Why is told where it was decided, never here: whoever phones home reads only to ask the counselor first.
    """

    student = models.ForeignKey(Student, models.PROTECT, related_name="contact_holds")
    guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, related_name="contact_holds")
    from_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    # everybody who might phone home reads it; only whoever answers for protection sets or ends it, and it ends once
    seal = Seal(
        SCHOOL_EYES,
        by="by_id",
        writes="counselor vice_principal principal",
        fixed="guardian_id from_at by_id",
        once="ended_at",
        systems="triage reminders reports demo",
        path="student",
    )

    class Meta:
        indexes = [models.Index(fields=["school"]), models.Index(fields=["klass"]), models.Index(fields=["student"])]


class RosterImport(models.Model):
    """One committed import: what it made and changed, so that it can be undone while nothing has followed."""

    school = models.ForeignKey("organisations.School", models.PROTECT, related_name="roster_imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=120)
    file_digest = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    #: students that this import made; the database deletes them on undo while nothing else refers to them
    new_ids = ArrayField(models.BigIntegerField(), default=list)
    #: old values of changed students and guardians; sealed because names are in it
    undo = models.BinaryField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    seal = Seal("counselor principal", systems="demo")

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["school", "-at"])]


class RosterDraft(SealedRow):
    """An uploaded roster between preview and commit: sealed, one person's own, gone after an hour or once used."""

    school = models.ForeignKey("organisations.School", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=120)
    creates_klasses = models.BooleanField(default=False)
    content = SealedField("文件")
    expires_at = models.DateTimeField()

    seal = Seal(author="by_id", systems="demo housekeeping", may="SELECT, INSERT, UPDATE, DELETE")

    class Meta:
        indexes = [models.Index(fields=["by", "expires_at"])]


class TypedDraft(AboutStudent, InSchool):
    """Words of a form that nobody has sent yet: one person's own, sealed under the student's key (typing.py)."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    path = models.CharField("address of the form", max_length=200)
    words = SealedField("内容")
    saved_at = models.DateTimeField()

    seal = Seal(author="by_id", systems="demo housekeeping", path="student", may="SELECT, INSERT, UPDATE, DELETE")

    class Meta:
        indexes = [models.Index(fields=["saved_at"])]
        constraints = [models.UniqueConstraint(fields=["by", "path", "student"], name="typed_draft_once")]


class StudentEvent(  # type: ignore[misc]
    pghistory.create_event_model(  # type: ignore[misc]
        Student,
        pghistory.UpdateEvent(),
        fields=["school", "grade", "klass", "number", "name", "sex", "birth_on", "left_on"],
    )
):
    """Old and new typed values of a student's row, written by triggers."""

    seal = Seal("counselor principal", systems="demo", may="SELECT, INSERT")
