from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "xinyu.reminders"
    verbose_name = "时节与提醒"
