from django.apps import AppConfig
from django.forms import Field


class UiConfig(AppConfig):
    """How things look: base template, components, icons, the form renderer and the calm error pages."""

    name = "xinyu.ui"
    label = "ui"
    verbose_name = "界面"

    def ready(self) -> None:
        # Django says 该字段是必填项, a word of programmers; every form of the platform says what to do
        Field.default_error_messages["required"] = "必填，请填写或选择。"
