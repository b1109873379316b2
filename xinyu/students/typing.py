"""What somebody is typing about a student, kept on the server every few seconds: a time-out, a dead battery or a
second machine loses nothing (and nothing is written to a shared machine's browser).

One draft per person × page. Any form takes part by `data-draft="{{ student.pk }}"`; the script of the frame saves and
restores, and the middleware below lets go of a draft when its form was accepted.
"""

import json
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from xinyu.access.actor import current_user_id
from xinyu.access.middleware import STAFF_DOOR
from xinyu.vault.fields import conceal, reveal

from .models import Student, TypedDraft

KEPT_FOR = timedelta(days=7)
MOST_FIELDS, MOST_LETTERS = 120, 60_000
#: never kept: tokens and secrets are not typed text
LEFT_OUT = frozenset({"csrfmiddlewaretoken", "password"})


class DraftRefused(Exception):
    """What was sent is not the text of a form."""


def checked(fields: object) -> dict[str, list[str]]:
    """{name: values} as the browser sends them. Raises DraftRefused for anything else or too much."""
    if not isinstance(fields, Mapping) or len(fields) > MOST_FIELDS:
        raise DraftRefused("not a form")
    kept = {str(name): values for name, values in fields.items() if name not in LEFT_OUT}
    if not all(isinstance(values, list) and all(isinstance(v, str) for v in values) for values in kept.values()):
        raise DraftRefused("not a form")
    if len(json.dumps(kept, ensure_ascii=False)) > MOST_LETTERS:
        raise DraftRefused("too long")
    return kept


@transaction.atomic
def keep_typed(student: Student, path: str, fields: object, *, actor) -> TypedDraft:
    """Keep what stands in the form at `path`; the newest words of the same person and page replace the older."""
    words = json.dumps(checked(fields), ensure_ascii=False)
    draft = TypedDraft.objects.filter(by=actor, path=path, student=student).first()
    draft = draft or TypedDraft(by=actor, path=path, student=student)
    draft.saved_at = timezone.now()
    conceal(draft, words=words)
    draft.save()
    return draft


def typed_at(student: Student, path: str, *, actor) -> tuple[dict[str, list[str]], TypedDraft] | None:
    """The words that wait for this person at this page, and the draft; None where nothing waits."""
    draft = TypedDraft.objects.filter(by=actor, path=path, student=student).first()
    return (json.loads(reveal(draft, "words")), draft) if draft else None


def forget_typed(path: str, *, actor) -> int:
    """The form was accepted, or the person does not want the words any more."""
    return TypedDraft.objects.filter(by_id=getattr(actor, "pk", actor), path=path).delete()[0]


def drop_old_typed() -> int:
    """As the housekeeping job: what nobody came back for within a week."""
    return TypedDraft.objects.filter(saved_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def forgets_what_was_accepted(get_response):
    """A form that was accepted answers with a redirect to another page of the platform: its draft goes with it."""

    def middleware(request):
        response = get_response(request)
        is_accepted = request.method == "POST" and response.status_code in (302, 303)
        if is_accepted and not response["Location"].startswith(STAFF_DOOR):
            user_id = current_user_id()
            if user_id is not None:
                forget_typed(request.path, actor=user_id)
        return response

    return middleware
