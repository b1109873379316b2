from django.urls import path

from .views import cards, cases, home_harm, note_readers, opening, plan, steps, team

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
    path("<int:case_id>/home-harm/", home_harm.guardian_suspend, name="guardian-suspend"),
    path("<int:case_id>/home-harm/end/", home_harm.guardian_resume, name="guardian-resume"),
    path("<int:case_id>/mandatory-report/", home_harm.report_new, name="report-new"),
    path("<int:case_id>/readers/", note_readers.reader_list, name="reader-list"),
    path("<int:case_id>/readers/<int:reader_id>/end/", note_readers.reader_end, name="reader-end"),
    path("<int:case_id>/plan/", plan.plan_new, name="plan-new"),
    path("<int:case_id>/plan/<int:item_id>/", plan.plan_edit, name="plan-edit"),
    path("<int:case_id>/plan/<int:item_id>/done/", plan.plan_done, name="plan-done"),
    path("<int:case_id>/team/", team.case_team, name="case-team"),
    path("<int:case_id>/follow-ups/<int:follow_up_id>/", team.follow_up_hold, name="follow-up-hold"),
    path("<int:case_id>/card/", team.card_give, name="card-give"),
    path("<int:case_id>/card/<int:card_id>/end/", team.card_end, name="card-end"),
    path("<int:case_id>/conferences/", team.conference_new, name="conference-new"),
    path("<int:case_id>/conferences/<int:conference_id>/", team.minutes_new, name="minutes-new"),
    path("minutes/<int:conference_id>/", team.minutes_page, name="minutes"),
    path("minutes/<int:conference_id>/sign/", team.minutes_sign, name="minutes-sign"),
    path("cards/", cards.card_list, name="card-list"),
    path("cards/<int:card_id>/", cards.card_answer, name="card-answer"),
]
