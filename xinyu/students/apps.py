from django.apps import AppConfig


class StudentsConfig(AppConfig):
    name = "xinyu.students"
    verbose_name = "学生"
