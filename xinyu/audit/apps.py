from django.apps import AppConfig

from .chain import CHAIN_SQL


class AuditConfig(AppConfig):
    name = "xinyu.audit"
    verbose_name = "审计"
    database_sql = CHAIN_SQL

    def ready(self) -> None:
        from . import signals  # noqa: F401 - log-ins are told by Django's own signals
