"""Growth file, observations, results."""

from django.urls import path

from assessments.views import earlier, growth, informants, readings, results

growth_urls = [
    path("growth/<int:student_id>/", growth.growth_file, name="growth-file"),
    path("growth/<int:student_id>/observe/", growth.observation_new, name="observation-new"),
    path("results/<int:sitting_id>/", results.result_detail, name="result-detail"),
    path("results/earlier/", earlier.earlier_list, name="earlier-list"),
    path("results/earlier/template.xlsx", earlier.earlier_template, name="earlier-template"),
    path("results/earlier/<int:batch_id>/withdraw/", earlier.earlier_withdraw, name="earlier-withdraw"),
    path("results/student/<int:student_id>/informant/", readings.informant_new, name="informant-new"),
    path("results/student/<int:student_id>/informant/code/", informants.informant_send, name="informant-send"),
    path("results/informant/<int:link_id>/end/", informants.informant_end, name="informant-end"),
    path("i/", informants.informant_door, name="informant-door"),
    path("i/<str:code>/", informants.informant_answer, name="informant-answer"),
    path("results/<int:sitting_id>/read/", results.result_read, name="result-read"),
    path("results/<int:sitting_id>/again/", results.result_again, name="result-again"),
    path("results/<int:sitting_id>/own/", readings.own_result, name="own-result"),
    path("results/<int:sitting_id>/own/print/", readings.own_result_print, name="own-result-print"),
    path("results/<int:sitting_id>/answers/", results.answers, name="result-answers"),
]
urlpatterns = growth_urls
