"""Which worksheets a workbook has and in which part of the archive each one lies."""

import posixpath
from dataclasses import dataclass

from .archive import Archive
from .errors import DamagedFile, ExternalLinks
from .xml_events import local_name, parse

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet's name as its tab shows it, and its part, such as xl/worksheets/sheet1.xml."""

    name: str
    part: str
    is_hidden: bool


def worksheets(workbook: bytes, relations: bytes, archive: Archive) -> list[SheetPart]:
    """Worksheets in the order of their tabs; chart sheets are left out."""
    targets = _worksheet_targets(relations)
    found: list[SheetPart] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name != "sheet":
            return
        by_local_name = {local_name(key): value for key, value in attributes.items()}
        part = targets.get(by_local_name.get("id", ""))
        if part is not None:
            is_hidden = by_local_name.get("state", "visible") != "visible"
            found.append(SheetPart(by_local_name.get("name", ""), part, is_hidden))

    parse(workbook, start)
    if any(sheet.part not in archive for sheet in found) or len({sheet.part for sheet in found}) != len(found):
        raise DamagedFile
    return found


def _worksheet_targets(relations: bytes) -> dict[str, str]:
    targets: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        if kind == "externalLink":
            raise ExternalLinks
        if kind == "worksheet":
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            targets[attributes.get("Id", "")] = target.lstrip("/")

    parse(relations, start)
    return targets
