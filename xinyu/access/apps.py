from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate


class AccessConfig(AppConfig):
    name = "xinyu.access"
    verbose_name = "权限"

    def ready(self) -> None:
        from . import checks
        from . import compile as compiled

        post_migrate.connect(
            compiled.on_post_migrate, sender=self
        )  # last in INSTALLED_APPS' order of signals: see settings
        pre_migrate.connect(compiled.on_pre_migrate, sender=self)
        register(Tags.models)(checks.every_table_declares)
        register("seals", deploy=True)(checks.database_agrees)  # Tags.database would run inside migrate itself
