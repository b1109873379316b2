"""Every URL of the platform. Each view declares who it is for (access/allow.py); a house test walks this tree."""

from django.urls import include, path

from xinyu.accounts.urls import urlpatterns as account_pages
from xinyu.health import healthz
from xinyu.today import today

urlpatterns = [
    path("", include("assessments.urls")),  # first: a school that answers asks for its pages at once
    path("", include(([path("", today, name="today"), *account_pages], "accounts"))),
    path("healthz", healthz, name="healthz"),
    path("api/", include("xinyu.api")),
    path("account/", include("allauth.urls")),
    path("", include("xinyu.organisations.urls")),
    path("students/", include("xinyu.students.urls")),
    path("rooms/", include("counseling_rooms.urls")),
    path("cases/", include("crisis.urls")),
    path("", include("xinyu.reminders.urls")),
    path("board/", include("xinyu.dashboard.urls")),
    path("reports/", include("xinyu.reports.urls")),
    path("audit/", include("xinyu.audit.urls")),
]
handler400 = "xinyu.ui.errors.bad_request"
handler403 = "xinyu.ui.errors.permission_denied"
handler404 = "xinyu.ui.errors.page_not_found"
handler500 = "xinyu.access.middleware.server_error"
