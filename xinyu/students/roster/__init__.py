"""Roster import without a database: workbook → rows and rejected cells → what would change.

    workbook = read_workbook(data, filename)
    roster = parse(workbook, on=today)
    preview = diff(roster, existing_students, klasses, digest=blind_index)

Nothing is written here; an action takes the preview and writes all of it or nothing.
"""

from .diff import diff
from .error_sheet import error_rows, error_workbook
from .existing import Change, Doubt, ExistingStudent, Match, Newcomer, Preview
from .klasses import Klass, KlassIndex, KlassUnknown
from .parse import parse
from .shapes import Guardian, RejectedCell, RosterRefused, RosterRow, RosterSheet, RosterWarning
from .template import template_workbook

__all__ = [
    "Change",
    "Doubt",
    "ExistingStudent",
    "Guardian",
    "Klass",
    "KlassIndex",
    "KlassUnknown",
    "Match",
    "Newcomer",
    "Preview",
    "RejectedCell",
    "RosterRefused",
    "RosterRow",
    "RosterSheet",
    "RosterWarning",
    "diff",
    "error_rows",
    "error_workbook",
    "parse",
    "template_workbook",
]
