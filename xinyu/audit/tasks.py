"""Hourly: sign the head of the audit chain and keep it off the database."""

import os
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from .verify import signature


@shared_task(name="audit.sign_head")
def sign_head() -> str:
    """Append 'time head signature' to the heads file; returns the head, '' for an empty log."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM audit_auditlink ORDER BY id DESC LIMIT 1")
        row = cursor.fetchone()
    if row is None:
        return ""
    at = timezone.now().isoformat(timespec="seconds")
    path = Path(settings.DATA_DIR) / "audit" / "heads.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as file:
        file.write(f"{at} {row[0]} {signature(row[0], at)}\n")
    return row[0]
