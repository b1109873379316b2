from django.urls import path, re_path

from . import views

app_name = "dashboard"
urlpatterns = [
    path("", views.board, name="board"),
    path("county/<int:county_id>/", views.board_county, name="board-county"),
    path("school/<int:school_id>/", views.board_school, name="board-school"),
    re_path(
        r"^(?P<level>city|county|school)/(?P<place_id>\d+)/coverage\.xlsx$", views.board_export, name="board-export"
    ),
]
