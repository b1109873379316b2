from django.apps import AppConfig

from .chain_function import CHAIN_SQL
from .move_function import MOVE_SQL
from .note_function import NOTE_SQL
from .staff_function import STAFF_SQL


class CrisisConfig(AppConfig):
    name = "crisis"
    verbose_name = "一人一案"
    #: what xinyu/reminders/sweeps.py runs every 30 seconds
    sweeps = ("crisis.tasks.climb_chains_task", "crisis.actions.cards.end_due_cards")
    signed_contents = {"minutes": "crisis.queries.conferences.minutes_words"}
    #: written with the seals (xinyu/access/compile.py)
    database_sql = [*STAFF_SQL, *CHAIN_SQL, *NOTE_SQL, *MOVE_SQL]
