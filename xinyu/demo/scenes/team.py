"""研判与帮扶: at the first school a meeting with minutes about the first case, and a card that has been answered."""

from datetime import timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from crisis.actions.cards import answer_card, give_card
from crisis.actions.conferences import convene, write_minutes
from crisis.card_templates import card_templates
from crisis.models import ActionCard, Case
from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post

from ..stage import Stage

SPACE = UUID(int=20261125)
MINUTES = (
    "心理教师介绍访谈情况，分管副校长、心理教师一致同意现在的级别和方案。每周谈话一次，班主任按行动卡留意，两周后再看。"
)


def help_together(stage: Stage) -> None:
    code = stage.world.schools[0].school.code
    counselor, vice = stage.first(code, "counselor"), stage.first(code, "vice_principal")
    with acting_as(counselor):
        cases = list(Case.objects.filter(closed_at=None, school=stage.schools[code]).order_by("pk")[:2])
        for case in cases[:1]:
            _meet(case, counselor, vice)
        for case in cases:
            _card(case, counselor)
    for case in cases:
        with acting_as("system:demo"):
            post = Post.objects.filter(klass=case.klass_id, role="homeroom").select_related("user").first()
        if post is not None:
            _answer(case, post.user)


def _meet(case: Case, counselor, vice) -> None:
    at = timezone.now() - timedelta(hours=20)
    people = [counselor.pk, vice.pk]
    meeting = convene(case, actor=counselor, meets_at=at, place="心理辅导室", people=people)
    write_minutes(meeting, actor=counselor, present=people, body=MINUTES, level=case.level)


def _card(case: Case, counselor) -> None:
    text = card_templates()[0]
    until_on = timezone.localdate() + timedelta(days=30)
    give_card(case, actor=counselor, watch=text.watch, say=text.say, call=text.call, until_on=until_on)


def _answer(case: Case, teacher) -> None:
    with acting_as(teacher):
        card = ActionCard.objects.filter(case=case.pk).first()
        if card is not None:
            key = uuid5(SPACE, str(card.pk))
            answer_card(card, actor=teacher, answer="usual", words="课间和同桌一起打球，作业都交了。", key=key)
