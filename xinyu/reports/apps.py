from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "xinyu.reports"
    verbose_name = "报告"
    #: run by the sweep, so that a report is rendered though its doorbell was not heard
    sweeps = ("xinyu.reports.tasks.render_waiting", "xinyu.reports.tasks.expire_reports")
