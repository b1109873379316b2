"""Every URL of the platform with arguments that name things of one world."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import World
from tests.house.rows_everywhere import EXTRA

#: pages of allauth and of the API's schema: theirs, not ours; the API is tested by itself
FOREIGN = ("account_", "mfa_")
#: name of a URL argument -> the thing of the world that it names
THINGS = {
    "student_id": "student", "klass_id": "klass", "grade_id": "grade", "school_id": "school", "county_id": "county",
    "screening_id": "screening", "sitting_id": "sitting", "flag_id": "flag", "interview_id": "interview",
    "case_id": "case", "guardian_id": "guardian", "post_id": "post_homeroom", "user_id": "counselor", "city_id": "city",
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One URL: its full name, what its view declares, the arguments it takes."""

    name: str
    declares: str | None
    arguments: tuple[str, ...]
    view: Any = field(compare=False, default=None)

    def url(self, world: World) -> str:
        return reverse(self.name, kwargs={name: self.value(name, world) for name in self.arguments})

    @staticmethod
    def value(name: str, world: World) -> Any:
        if name in EXTRA:
            return EXTRA[name]
        thing = world.students[0] if THINGS[name] == "student" else getattr(world, THINGS[name])
        return thing.pk


def pages(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[Page]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from pages(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and entry.name and not entry.name.startswith(FOREIGN):
            names = tuple(re.findall(r"<(?:\w+:)?(\w+)>", str(entry.pattern)))
            yield Page(prefix + entry.name, getattr(entry.callback, "declares", None), names, entry.callback)
