"""Members of staff as respondents: their own pages under /self/, the county's under /staff-rounds/."""

from django.urls import path

from assessments.views import staff_rounds, staff_self

urlpatterns = [
    path("self/", staff_self.self_list, name="self-list"),
    path("self/<int:round_id>/", staff_self.self_round, name="self-round"),
    path("self/<int:round_id>/<int:position>/", staff_self.self_page, name="self-page"),
    path("self/<int:round_id>/decline/", staff_self.self_decline, name="self-decline"),
    path("self/<int:round_id>/result/", staff_self.self_result, name="self-result"),
    path("self/<int:round_id>/withdraw/", staff_self.self_withdraw, name="self-withdraw"),
    path("staff-rounds/", staff_rounds.round_list, name="staff-round-list"),
    path("staff-rounds/new/", staff_rounds.round_new, name="staff-round-new"),
    path("staff-rounds/<int:round_id>/", staff_rounds.round_detail, name="staff-round"),
    path("staff-rounds/<int:round_id>/start/", staff_rounds.round_start, name="staff-round-start"),
    path("staff-rounds/<int:round_id>/end/", staff_rounds.round_end, name="staff-round-end"),
    path("staff-rounds/results/<int:part_id>/", staff_rounds.staff_result, name="staff-result"),
    path("staff-rounds/alerts/<int:alert_id>/", staff_rounds.alert_handled, name="staff-alert-handled"),
]
