from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "xinyu.vault"
    verbose_name = "保险库"
