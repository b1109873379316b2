"""A homeroom teacher's action cards: read on a phone, answered by one tap."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from crisis.actions.cards import answer_card
from crisis.forms.team import FeedbackForm, fresh_key
from crisis.models import ActionCard, CardAnswer
from crisis.queries.team import cards_for_class
from crisis.refusals import CaseRefusedError
from xinyu.access.allow import allow
from xinyu.access.posts import live_posts
from xinyu.audit.entries import record_view

AT_ONCE = "已送达每位心理教师。请不要让学生独处，同时当面或打电话联系心理教师和学校领导。"


@require_GET
@allow("crisis.answer_card")
def card_list(request):
    klasses = {post.klass_id for post in live_posts() if post.role == "homeroom" and post.klass_id}
    lines = cards_for_class(klasses, timezone.localdate())
    record_view([line.card.student for line in lines], "card", purpose="行动卡")
    cards = [(line, fresh_key()) for line in lines]
    return render(request, "crisis/card_list.html", {"cards": cards})


@require_POST
@allow("crisis.answer_card")
def card_answer(request, card_id):
    card = get_object_or_404(ActionCard, pk=card_id)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有保存：请选一项，文字不超过 500 字。")
        return redirect("crisis:card-list")
    try:
        said = answer_card(card, actor=request.user, **form.cleaned_data)
    except CaseRefusedError as why:
        messages.error(request, str(why))
    else:
        messages.success(request, AT_ONCE if said.answer == CardAnswer.URGENT else "已告诉心理教师，谢谢您的留心。")
    return redirect("crisis:card-list")
