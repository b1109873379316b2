"""What "signed" means (4-workflow D9.13): who, as what, when, under which words, sealed with the server's key.

The person proves herself again right before (xinyu/accounts/confirm.py); the row holds no word of what was signed,
only its SHA-256. An app that signs says in its AppConfig how the words of a purpose are found again, so that the page
can tell whether they are still the signed ones: `signed_contents = {"lowering": "crisis.signed.lowering_words"}`,
a dotted name of a function from the subject's id to the content, None where it is out of sight.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from xinyu.access import actor as acting

from .entries import record, subject_name
from .models import Signature

#: letters that nobody mistakes for another on paper
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12
Content = str | Mapping[str, Any]

PLACE_SQL = "SELECT county_id, city_id FROM organisations_school WHERE id = %s"


def digest_of(content: Content) -> str:
    """SHA-256 in hex of the content: a text as it is, a mapping as JSON with sorted keys."""
    text = content if isinstance(content, str) else canonical(content)
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _seal_of(row: Signature, key: str) -> str:
    words = [
        row.code,
        row.subject,
        row.purpose,
        row.title,
        row.user_id,
        row.name,
        row.role,
        _instant(row.at),
        row.digest,
    ]
    return hmac.new(f"signature|{key}".encode(), "|".join(map(str, words)).encode(), hashlib.sha256).hexdigest()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def sign(
    subject: Any,
    *,
    purpose: str,
    title: str,
    content: Content,
    role: str,
    school_id: int | None = None,
    county_id: int | None = None,
    for_bureau: bool = False,
) -> Signature:
    """The acting person signs `content` of `subject` (a row or 'table:id') as `role`, in the caller's transaction.

    `title` is what people read ('降级申请'); `for_bureau`: officers of the county and the city may see and verify it
    too, so the subject must not be a student's. Raises PermissionDenied for a job or a key: only people sign.
    """
    user_id = acting.current_user_id()
    if user_id is None:
        raise PermissionDenied("只有本人登录后才能签字。")
    school_id = school_id if school_id is not None else getattr(subject, "school_id", None)
    row = Signature(
        code="".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)),
        subject=subject_name(subject),
        purpose=purpose,
        title=title,
        actor=acting.current(),
        user_id=user_id,
        name=get_user_model().objects.values_list("name", flat=True).get(pk=user_id),
        role=role,
        at=timezone.now(),
        digest=digest_of(content),
        school_id=school_id,
        is_for_bureau=for_bureau,
    )
    row.county_id, row.city_id = _place(school_id, county_id)
    row.seal_value = _seal_of(row, settings.SECRET_KEY)
    row.save(force_insert=True)
    record(
        "audit.sign", subject=subject, detail={"purpose": purpose, "role": role, "code": row.code, "digest": row.digest}
    )
    return row


def _place(school_id: int | None, county_id: int | None) -> tuple[int | None, int | None]:
    with connection.cursor() as cursor:
        if school_id is not None:
            cursor.execute(PLACE_SQL, [school_id])
        else:
            cursor.execute("SELECT id, city_id FROM organisations_county WHERE id = %s", [county_id])
        return cursor.fetchone() or (county_id, None)


def signatures_of(subject: Any, purpose: str = "") -> QuerySet[Signature]:
    """Signatures under one subject that the acting person may see, in the order in which they were given."""
    rows = Signature.objects.filter(subject=subject_name(subject))
    return (rows.filter(purpose=purpose) if purpose else rows).order_by("at", "id")


@dataclass(frozen=True)
class Verdict:
    """is_genuine: the row is as the server wrote it. is_unchanged: the words are still the signed ones; None where the
    reader may not see them (any longer)."""

    is_genuine: bool
    is_unchanged: bool | None


def verify_signature(row: Signature) -> Verdict:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    is_genuine = any(hmac.compare_digest(row.seal_value, _seal_of(row, key)) for key in keys)
    content = _content_now(row)
    return Verdict(is_genuine, None if content is None else digest_of(content) == row.digest)


def _content_now(row: Signature) -> Content | None:
    for config in apps.get_app_configs():
        finder = getattr(config, "signed_contents", {}).get(row.purpose)
        if finder:
            return import_string(finder)(int(row.subject.rpartition(":")[2]))
    return None
