from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "xinyu.reports"
    verbose_name = "报告"
