"""A preview as JSON for the command: numbers masked, names as the school's own counselor may see them."""

from typing import Any

from .importers import Reading


def as_json(reading: Reading) -> dict[str, Any]:
    """Counts, then every list of the preview; each rejected cell with sheet, row, column and reason."""
    preview, on = reading.preview, reading.on
    return {
        "school": reading.school.code,
        "sheet": reading.sheet.sheet,
        "clean": reading.is_clean,
        "counts": reading.counts,
        "new_classes": [klass.label_on(on) for klass in reading.new_klasses],
        "new": [{"row": new.row.line, "number": new.row.number, "class": new.klass.label} for new in preview.new],
        "changed": [_match(match) for match in preview.changed],
        "moved": [_match(match) for match in preview.moved],
        "absent": [student.number for student in preview.absent],
        "doubtful": [
            {"row": doubt.row.line, "reason": doubt.reason, "candidates": [s.number for s in doubt.candidates]}
            for doubt in preview.doubtful
        ],
        "rejected": [
            {
                "sheet": cell.sheet,
                "row": cell.line,
                "column": cell.column,
                "header": cell.header,
                "shown": cell.shown,
                "reason": cell.reason,
            }
            for cell in preview.rejected
        ],
        "warnings": [
            {"sheet": w.sheet, "row": w.line, "column": w.column, "message": w.message} for w in preview.warnings
        ],
    }


def _match(match) -> dict[str, Any]:
    changes = [change.label for change in match.changes]
    return {
        "row": match.row.line,
        "number": match.student.number,
        "class": match.klass.label,
        "moved": match.is_moved,
        "changes": changes,
    }
