from django.apps import AppConfig

from .staff_function import STAFF_SQL


class CrisisConfig(AppConfig):
    name = "crisis"
    verbose_name = "一人一案"
    #: written with the seals (xinyu/access/compile.py)
    database_sql = STAFF_SQL
