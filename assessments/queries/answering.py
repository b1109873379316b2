"""What the pages of a sitting need, in one statement, as the sitting itself (or the job that closes it) may see it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, wraps

from django.db import connection
from django.utils import timezone

from assessments.answer_vault import open_answers
from assessments.answers import Sheets
from assessments.consent import age_on
from assessments.outcome import Person
from assessments.scale_library import parsed
from assessments.scoring import Definition
from xinyu.access.actor import DOOR, acting_as
from xinyu.organisations.calendar import SchoolCalendar
from xinyu.organisations.models import County, Klass
from xinyu.organisations.queries import calendar_of as calendar_of_county

_DESK = """SELECT s.id, s.state, s.screening_id, s.school_id, s.klass_id, s.label, s.sex, s.birth_on, s.grade_number,
  s.receipt, s.submit_key, school.county_id, k.wrapped, v.revision, v.answers,
  ARRAY(SELECT p.version_id || ':' || x.digest || CASE WHEN p.pause_after THEN ':pause' ELSE '' END
    FROM assessments_screeningscale p
    JOIN assessments_scaleversion x ON x.id = p.version_id
    WHERE p.screening_id = s.screening_id ORDER BY p."order", p.id),
  {title}, {door}
FROM assessments_sitting s JOIN organisations_school school ON school.id = s.school_id
  LEFT JOIN assessments_screeningkey k ON k.screening_id = s.screening_id
  LEFT JOIN assessments_savedanswers v ON v.sitting_id = s.id
WHERE s.id = %s"""
_TITLE_FOR_JOBS = "(SELECT title FROM assessments_screening WHERE id = s.screening_id)"
DESK_SQL = {
    "sitting": _DESK.format(title="door_title()", door="door_state()"),
    "system": _DESK.format(title=_TITLE_FOR_JOBS, door="'closed'"),
}


@dataclass(frozen=True)
class Desk:
    """A sitting with its battery and what has been saved. `base` is the stored revision, -1 when nothing is stored."""

    sitting_id: int
    state: str
    screening_id: int
    school_id: int
    klass_id: int
    label: str
    sex: str
    birth_on: date | None
    grade_number: int | None
    receipt: str
    submit_key: object
    county_id: int
    wrapped: bytes | None
    revision: int | None
    sealed: bytes | None
    versions: list[str]
    title: str
    door: str
    _opened: dict = field(default_factory=dict, compare=False, repr=False)

    @property
    def base(self) -> int:
        return -1 if self.revision is None else self.revision

    @property
    def battery(self) -> list[tuple[int, Definition]]:
        """[(version id, definition)] in the order of the screening."""
        parts = (text.split(":") for text in self.versions)
        return [(int(pk), parsed(digest, int(pk))) for pk, digest, *_ in parts]

    def pauses_after(self, position: int) -> bool:
        """Whether a pause stands behind this part (from 1); never behind the last one."""
        return position < len(self.versions) and self.versions[position - 1].endswith(":pause")

    @property
    def sheets(self) -> Sheets:
        """What has been saved, {} for nothing. Opened once."""
        if self.sealed is not None and "sheets" not in self._opened:
            self._opened["sheets"] = open_answers(
                self.sealed, sitting_id=self.sitting_id, screening_id=self.screening_id, wrapped=self.wrapped
            )
        return self._opened.get("sheets", {})

    def person(self, on: date) -> Person:
        return Person(self.sex or None, age_on(self.birth_on, on), self.grade_number)


def desk(sitting_id: int, *, kind: str = "sitting") -> Desk | None:
    """One statement. `kind`: who asks, "sitting" or "system". None when the sitting is out of sight."""
    with connection.cursor() as cursor:
        cursor.execute(DESK_SQL[kind], [sitting_id])
        row = cursor.fetchone()
    return Desk(*row) if row else None


def find_sitting(code_index: bytes) -> int:
    """The id of the sitting with this code, 0 when there is none. Asked as somebody whom nobody has recognised yet."""
    with acting_as(DOOR), connection.cursor() as cursor:
        cursor.execute("SELECT door_sitting(%s)", [code_index])
        return cursor.fetchone()[0]


def opens_at() -> datetime | None:
    """When the acting sitting's screening begins."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_opens_at()")
        return cursor.fetchone()[0]


def closes_at() -> datetime | None:
    """Until when the acting sitting, once begun, may be finished."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_closes_at()")
        return cursor.fetchone()[0]


def _for_a_minute(read: Callable) -> Callable:
    """Read at most once a minute per process: a class that signs in asks for the same thing 50 times."""
    kept = lru_cache(maxsize=256)(lambda minute, *args: read(*args))
    return wraps(read)(lambda *args: kept(int(time.monotonic() // 60), *args))


@_for_a_minute
def klass_name(klass_id: int, on: date) -> str:
    return Klass.objects.select_related("grade").get(pk=klass_id).name_on(on)


@_for_a_minute
def hotline_of(county_id: int) -> str:
    """The county's own hotline, '' where none is entered."""
    return str((County.objects.only("settings").get(pk=county_id).settings or {}).get("hotline", ""))


@_for_a_minute
def calendar_of(county_id: int) -> SchoolCalendar:
    """The county's calendar of today."""
    return calendar_of_county(County.objects.get(pk=county_id), on=timezone.localdate())
