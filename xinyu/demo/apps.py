from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "xinyu.demo"
    verbose_name = "演示数据"
