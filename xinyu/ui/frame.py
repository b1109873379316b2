"""The few shapes that base.html and the components read. Pure: no Django, no database."""

from dataclasses import dataclass
from typing import NamedTuple


class NavItem(NamedTuple):
    """One entry of the left navigation; an empty `url` makes it a group heading, `badge` is a count or ''."""

    title: str
    url: str = ""
    icon: str = ""
    active: bool = False
    badge: int | str = ""


class Crumb(NamedTuple):
    """One step of the breadcrumb trail; the last one carries no `url`."""

    title: str
    url: str = ""


class Tab(NamedTuple):
    """One tab: a link to a page (or part) of its own, so that it works without JavaScript."""

    title: str
    url: str
    active: bool = False
    badge: int | str = ""


@dataclass(frozen=True)
class Banner:
    """A line over the page that stays until its cause is gone (Redis down, estimated calendar, demo data)."""

    text: str
    tone: str = "notice"
    icon: str = "info-circle"
    url: str = ""
    link: str = "了解详情"


@dataclass(frozen=True)
class Fact:
    """What a person needs to read a state: words, an icon and a tone, kept beside the choice itself."""

    label: str
    icon: str = "circle"
    tone: str = "neutral"


@dataclass(frozen=True)
class Moment:
    """One entry of a timeline. `at` is a date or datetime; `body` is plain text."""

    at: object
    title: str
    body: str = ""
    who: str = ""
    icon: str = "point"
    tone: str = "neutral"
    url: str = ""


@dataclass(frozen=True)
class Progress:
    """State of a job that runs elsewhere, as the progress component shows it.

    `percent` is 0–100 or None while the size of the work is unknown; `state` is running, done, failed or cancelled.
    """

    title: str
    state: str = "running"
    percent: int | None = None
    detail: str = ""
    poll_url: str = ""
    cancel_url: str = ""
    result_url: str = ""
    result_label: str = "打开结果"

    @property
    def is_running(self) -> bool:
        return self.state == "running"
