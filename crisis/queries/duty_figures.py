"""Duty figures of the officer's schools: exact numbers for whoever must act on them today, each reading audited."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from assessments.triage import UnreadAtSchool
from xinyu.organisations.models import School


@dataclass(frozen=True)
class DutyLine:
    """One school. `lapsed`: red or orange whose level nobody has renewed; `bare`: without any line of a plan;
    `overdue`: runs that had to move up and on which nobody has acted; `unread`: urgent flags nobody has opened.
    """

    school: School
    red: int
    orange: int
    lapsed: int
    bare: int
    overdue: int
    unread: UnreadAtSchool | None

    @property
    def needs_a_call(self) -> bool:
        return self.unread is not None or self.overdue > 0


def duty_figures() -> list[DutyLine]:
    """Schools that need a call first, then as the county lists them. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access_duty_figures()")
        rows = cursor.fetchall()
    schools = School.objects.select_related("county").in_bulk([row[0] for row in rows])
    lines = [_line(schools[pk], *numbers) for pk, *numbers in rows]
    return sorted(lines, key=lambda line: (not line.needs_a_call, line.school.county.name, line.school.name))


def _line(
    school: School, red: int, orange: int, lapsed: int, bare: int, overdue: int, unread: int, since: datetime | None
) -> DutyLine:
    flags = UnreadAtSchool(unread, since) if since is not None else None
    return DutyLine(school, red, orange, lapsed, bare, overdue, flags)
