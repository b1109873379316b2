"""A calendar that other programs subscribe to (RFC 5545): whole days and hours with a line of text. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE_OCTETS = 75


@dataclass(frozen=True)
class Entry:
    """Either a whole day (`on`) or hours (`start`, `end`, aware). `uid` stays the same when the entry changes."""

    uid: str
    summary: str
    on: date | None = None
    start: datetime | None = None
    end: datetime | None = None


def calendar(name: str, entries: Iterable[Entry], now: datetime) -> str:
    """The whole file; lines end with CRLF and are folded."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//xinyu//reminders//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]  # fmt: skip
    for entry in entries:
        lines += ["BEGIN:VEVENT", f"UID:{escaped(entry.uid)}", f"DTSTAMP:{_utc(now)}", *_when(entry)]
        lines += [f"SUMMARY:{escaped(entry.summary)}", "TRANSP:TRANSPARENT", "END:VEVENT"]
    return "".join(folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])


def _when(entry: Entry) -> list[str]:
    if entry.on is not None:
        following = entry.on + timedelta(days=1)  # DTEND is not included
        return [f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}", f"DTEND;VALUE=DATE:{following:%Y%m%d}"]
    if entry.start is None or entry.end is None:
        raise ValueError(f"{entry.uid} has neither a day nor hours")
    return [f"DTSTART:{_utc(entry.start)}", f"DTEND:{_utc(entry.end)}"]


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """TEXT of section 3.3.11."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "")


def folded(line: str) -> str:
    """Section 3.1: at most 75 octets a line, never inside a character; what follows begins with a space."""
    parts, part, limit = [], "", LINE_OCTETS
    for character in line:
        if len((part + character).encode()) > limit:
            parts.append(part)
            part, limit = "", LINE_OCTETS - 1
        part += character
    return "\r\n ".join([*parts, part])
