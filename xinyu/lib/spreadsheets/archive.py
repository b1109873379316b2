"""Opening the zip around an .xlsx: names first, then bytes counted while they inflate."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping

from .errors import DamagedFile, ExternalLinks, InflatesTooMuch, MacroWorkbook, NotASpreadsheet, PasswordProtected
from .limits import Limits

CHUNK = 256 * 1024
OUTSIDE_SOURCES = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/", "xl/embeddings/", "xl/activex/")


class Archive:
    """The parts of an .xlsx, inflated on demand under one common budget."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits = limits
        self._packed_size = len(data)
        self._inflated = 0
        self._zip = _open(data)
        self._parts = _checked_parts(self._zip, limits)

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def read(self, name: str) -> bytes:
        """One part. Raises InflatesTooMuch as soon as the budget is spent, not when the part is complete."""
        if name not in self._parts:
            raise DamagedFile
        chunks = []
        try:
            with self._zip.open(self._parts[name]) as stream:
                while chunk := stream.read(CHUNK):
                    self._spend(len(chunk))
                    chunks.append(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            # zipfile says ValueError for offsets outside the file, NotImplementedError for an unknown packing method.
            raise DamagedFile from error
        return b"".join(chunks)

    def _spend(self, size: int) -> None:
        self._inflated += size
        limits = self._limits
        is_over_ratio = self._inflated > limits.ratio_floor and self._inflated > limits.ratio * self._packed_size
        if self._inflated > limits.inflated_bytes or is_over_ratio:
            raise InflatesTooMuch


def _open(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise DamagedFile from error


def _checked_parts(archive: zipfile.ZipFile, limits: Limits) -> Mapping[str, zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise InflatesTooMuch
    parts = {entry.filename: entry for entry in entries}
    lowered = [name.lower() for name in parts]
    # Two entries whose names differ in nothing (or only in case) may be read as one file here and another there.
    if len(set(lowered)) != len(entries):
        raise DamagedFile
    if any(entry.flag_bits & 1 for entry in entries):
        raise PasswordProtected
    _refuse_dangerous_names(lowered)
    return parts


def _refuse_dangerous_names(lowered: Iterable[str]) -> None:
    names = list(lowered)
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise MacroWorkbook
    if any(name.startswith(OUTSIDE_SOURCES) for name in names):
        raise ExternalLinks
    if "xl/workbook.xml" not in names:
        raise NotASpreadsheet


def repack(parts: Mapping[str, bytes]) -> io.BytesIO:
    """An unpacked zip of exactly these parts, so the reader sees the bytes that were checked and no others."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    buffer.seek(0)
    return buffer
