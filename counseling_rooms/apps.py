from django.apps import AppConfig


class CounselingRoomsConfig(AppConfig):
    name = "counseling_rooms"
    verbose_name = "心理辅导室"
