from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "xinyu.audit"
    verbose_name = "审计"

    def ready(self) -> None:
        from . import signals  # noqa: F401 - log-ins are told by Django's own signals
