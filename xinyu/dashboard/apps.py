from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "xinyu.dashboard"
    verbose_name = "数据看板"
    #: run by xinyu/reminders/sweeps.py too, so that the boards go on when Redis is gone
    sweeps = ("xinyu.dashboard.tasks.count_coverage",)
