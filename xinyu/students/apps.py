from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class StudentsConfig(AppConfig):
    name = "xinyu.students"
    verbose_name = "学生"
    #: run by the sweep: an uploaded roster does not lie about because somebody closed the window
    sweeps = ("xinyu.students.tasks.drop_expired_drafts",)

    def ready(self) -> None:
        from .attention_groups import ensure_reference_data

        post_migrate.connect(ensure_reference_data, sender=self)

    @property
    def database_sql(self) -> list[str]:
        """Functions compiled with the seals: ids for an import, its undo, and who sees a student."""
        from .enrol_sql import IDS_FUNCTION
        from .said_elsewhere import SAID_SQL
        from .sight import SIGHT_SQL
        from .undo import undo_function

        names = [table for config in apps.get_app_configs() for table in getattr(config, "opened_with_student", ())]
        return [*undo_function(tuple(sorted(names))), *SIGHT_SQL, *IDS_FUNCTION, *SAID_SQL]
