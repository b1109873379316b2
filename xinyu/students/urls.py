from django.urls import path

from .views import pages, records, roster

app_name = "students"
urlpatterns = [
    path("", pages.student_list, name="list"),
    path("<int:student_id>/", pages.student_detail, name="detail"),
    path("<int:student_id>/edit/", pages.student_edit, name="edit"),
    path("<int:student_id>/typed/", records.typed, name="typed"),
    path("<int:student_id>/who-sees/", pages.who_sees, name="who-sees"),
    path("<int:student_id>/id-number/", pages.id_number, name="id-number"),
    path("guardians/<int:guardian_id>/phone/", pages.guardian_phone, name="guardian-phone"),
    path("<int:student_id>/attention/", records.attention_add, name="attention-add"),
    path("attention/<int:attention_id>/end/", records.attention_end, name="attention-end"),
    path("attention/<int:attention_id>/review/", records.attention_review, name="attention-review"),
    path("<int:student_id>/decision/", records.decision_record, name="decision-record"),
    path("decisions/", records.decisions_to_confirm, name="to-confirm"),
    path("decisions/<int:decision_id>/confirm/", records.decision_confirm, name="decision-confirm"),
    path("import/", roster.roster_upload, name="roster-upload"),
    path("import/template.xlsx", roster.roster_template, name="roster-template"),
    path("import/<int:draft_id>/", roster.roster_preview, name="roster-preview"),
    path("import/<int:draft_id>/errors.xlsx", roster.roster_errors, name="roster-errors"),
    path("import/<int:draft_id>/commit/", roster.roster_commit, name="roster-commit"),
    path("imports/<int:import_id>/", roster.roster_result, name="roster-result"),
    path("imports/<int:import_id>/undo/", roster.roster_undo, name="roster-undo"),
]
