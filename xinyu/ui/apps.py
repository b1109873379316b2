from django.apps import AppConfig


class UiConfig(AppConfig):
    """How things look: base template, components, icons, the form renderer and the calm error pages."""

    name = "xinyu.ui"
    label = "ui"
    verbose_name = "界面"
