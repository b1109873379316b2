from django.apps import AppConfig

from .door_functions import DOOR_SQL


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "一生一册与测评"
    #: what a student at the door may ask the database; written there with the seals
    database_sql = DOOR_SQL
    #: opened for every student by a sweep: undoing an import deletes it with the student
    opened_with_student = ("assessments_growthfile",)
