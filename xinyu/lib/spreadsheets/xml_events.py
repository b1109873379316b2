"""Streaming XML without entities: a document type declaration of any sort is refused."""

from collections.abc import Callable
from xml.parsers import expat

from .errors import DamagedFile, UnsafeXml

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def local_name(name: str) -> str:
    """The name without its namespace prefix."""
    return name.rpartition(":")[2]


def parse(content: bytes, start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Walk `content`, calling back with local element names. Raises UnsafeXml or DamagedFile."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda name, attributes: start(local_name(name), attributes)
    if end is not None:
        parser.EndElementHandler = lambda name: end(local_name(name))
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise DamagedFile from error


def _refuse_doctype(*_declaration: object) -> None:
    raise UnsafeXml
