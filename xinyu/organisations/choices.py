"""Facts about the kinds of schools and places."""

from django.db import models


class Stage(models.TextChoices):
    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "高中"
    VOCATIONAL = "vocational", "中职"


class SchoolKind(models.TextChoices):
    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初级中学"
    SENIOR = "senior", "高级中学"
    COMPLETE = "complete", "完全中学"
    NINE_YEAR = "nine_year", "九年一贯制学校"
    TWELVE_YEAR = "twelve_year", "十二年一贯制学校"
    VOCATIONAL = "vocational", "中等职业学校"
    SPECIAL = "special", "特殊教育学校"


class Locality(models.TextChoices):
    RURAL = "rural", "乡村"
    TOWN = "town", "镇区"
    URBAN = "urban", "城区"


class Ownership(models.TextChoices):
    PUBLIC = "public", "公办"
    PRIVATE = "private", "民办"


class DayKind(models.TextChoices):
    OFF = "off", "放假"
    ON_SITE = "on_site", "学生在校"


#: years of a stage, and the name of its n-th year (6-3-3; vocational by year)
GRADE_NAMES: dict[str, tuple[str, ...]] = {
    Stage.PRIMARY: ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级"),
    Stage.JUNIOR: ("初一", "初二", "初三"),
    Stage.SENIOR: ("高一", "高二", "高三"),
    Stage.VOCATIONAL: ("中职一年级", "中职二年级", "中职三年级"),
}
#: first grade number of a stage counted through the years (小学 1–6, 初中 7–9, 高中 10–12)
FIRST_GRADE: dict[str, int] = {Stage.PRIMARY: 1, Stage.JUNIOR: 7, Stage.SENIOR: 10, Stage.VOCATIONAL: 10}

STAGES_OF_KIND: dict[str, tuple[str, ...]] = {
    SchoolKind.PRIMARY: (Stage.PRIMARY,),
    SchoolKind.JUNIOR: (Stage.JUNIOR,),
    SchoolKind.SENIOR: (Stage.SENIOR,),
    SchoolKind.COMPLETE: (Stage.JUNIOR, Stage.SENIOR),
    SchoolKind.NINE_YEAR: (Stage.PRIMARY, Stage.JUNIOR),
    SchoolKind.TWELVE_YEAR: (Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR),
    SchoolKind.VOCATIONAL: (Stage.VOCATIONAL,),
    SchoolKind.SPECIAL: (Stage.PRIMARY, Stage.JUNIOR),
}
