from django.apps import AppConfig

from .consent_functions import CONSENT_SQL
from .door_functions import DOOR_SQL
from .frozen_sql import FROZEN_SQL
from .help_functions import HELP_SQL
from .informant_functions import INFORMANT_SQL
from .staff_functions import STAFF_SQL
from .watch_functions import WATCH_SQL


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "一生一册与测评"
    #: what a student at the door may ask the database, and what it keeps frozen; written there with the seals
    database_sql = [*DOOR_SQL, *HELP_SQL, *CONSENT_SQL, *FROZEN_SQL, *WATCH_SQL, *STAFF_SQL, *INFORMANT_SQL]
    #: opened for every student by a sweep: undoing an import deletes it with the student
    opened_with_student = ("assessments_growthfile",)
    #: what xinyu/reminders/sweeps.py runs every SWEEP_SECONDS
    sweeps = (
        "assessments.tasks.match_reports_task",
        "assessments.actions.informants.take_in_answers",
        "assessments.tasks.climb_flags_task",
        "assessments.tasks.open_growth_files_task",
        "assessments.tasks.close_overdue_sittings_task",
        "assessments.actions.refusals.heed_refusals",
        "assessments.actions.waves.follow_screenings",
    )
