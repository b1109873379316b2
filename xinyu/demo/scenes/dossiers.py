"""Two depths of 一人一案 at the first school: a whole form with most sections filled, a one-page case beside it."""

from datetime import timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from crisis.actions.conferences import convene, sign_minutes, write_minutes
from crisis.actions.dossier import standing, write_section
from crisis.actions.notes import add_note
from crisis.looks import level_of
from crisis.models import Case, MinutesCopy
from xinyu.access.actor import acting_as
from xinyu.vault.fields import reveal

from ..dossier_words import FULL, MINUTES, NOTES, PAGE, SECOND_RISK
from ..stage import Stage

SPACE = UUID(int=20261117)


def fill_dossiers(stage: Stage) -> None:
    code = stage.world.schools[0].school.code
    counselor, vice = stage.first(code, "counselor"), stage.first(code, "vice_principal")
    with acting_as(counselor):
        cases = list(Case.objects.filter(owner=counselor, closed_at=None).order_by("pk"))
        full = next((case for case in cases if level_of(case.level).depth == "full"), None)
        page = next((case for case in cases if level_of(case.level).depth == "page"), None)
        if full is not None:
            _write(full, FULL, counselor)
            first = standing(full, "risk")
            write_section(full, "risk", SECOND_RISK, actor=counselor, base=first.version if first else 0)
            _notes(full, counselor)
            meeting = _meet(full, counselor, vice)
        if page is not None:
            _write(page, PAGE, counselor)
    if full is not None:
        with acting_as(vice):
            copy = MinutesCopy.objects.get(conference=meeting, reader=vice)
            sign_minutes(copy, actor=vice, text=reveal(copy, "body"))


def _write(case: Case, sections: dict, counselor) -> None:
    for section, texts in sections.items():
        write_section(case, section, texts, actor=counselor, base=0)


def _notes(case: Case, counselor) -> None:
    for number, (kind, days_ago, body) in enumerate(NOTES):
        key = uuid5(SPACE, f"{case.pk}:{number}")
        at = timezone.now() - timedelta(days=days_ago, hours=1)
        add_note(
            case, actor=counselor, kind=kind, happened_at=at, body=body, key=key, is_from_hospital=kind == "medical"
        )


def _meet(case: Case, counselor, vice):
    people = [counselor.pk, vice.pk]
    at = timezone.now() - timedelta(hours=20)
    meeting = convene(case, actor=counselor, meets_at=at, place="心理辅导室", people=people)
    return write_minutes(meeting, actor=counselor, present=people, body=MINUTES, level=case.level)
