"""Interview queue, interviews, concerns, climbed flags."""

from django.urls import path

from assessments.views import concerns, interviews

interview_urls = [
    path("interviews/", interviews.queue, name="queue"),
    path("interviews/round/", interviews.run_list, name="queue-run-list"),
    path("interviews/student/<int:student_id>/open/", interviews.open_flags, name="flags-open"),
    path("interviews/student/<int:student_id>/new/", interviews.interview_new, name="interview-new"),
    path("interviews/<int:interview_id>/", interviews.interview_detail, name="interview-detail"),
    path("climbed/", concerns.climbed_list, name="climbed-list"),
    path("climbed/<int:flag_id>/acknowledge/", concerns.climbed_acknowledge, name="climbed-acknowledge"),
    path("concerns/", concerns.concern_list, name="concern-list"),
    path("concerns/student/<int:student_id>/new/", concerns.concern_new, name="concern-new"),
]
urlpatterns = interview_urls
