"""Uploads stay in memory: a roster in a temporary file would be names on a disk that nobody cleans.

Papers that are kept (a signed notice, a hospital's certificate) are recognised by their bytes, never by name or by what
the browser says; pictures are drawn anew, so that no place, device or hidden part of a photograph is kept.
"""

import base64
import binascii
import hashlib
import io
from dataclasses import dataclass

from django.core.files.uploadhandler import MemoryFileUploadHandler
from PIL import Image, UnidentifiedImageError

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_DRAWN_BYTES = 300 * 1024
MOST_DRAWN = (1600, 800)
#: a drawn signature has at least so many dark points: an empty box or one dot is none
FEWEST_DARK = 40
DRAWN = "data:image/png;base64,"
PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg"}


class FileRefused(Exception):
    """`str()` is a sentence for whoever chose the file; nothing is kept."""


@dataclass(frozen=True)
class Kept:
    """A file as it may be stored."""

    mime: str
    data: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes as they are stored."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def text(self) -> str:
        """For a sealed field, which holds text; `file_answer` turns it back."""
        return base64.b64encode(self.data).decode()


def checked_paper(data: bytes) -> Kept:
    """A PDF as it came, a JPEG or PNG drawn anew. Raises FileRefused."""
    if len(data) > MOST_BYTES:
        raise FileRefused("文件太大：最多 5 MB。请压缩，或只拍签字的那一页。")
    if data[:5] == b"%PDF-":
        if b"%%EOF" not in data[-2048:]:
            raise FileRefused("这个 PDF 不完整，请重新扫描或上传。")
        return Kept("application/pdf", data)
    return _drawn_anew(data, MOST_PIXELS)


def _open(data: bytes, most_pixels: int) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=list(PICTURES))
        if picture.width * picture.height > most_pixels:
            raise FileRefused("图片尺寸太大，请缩小后再上传。")
        picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FileRefused("打不开这个文件：请上传 PDF、JPEG 或 PNG。") from error
    return picture


def _drawn_anew(data: bytes, most_pixels: int) -> Kept:
    picture, out = _open(data, most_pixels), io.BytesIO()
    kind = picture.format or "PNG"
    picture.convert("RGB").save(out, kind, **({"quality": 85} if kind == "JPEG" else {}))
    return Kept(PICTURES[kind], out.getvalue())


def checked_signature(url: str) -> Kept:
    """What a canvas gives (`data:image/png;base64,…`) as a PNG of black on white. Raises FileRefused."""
    if not url.startswith(DRAWN) or len(url) > MOST_DRAWN_BYTES * 4 // 3:
        raise FileRefused("没有收到签名，请重新签一次，或改用其他确认方式。")
    try:
        data = base64.b64decode(url.removeprefix(DRAWN), validate=True)
    except binascii.Error as error:
        raise FileRefused("没有收到签名，请重新签一次，或改用其他确认方式。") from error
    picture = _open(data, MOST_DRAWN[0] * MOST_DRAWN[1])
    paper = Image.new("RGB", picture.size, "white")
    ink = picture.convert("RGBA")
    paper.paste(ink, mask=ink.getchannel("A"))
    grey, out = paper.convert("L"), io.BytesIO()
    if sum(grey.histogram()[:128]) < FEWEST_DARK:
        raise FileRefused("签名框是空的，请监护人签名后再提交。")
    grey.save(out, "PNG", optimize=True)
    return Kept("image/png", out.getvalue())


class InMemoryOnly(MemoryFileUploadHandler):
    """Keeps one byte more than FILE_UPLOAD_MAX_MEMORY_SIZE at most and lets the rest go.

    A file that is cut is over every limit of size that a form has, so its reader refuses it with its own sentence.
    """

    limit = 0

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803 - Django's
        from django.conf import settings

        self.activated, self.limit = True, settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1

    def receive_data_chunk(self, raw_data, start):
        self.file.write(raw_data[: max(0, self.limit - self.file.tell())])

    def file_complete(self, file_size):
        return super().file_complete(self.file.tell())
