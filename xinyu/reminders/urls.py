from django.urls import path

from .delivery import views as delivery
from .views import inbox, plan, rules, seasons

app_name = "reminders"
urlpatterns = [
    path("seasons/", seasons.seasons, name="seasons"),
    path("seasons/agenda/", plan.agenda, name="agenda"),
    path("seasons/plan/", plan.plan, name="plan"),
    path("seasons/rules/", rules.rules, name="rules"),
    path("seasons/rules/<int:county_id>/season/", rules.season_edit, name="season-add"),
    path("seasons/rules/<int:county_id>/season/<slug:code>/", rules.season_edit, name="season-edit"),
    path("seasons/rules/<int:county_id>/season/<slug:code>/<slug:way>/", rules.season_switch, name="season-switch"),
    path("seasons/rules/<int:county_id>/habits/", rules.habits, name="habits"),
    path("seasons/<str:season>/", seasons.season, name="season"),
    path("seasons/<str:season>/<slug:obligation>/class/<int:klass_id>/", seasons.check, name="check"),
    path("seasons/<str:season>/<slug:obligation>/school/<int:school_id>/", seasons.confirm, name="confirm"),
    path("seasons/<str:season>/<slug:obligation>/county/<int:county_id>/", seasons.review, name="review"),
    path("dues/<int:due_id>/", seasons.due, name="due"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:notice_id>/", inbox.notice, name="notice"),
    path("inbox/<int:notice_id>/snooze/", inbox.snooze, name="notice-snooze"),
    path("notices/settings/", delivery.settings, name="delivery-settings"),
    path("notices/settings/probe/<int:channel_id>/", delivery.probe, name="channel-probe"),
    path("notices/settings/absence/", delivery.add_absence, name="absence-add"),
    path("notices/settings/absence/<int:absence_id>/end/", delivery.end_absence, name="absence-end"),
    path("notices/settings/feed/", delivery.new_feed, name="feed-new"),
    path("notices/settings/feed/revoke/", delivery.revoke_feed, name="feed-revoke"),
    path("notices/log/", delivery.log, name="delivery-log"),
    path("notices/faults/", delivery.faults, name="fault-list"),
    path("notices/faults/group/<int:school_id>/", delivery.group, name="group-edit"),
    path("feed/<slug:token>.ics", delivery.feed, name="feed"),
]
