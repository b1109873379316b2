"""Interview queue, the round, interviews, concerns, climbed flags."""

from django.urls import path

from assessments.views import concerns, county_words, help, interview_forms, interviews, rounds

interview_urls = [
    path("q/", help.help_follow, name="help-follow"),
    path("q/<slug:code>/", help.help_ask, name="help-ask"),
    path("interviews/help-codes/", help.door_list, name="help-door-list"),
    path("interviews/help-codes/<int:door_id>/end/", help.door_end, name="help-door-end"),
    path("interviews/help-codes/<int:door_id>/poster/", help.door_poster, name="help-poster"),
    path("interviews/", interviews.queue, name="queue"),
    path("interviews/round/", interviews.run_list, name="queue-run-list"),
    path("interviews/round/next/", rounds.round_next, name="round-next"),
    path("interviews/round/student/<int:student_id>/", rounds.round_talk, name="round-talk"),
    path("interviews/student/<int:student_id>/take/", rounds.flags_take_over, name="flags-take-over"),
    path("interviews/student/<int:student_id>/open/", interviews.open_flags, name="flags-open"),
    path("interviews/student/<int:student_id>/new/", interviews.interview_new, name="interview-new"),
    path("interviews/<int:interview_id>/", interviews.interview_detail, name="interview-detail"),
    path("county-hotline/", county_words.county_hotline, name="county-hotline"),
    path("talk-periods/", county_words.talk_periods, name="talk-periods"),
    path("interview-forms/", interview_forms.interview_forms, name="interview-forms"),
    path("interview-forms/sheet/", interview_forms.interview_forms_sheet, name="interview-forms-sheet"),
    path("interview-forms/shipped/", interview_forms.interview_forms_shipped, name="interview-forms-shipped"),
    path("climbed/", concerns.climbed_list, name="climbed-list"),
    path("climbed/<int:flag_id>/acknowledge/", concerns.climbed_acknowledge, name="climbed-acknowledge"),
    path("concerns/", concerns.concern_list, name="concern-list"),
    path("concerns/new/", concerns.concern_tell, name="concern-tell"),
    path("concerns/student/<int:student_id>/new/", concerns.concern_new, name="concern-new"),
    path("interviews/outside/", concerns.outside_new, name="outside-new"),
    path("interviews/unnamed/", concerns.concern_unnamed, name="concern-unnamed"),
    path("concerns/<int:concern_id>/take/", concerns.concern_take, name="concern-take"),
    path("concerns/<int:concern_id>/attach/", concerns.concern_attach, name="concern-attach"),
    path("concerns/<int:concern_id>/close/", concerns.concern_close, name="concern-close"),
]
urlpatterns = interview_urls
