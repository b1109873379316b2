from django.urls import path

from . import views

app_name = "rooms"
urlpatterns = [
    path("rules/", views.room_rules, name="rules"),
    path("", views.room_list, name="list"),
    path("schools/<int:school_id>/", views.school_rooms, name="school"),
    path("schools/<int:school_id>/new/", views.room_new, name="room-new"),
    path("<int:room_id>/", views.room_edit, name="room-edit"),
]
