"""Icons from the front build (`static/vendor/icons/*.svg`, Tabler Icons, MIT), put into the page as inline SVG.

Inline, because an icon then takes the colour of its text and costs no request.
"""

import logging
import re
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "vendor" / "icons"

# What a missing file shows: an empty square of the same size. A page about a child must not fail for a picture.
_BLANK = '<path d="M5 5h14v14H5z"/>'
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_BODY = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.S)

logger = logging.getLogger(__name__)


class UnsafeIconName(ValueError):
    """An icon name that is not lower-case words joined by hyphens, so it could leave the folder."""


@lru_cache(maxsize=512)
def body(name: str) -> str:
    """The drawing inside the `<svg>` element of icon `name`; raises UnsafeIconName for anything but a plain name."""
    if not _NAME.fullmatch(name):
        raise UnsafeIconName(name)
    try:
        text = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    except FileNotFoundError:
        logger.warning("icon %s is not in the front build", name)
        return _BLANK
    found = _BODY.search(text)
    return " ".join(found.group(1).split()) if found else _BLANK


def svg(name: str, label: str = "", size: int = 20) -> str:
    """A whole `<svg>` element; without `label` it is decoration and hidden from screen readers."""
    spoken = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
    return (
        f'<svg class="icon" width="{int(size)}" height="{int(size)}" viewBox="0 0 24 24" fill="none" '
        f'stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" '
        f'focusable="false" {spoken}>{body(name)}</svg>'
    )
