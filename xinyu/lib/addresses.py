"""Addresses that are keys: whoever knows one may act with it, so logs and the audit keep it only with its code masked.

Here and not in the session: an address on paper or in a text message has to open the page by itself.
"""

import logging
import re

MASK = "***"
#: where a code or a token of an address stands: `/c/CODE/`, `/i/CODE/`, `/q/CODE/`, `/feed/TOKEN.ics`, `/a/?c=CODE`
_CODED = re.compile(r"(/(?:c|i|q|feed)/|[?&]c=)[^/?&#\s\"'<>]+")


def without_codes(text: str) -> str:
    """`text` with the code in every address in it masked; it may be a path, a log line or a traceback."""
    return _CODED.sub(rf"\1{MASK}", text)


class CodelessFormatter(logging.Formatter):
    """Masks the finished line, the traceback with it: the framework logs the path of every request that it refuses."""

    def format(self, record: logging.LogRecord) -> str:
        return without_codes(super().format(record))
