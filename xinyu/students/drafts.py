"""An uploaded roster between preview and commit: sealed in the database, never in a temp file or Redis."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from xinyu.vault import envelope
from xinyu.vault.keys import master, suite

from .models import RosterDraft

KEPT_FOR = timedelta(hours=1)


def _aad(draft: RosterDraft) -> bytes:
    return f"{draft._meta.db_table}|content|{draft.vault_id}|user:{draft.by_id}".encode()


@transaction.atomic
def keep_draft(school, data: bytes, file_name: str, *, creates_klasses: bool, actor) -> RosterDraft:
    """Seal the file for its uploader alone; earlier drafts of the same person go."""
    RosterDraft.objects.filter(by=actor).delete()
    draft = RosterDraft(school=school, by=actor, file_name=file_name[-120:], creates_klasses=creates_klasses)
    draft.content = envelope.seal(master().derive("roster-draft"), data, _aad(draft), suite())
    draft.expires_at = timezone.now() + KEPT_FOR
    draft.save()
    return draft


def content_of(draft: RosterDraft) -> bytes:
    return envelope.unseal(master().derive("roster-draft"), bytes(draft.content), _aad(draft))


def drop_expired() -> int:
    """Delete drafts that nobody committed in time; how many. As the housekeeping job."""
    return RosterDraft.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def live_drafts():
    """Drafts that have not expired; the seal leaves only the person's own."""
    return RosterDraft.objects.filter(expires_at__gt=timezone.now()).select_related("school")
