"""The scales that come with the platform: one JSON document each in `assessments/scales/`."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from .definition import Definition
from .errors import DefinitionError
from .parse import parse_definition

FOLDER = Path(__file__).resolve().parent.parent / "scales"


def load_documents(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """Scale code → plain document, as to be stored with its hash. Raises DefinitionError for unreadable or doubled."""
    documents: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as broken:
            raise DefinitionError("not_json", path.name, f"无法读取：{broken}") from broken
        code = document.get("code") if isinstance(document, dict) else None
        if not isinstance(code, str) or code in documents:
            raise DefinitionError("scale_twice", path.name, f"没有代号，或代号“{code}”重复")
        documents[code] = document
    return documents


def load_scales() -> dict[str, Definition]:
    """Scale code → definition of every shipped scale; parsed once per process, the dict is the caller's own."""
    return dict(_scales())


@lru_cache(maxsize=1)
def _scales() -> dict[str, Definition]:
    return {code: parse_definition(document) for code, document in load_documents().items()}


def find_scale(code: str) -> Definition | None:
    """A shipped scale by code, in any case of letters."""
    wanted = code.strip().upper()
    return next((scale for known, scale in _scales().items() if known.upper() == wanted), None)
