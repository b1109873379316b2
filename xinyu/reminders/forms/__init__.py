"""Forms of seasonal work: the answers, and what a county decides."""

from xinyu.reminders.forms.answers import ActivityForm, CheckForm, HoursForm, RecordForm, SnoozeForm
from xinyu.reminders.forms.rules import HabitsForm, SeasonForm, SwitchForm

__all__ = [
    "ActivityForm",
    "CheckForm",
    "HabitsForm",
    "HoursForm",
    "RecordForm",
    "SeasonForm",
    "SnoozeForm",
    "SwitchForm",
]
