from django.urls import path

from . import report_views, views

app_name = "dashboard"
urlpatterns = [
    path("", views.board, name="board"),
    path("county/<int:county_id>/", views.board_county, name="board-county"),
    path("school/<int:school_id>/", views.board_school, name="board-school"),
    path("staff/", views.staff_numbers, name="staff-counts"),
    path("screenings/<int:screening_id>/", report_views.screening_report, name="screening-report"),
    path("city/<int:city_id>/coverage.xlsx", views.board_export, name="board-export-city"),
    path("county/<int:county_id>/coverage.xlsx", views.board_export, name="board-export-county"),
    path("school/<int:school_id>/coverage.xlsx", views.board_export, name="board-export-school"),
]
