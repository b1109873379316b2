"""Growth file, observations, results."""

from django.urls import path

from assessments.views import growth, results

growth_urls = [
    path("growth/<int:student_id>/", growth.growth_file, name="growth-file"),
    path("growth/<int:student_id>/observe/", growth.observation_new, name="observation-new"),
    path("results/<int:sitting_id>/", results.result_detail, name="result-detail"),
    path("results/<int:sitting_id>/answers/", results.answers, name="result-answers"),
]
urlpatterns = growth_urls
