from django.apps import AppConfig

from .duty_functions import DUTY_SQL
from .post_function import POST_SQL


class RemindersConfig(AppConfig):
    name = "xinyu.reminders"
    verbose_name = "时节与提醒"
    #: after the sweeps of the apps below, so that what they moved rings at once
    sweeps = (
        "xinyu.reminders.actions.handing_on.hand_on_duties",
        "xinyu.reminders.actions.sweeping.sweep_causes",
        "xinyu.reminders.actions.sweeping.sweep_dues",
        "xinyu.reminders.tasks.deliver",
        "xinyu.reminders.delivery.consent_texts.send_consent_links",
    )
    #: written with the seals (xinyu/access/compile.py)
    database_sql = [*DUTY_SQL, *POST_SQL]
    signed_contents = {"season_report": "xinyu.reminders.signed.report_words"}
