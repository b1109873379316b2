"""Walk the chain again and say where it breaks; sign its head with the server's key."""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

# The same expression as the trigger's, evaluated by the owner over the whole log.
BROKEN_SQL = """
SELECT link.id, link.entry_id FROM (
  SELECT id, entry_id, hash, lag(hash, 1, '') OVER (ORDER BY id) AS previous FROM audit_auditlink) AS link
LEFT JOIN audit_auditentry AS entry ON entry.id = link.entry_id
WHERE entry.id IS NULL OR link.hash <> audit_digest(entry, link.previous) ORDER BY link.id LIMIT 10"""
UNLINKED_SQL = (
    "SELECT count(*) FROM audit_auditentry AS e LEFT JOIN audit_auditlink AS l ON l.entry_id = e.id WHERE l.id IS NULL"
)


@dataclass(frozen=True)
class Verdict:
    """entries: rows in the log; broken: [(link id, entry id)] of the first breaks; unlinked: rows without a link."""

    entries: int
    broken: list[tuple[int, int]]
    unlinked: int
    head: str

    @property
    def is_sound(self) -> bool:
        return not self.broken and not self.unlinked


def verify() -> Verdict:
    """Read the whole log as the owner (see `manage.py verify_audit`)."""
    with connection.cursor() as cursor:

        def ask(query: str) -> list[tuple]:
            cursor.execute(query)
            return cursor.fetchall()

        broken = ask(BROKEN_SQL)
        [(unlinked,)] = ask(UNLINKED_SQL)
        [(entries,)] = ask("SELECT count(*) FROM audit_auditlink")
        head = ask("SELECT hash FROM audit_auditlink ORDER BY id DESC LIMIT 1")
    return Verdict(entries, broken, unlinked, head[0][0] if head else "")


def signature(head: str, at: str) -> str:
    """HMAC-SHA256 of head and time (ISO) under the server's secret: kept off the database, one line an hour."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{at}|{head}".encode(), hashlib.sha256).hexdigest()
