from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "xinyu.reminders"
    verbose_name = "时节与提醒"
    #: after the sweeps of the apps below, so that what they moved rings at once
    sweeps = (
        "xinyu.reminders.actions.sweeping.sweep_causes",
        "xinyu.reminders.actions.sweeping.sweep_dues",
        "xinyu.reminders.tasks.deliver",
    )
    signed_contents = {"season_report": "xinyu.reminders.signed.report_words"}
