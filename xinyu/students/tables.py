"""The list of students and of imports."""

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone

from .models import RosterImport, Student


class StudentTable(tables.Table):
    name = tables.Column(verbose_name="姓名", linkify=lambda record: reverse("students:detail", args=[record.pk]))
    number = tables.Column(verbose_name="学号", attrs={"td": {"class": "tabular"}})
    klass = tables.Column(verbose_name="班级", orderable=False)
    sex = tables.Column(verbose_name="性别", orderable=False)
    left_on = tables.DateColumn(verbose_name="离校", format="Y年n月j日", default="")

    class Meta:
        model = Student
        fields = ("name", "number", "klass", "sex", "left_on")
        order_by = ("number",)
        empty_text = "没有符合条件的学生"
        attrs = {"caption": ""}

    def render_klass(self, record):
        return record.klass.name_on(timezone.localdate())

    def render_sex(self, record):
        return record.get_sex_display()


class ImportTable(tables.Table):
    at = tables.DateTimeColumn(
        verbose_name="时间",
        format="Y年n月j日 H:i",
        linkify=lambda record: reverse("students:roster-result", args=[record.pk]),
    )
    file_name = tables.Column(verbose_name="文件", orderable=False)
    by = tables.Column(verbose_name="导入人", orderable=False)
    new = tables.Column(verbose_name="新增", accessor="counts__new", orderable=False)
    changed = tables.Column(verbose_name="更新", accessor="counts__changed", orderable=False)
    moved = tables.Column(verbose_name="转班", accessor="counts__moved", orderable=False)
    undone_at = tables.DateTimeColumn(verbose_name="撤销", format="Y年n月j日 H:i", default="", orderable=False)

    class Meta:
        model = RosterImport
        fields = ("at", "file_name", "by", "new", "changed", "moved", "undone_at")
        order_by = ("-at",)
        empty_text = "还没有导入过名册"
