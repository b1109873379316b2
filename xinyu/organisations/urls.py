from datetime import date

from django.urls import path, register_converter

from . import views


class DayConverter:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


register_converter(DayConverter, "day")

app_name = "organisations"
urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<int:county_id>/<slug:what>/", views.calendar_edit, name="calendar-edit"),
    path("calendar/<int:county_id>/days/<day:on>/remove/", views.day_remove, name="day-remove"),
    path("calendar/<int:county_id>/years/<int:year>/confirm/", views.year_confirm, name="year-confirm"),
    path("schools/", views.school_list, name="school-list"),
]
