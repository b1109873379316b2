"""City → county → school → grade → class, terms, and the days that differ from the ordinary calendar."""

from datetime import date

from django.db import models

from xinyu.access.seal import Open

from .choices import FIRST_GRADE, GRADE_NAMES, DayKind, Locality, Ownership, SchoolKind, Stage

PLACES = Open("names of places and facts that a school publishes about itself", keyed=True)


class City(models.Model):
    name = models.CharField("名称", max_length=40, unique=True)

    seal = PLACES

    def __str__(self) -> str:
        return self.name


class County(models.Model):
    city = models.ForeignKey(City, models.PROTECT, related_name="counties")
    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=40)
    #: school fact settings of the bureau: whether 镇区 counts as rural, hotline number, season settings (dated data)
    settings = models.JSONField("本区设定", default=dict, blank=True)

    seal = PLACES

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    county = models.ForeignKey(County, models.PROTECT, related_name="schools")
    #: the county's city, kept here so that rows of a school can be filled with their whole path in one step
    city = models.ForeignKey(City, models.PROTECT, related_name="schools", editable=False)
    code = models.CharField("学校标识码", max_length=20, unique=True)
    name = models.CharField("学校名称", max_length=60)
    kind = models.CharField("办学类型", max_length=12, choices=SchoolKind)
    locality = models.CharField("城乡类型", max_length=8, choices=Locality)
    ownership = models.CharField("办学性质", max_length=8, choices=Ownership, default=Ownership.PUBLIC)
    is_demonstration = models.BooleanField("示范性学校", default=False)
    enrolment = models.PositiveIntegerField("在校生数", default=0)
    is_boarding = models.BooleanField("寄宿制", default=False)

    seal = PLACES

    class Meta:
        ordering = ["county_id", "code"]

    def __str__(self) -> str:
        return self.name


class Grade(models.Model):
    """A year group, named by the year it entered; its everyday name (初一 …) follows from the school year."""

    school = models.ForeignKey(School, models.PROTECT, related_name="grades")
    stage = models.CharField("学段", max_length=12, choices=Stage)
    entry_year = models.PositiveSmallIntegerField("入学年份")

    seal = PLACES

    class Meta:
        ordering = ["school_id", "stage", "-entry_year"]
        constraints = [models.UniqueConstraint(fields=["school", "stage", "entry_year"], name="grade_once")]

    def year_of_study(self, on: date) -> int:
        """1 for the first year; larger than the stage has years once the grade has left."""
        return (on.year if on.month >= 9 else on.year - 1) - self.entry_year + 1

    def name_on(self, on: date) -> str:
        """'初二' on a day, '初中2021级' before entry and after leaving."""
        names, year = GRADE_NAMES[self.stage], self.year_of_study(on)
        return names[year - 1] if 1 <= year <= len(names) else f"{self.get_stage_display()}{self.entry_year}级"

    def number_on(self, on: date) -> int:
        """1–12 counted through the stages, as scales and norms count grades."""
        return FIRST_GRADE[self.stage] + self.year_of_study(on) - 1

    def is_leaving(self, on: date) -> bool:
        return self.year_of_study(on) == len(GRADE_NAMES[self.stage])

    def __str__(self) -> str:
        return f"{self.get_stage_display()}{self.entry_year}级"


class Klass(models.Model):
    school = models.ForeignKey(School, models.PROTECT, related_name="klasses", editable=False)
    grade = models.ForeignKey(Grade, models.PROTECT, related_name="klasses")
    name = models.CharField("班级", max_length=20)

    seal = PLACES

    class Meta:
        ordering = ["school_id", "grade_id", "id"]
        constraints = [models.UniqueConstraint(fields=["grade", "name"], name="klass_once")]

    def name_on(self, on: date) -> str:
        return f"{self.grade.name_on(on)}{self.name}"

    def __str__(self) -> str:
        return f"{self.grade}{self.name}"


class Term(models.Model):
    """A term of a county's schools; code as 2026-2027-1."""

    county = models.ForeignKey(County, models.PROTECT, related_name="terms")
    code = models.CharField("学期", max_length=12)
    starts_on = models.DateField("开学")
    ends_on = models.DateField("放假")

    seal = PLACES

    class Meta:
        ordering = ["county_id", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="term_once"),
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="term_forwards"),
        ]


class CalendarDay(models.Model):
    """A day that differs from the ordinary calendar: a swap day with students on site, an extra day off, an exam."""

    county = models.ForeignKey(County, models.PROTECT, related_name="days")
    on = models.DateField("日期")
    kind = models.CharField("安排", max_length=8, choices=DayKind)
    note = models.CharField("说明", max_length=60, blank=True)

    seal = PLACES

    class Meta:
        ordering = ["county_id", "on"]
        constraints = [models.UniqueConstraint(fields=["county", "on"], name="calendar_day_once")]


class ExamPeriod(models.Model):
    """Dates of 期中, 期末, 中考, 高考 where the county knows them; otherwise the calendar estimates."""

    county = models.ForeignKey(County, models.PROTECT, related_name="exams")
    code = models.CharField("考试", max_length=20)
    stage = models.CharField("学段", max_length=12, choices=Stage, blank=True)
    starts_on = models.DateField("开始")
    ends_on = models.DateField("结束")

    seal = PLACES

    class Meta:
        ordering = ["county_id", "starts_on"]
