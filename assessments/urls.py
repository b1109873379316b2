"""Addresses of the app, one list per area."""

from assessments import urls_answering, urls_growth, urls_interviews, urls_screenings, urls_staff

app_name = "assessments"
urlpatterns = [
    *urls_answering.urlpatterns,
    *urls_screenings.urlpatterns,
    *urls_interviews.urlpatterns,
    *urls_growth.urlpatterns,
    *urls_staff.urlpatterns,
]
