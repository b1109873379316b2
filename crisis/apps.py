from django.apps import AppConfig

from .staff_function import STAFF_SQL


class CrisisConfig(AppConfig):
    name = "crisis"
    verbose_name = "一人一案"
    sweeps = ("crisis.actions.cards.end_due_cards",)
    #: written with the seals (xinyu/access/compile.py)
    database_sql = STAFF_SQL
