"""What the platform's scripts say, and how they stop."""

import sys
from collections.abc import Callable
from functools import wraps


class Refusal(Exception):
    """Set-up cannot go on; the message tells the person what is missing and what to do."""


def say(text: str) -> None:
    """Print to standard error: standard output belongs to results such as the bench's JSON."""
    print(text, file=sys.stderr, flush=True)


def command(main: Callable[[], int]) -> Callable[[], int]:
    """Turn a Refusal into one clear message and exit code 1, Ctrl-C into 130."""

    @wraps(main)
    def guarded() -> int:
        try:
            return main()
        except Refusal as refusal:
            say(f"\n✗ {refusal}")
            return 1
        except KeyboardInterrupt:
            return 130

    return guarded
