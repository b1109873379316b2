from django.apps import AppConfig

from .chain_function import CHAIN_SQL
from .duty_function import DUTY_SQL
from .expert_function import EXPERT_SQL
from .held_function import HELD_SQL
from .ledger_function import LEDGER_SQL
from .move_function import MOVE_SQL
from .note_function import NOTE_SQL
from .pair_function import PAIR_SQL
from .ring_function import RING_SQL
from .staff_function import STAFF_SQL


class CrisisConfig(AppConfig):
    name = "crisis"
    verbose_name = "一人一案"
    #: what xinyu/reminders/sweeps.py runs every SWEEP_SECONDS
    sweeps = (
        "crisis.tasks.chase_acute_talks_task",
        "crisis.tasks.climb_chains_task",
        "crisis.actions.cards.end_due_cards",
        "crisis.actions.home_question.ask_about_new_concerns",
        "crisis.actions.pairs.end_due_pairs",
    )
    signed_contents = {
        "minutes": "crisis.queries.conferences.minutes_words",
        "lowering": "crisis.signed.lowering_words",
        "closing": "crisis.signed.closing_words",
        "handover": "crisis.queries.signed.handover_words",
        "handover_receipt": "crisis.queries.signed.handover_words",
        "timeline": "crisis.queries.timeline.timeline_words",
    }
    #: written with the seals (xinyu/access/compile.py)
    database_sql = [
        *STAFF_SQL,
        *CHAIN_SQL,
        *NOTE_SQL,
        *EXPERT_SQL,
        *DUTY_SQL,
        *LEDGER_SQL,
        *PAIR_SQL,
        *RING_SQL,
        *HELD_SQL,
        *MOVE_SQL,
    ]
