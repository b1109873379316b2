from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "xinyu.dashboard"
    verbose_name = "数据看板"
