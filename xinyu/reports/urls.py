from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("", views.report_list, name="list"),
    path("students/<int:student_id>/growth-file/", views.growth_file_request, name="growth-file-request"),
    path("cases/<int:case_id>/", views.case_file_request, name="case-file-request"),
    path("<int:report_id>/progress/", views.report_progress, name="progress"),
    path("<int:report_id>/cancel/", views.report_cancel, name="cancel"),
    path("<int:report_id>/download/", views.report_download, name="download"),
]
