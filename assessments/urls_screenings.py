"""Scale library, screenings, slips, duty."""

from django.urls import path

from assessments.views import (
    approvals,
    consent,
    duty,
    people,
    results,
    scale_revisions,
    scale_texts,
    scales,
    screener_texts,
    screenings,
    slips,
    watch,
    waves,
)

urlpatterns = [
    path("scales/c-ssrs/", screener_texts.screener_text, name="screener-text"),
    path("scales/c-ssrs/template.xlsx", screener_texts.screener_text_template, name="screener-text-template"),
    path("scales/", scales.scale_list, name="scale-list"),
    path("scales/<int:version_id>/", scales.scale_detail, name="scale-detail"),
    path("scales/<int:version_id>/approve/", scales.scale_approve, name="scale-approve"),
    path("scales/<int:version_id>/text/", scale_texts.scale_text, name="scale-text"),
    path("scales/<int:version_id>/text/confirm/", scale_texts.scale_text_confirm, name="scale-text-confirm"),
    path("scales/<int:version_id>/text/template.xlsx", scale_texts.scale_text_template, name="scale-text-template"),
    path("scales/<int:version_id>/bands/", scale_revisions.scale_bands, name="scale-bands"),
    path("scales/<int:version_id>/norms/", scale_revisions.scale_norms, name="scale-norms"),
    path("scales/<int:version_id>/norms/template.xlsx", scale_revisions.norms_template, name="scale-norms-template"),
    path("scales/<int:version_id>/changes/", scale_revisions.scale_changes, name="scale-changes"),
    path("screenings/", screenings.screening_list, name="screening-list"),
    path("screenings/new/", screenings.screening_create, name="screening-create"),
    path("screenings/<int:screening_id>/", screenings.screening_detail, name="screening-detail"),
    path("screenings/<int:screening_id>/edit/", screenings.screening_edit, name="screening-edit"),
    path("screenings/<int:screening_id>/people/", people.screening_people, name="screening-people"),
    path(
        "screenings/<int:screening_id>/people/<int:student_id>/drop/",
        people.screening_person_drop,
        name="screening-person-drop",
    ),
    path("screenings/<int:screening_id>/pauses/", people.screening_pauses, name="screening-pauses"),
    path("screenings/<int:screening_id>/quality/", results.screening_quality, name="screening-quality"),
    path("screenings/<int:screening_id>/board/", screenings.screening_board, name="screening-board"),
    path("screenings/<int:screening_id>/stop/", screenings.screening_stop, name="screening-stop"),
    path("screenings/<int:screening_id>/consent/", screenings.screening_consent, name="screening-consent"),
    path("screenings/<int:screening_id>/notice/", consent.notice_write, name="notice-write"),
    path("screenings/<int:screening_id>/consent/send/", consent.links_send, name="consent-send"),
    path(
        "screenings/<int:screening_id>/classes/<int:klass_id>/consent.pdf", consent.consent_slips, name="consent-slips"
    ),
    path("c/", consent.consent_door, name="consent-door"),
    path("c/<str:code>/", consent.consent_say, name="consent-say"),
    path("screenings/<int:screening_id>/waves/", waves.wave_plan, name="wave-plan"),
    path("waves/<int:wave_id>/release/", waves.wave_release, name="wave-release"),
    path("room/", watch.room_board, name="room-board"),
    path("room/<int:sitting_id>/free/", watch.room_free, name="room-free"),
    path("screenings/<int:screening_id>/classes/<int:klass_id>/watch/", watch.room_ask, name="room-ask"),
    path("screenings/<int:screening_id>/invite/", screenings.screening_invite, name="screening-invite"),
    path("screenings/<int:screening_id>/approval/", approvals.approval_ask, name="approval-ask"),
    path("approvals/", approvals.approval_list, name="approval-list"),
    path("approvals/<int:approval_id>/", approvals.approval_decide, name="approval-decide"),
    path("screenings/<int:screening_id>/unguarded/", duty.screening_allow_unguarded, name="screening-allow-unguarded"),
    path("screenings/<int:screening_id>/duty/in/", duty.duty_check_in, name="duty-check-in"),
    path("screenings/<int:screening_id>/duty/out/", duty.duty_check_out, name="duty-check-out"),
    path("screenings/<int:screening_id>/classes/<int:klass_id>/", screenings.screening_klass, name="screening-klass"),
    path(
        "screenings/<int:screening_id>/classes/<int:klass_id>/slips.pdf", slips.screening_slips, name="screening-slips"
    ),
    path("screenings/<int:screening_id>/do/<slug:name>/", screenings.screening_move, name="screening-move"),
    path("sittings/<int:sitting_id>/free/", screenings.sitting_free, name="sitting-free"),
]
