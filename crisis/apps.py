from django.apps import AppConfig

from .note_function import NOTE_SQL
from .staff_function import STAFF_SQL


class CrisisConfig(AppConfig):
    name = "crisis"
    verbose_name = "一人一案"
    sweeps = ("crisis.actions.cards.end_due_cards",)
    signed_contents = {"minutes": "crisis.queries.conferences.minutes_words"}
    #: written with the seals (xinyu/access/compile.py)
    database_sql = (*STAFF_SQL, *NOTE_SQL)
