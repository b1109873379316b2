from django.urls import path

from .views import cases, opening, plan, steps

app_name = "crisis"
urlpatterns = [
    path("", cases.case_list, name="case-list"),
    path("interviews/<int:interview_id>/level/", opening.level_confirm, name="level-confirm"),
    path("<int:case_id>/", cases.case_page, name="case-page"),
    path("<int:case_id>/level/", steps.level_change, name="level-change"),
    path("<int:case_id>/lowering/", steps.lowering_new, name="lowering-new"),
    path("<int:case_id>/lowering/<int:request_id>/", steps.lowering_decide, name="lowering-decide"),
    path("<int:case_id>/moves/<slug:name>/", steps.case_move, name="case-move"),
    path("<int:case_id>/notes/", steps.note_new, name="note-new"),
    path("<int:case_id>/plan/", plan.plan_new, name="plan-new"),
    path("<int:case_id>/plan/<int:item_id>/", plan.plan_edit, name="plan-edit"),
    path("<int:case_id>/plan/<int:item_id>/done/", plan.plan_done, name="plan-done"),
]
