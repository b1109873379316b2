from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [
    path("looks/", views.access_log, name="access-log"),
    path("log/", views.log, name="log"),
    path("signatures/", views.signature_check, name="signature-check"),
    path("signatures/<slug:code>/", views.signature_page, name="signature-page"),
]
