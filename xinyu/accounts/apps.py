from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "xinyu.accounts"
    verbose_name = "账号与岗位"
    sweeps = ("xinyu.accounts.tasks.forget_ended_sessions",)
