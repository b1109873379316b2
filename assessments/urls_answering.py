"""The student's side: everything under /a/."""

from django.urls import path

from assessments.views import answer_door, answer_pause, answering

urlpatterns = [
    path("a/", answer_door.answer_door, name="answer-door"),
    path("a/class/", answer_door.answer_door_klass, name="answer-door-klass"),
    path("a/me/", answer_door.answer_confirm, name="answer-confirm"),
    path("a/begin/", answer_door.answer_begin, name="answer-begin"),
    path("a/me/decline/", answer_door.answer_decline_first, name="answer-decline-first"),
    path("a/me/talk/", answer_door.answer_talk_first, name="answer-talk-first"),
    path("a/not-me/", answer_door.answer_not_me, name="answer-not-me"),
    path("a/<int:position>/", answering.answer_page, name="answer-page"),
    path("a/<int:position>/save/", answering.answer_save, name="answer-save"),
    path("a/<int:position>/talk/", answering.answer_talk, name="answer-talk"),
    path("a/<int:position>/decline/", answering.answer_decline, name="answer-decline"),
    path("a/<int:position>/pause/", answer_pause.answer_pause, name="answer-pause"),
    path("a/<int:position>/leave/", answer_pause.answer_leave, name="answer-leave"),
    path("a/end/", answer_door.answer_end, name="answer-end"),
    path("a/end/talk/", answer_door.answer_talk_after, name="answer-talk-after"),
]
