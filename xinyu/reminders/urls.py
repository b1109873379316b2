from django.urls import path

from .views import inbox, seasons

app_name = "reminders"
urlpatterns = [
    path("seasons/", seasons.seasons, name="seasons"),
    path("seasons/<str:season>/", seasons.season, name="season"),
    path("seasons/<str:season>/<slug:obligation>/class/<int:klass_id>/", seasons.check, name="check"),
    path("seasons/<str:season>/<slug:obligation>/school/<int:school_id>/", seasons.confirm, name="confirm"),
    path("seasons/<str:season>/<slug:obligation>/county/<int:county_id>/", seasons.review, name="review"),
    path("dues/<int:due_id>/", seasons.due, name="due"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:notice_id>/", inbox.notice, name="notice"),
    path("inbox/<int:notice_id>/snooze/", inbox.snooze, name="notice-snooze"),
]
