"""Roster files with every trap a school has ever sent, built when a test asks for them."""

from .files import (
    STUDENT_TITLES,
    csv_file,
    identity_number,
    ole_file,
    roster_file,
    with_part,
    xlsx_file,
)

__all__ = [
    "STUDENT_TITLES",
    "csv_file",
    "identity_number",
    "ole_file",
    "roster_file",
    "with_part",
    "xlsx_file",
]
