from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "xinyu.organisations"
    verbose_name = "学校与日历"
