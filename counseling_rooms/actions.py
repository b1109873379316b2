"""Adding a room and saying what is in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from xinyu.access.actor import current_user_id
from xinyu.access.posts import live_posts, schools_with
from xinyu.audit.entries import record
from xinyu.organisations.actions import change_setting
from xinyu.organisations.models import County

from .models import Room


@dataclass(frozen=True)
class RoomValues:
    """`facts`: named as in the standard's data; a number that nobody has measured is left out."""

    name: str
    built_type: str
    accepted_on: date | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def _require_own(school_id: int) -> None:
    """403 unless the acting person keeps the rooms of this school; jobs of the platform pass."""
    if current_user_id() is not None and school_id not in schools_with(live_posts(), "rooms.edit"):
        raise PermissionDenied("辅导室信息由本校心理教师填写。")


def _put(room: Room, values: RoomValues) -> None:
    room.name, room.built_type = values.name, values.built_type
    room.accepted_on, room.facts = values.accepted_on, values.facts


@transaction.atomic
def set_room_rules(county: County, rules: Mapping[str, Any], document: str) -> None:
    """What the county holds where the standard is silent (names of RuleSettings), and the document that it follows."""
    before = {name: change_setting(county, name, partial(_instead, value)) for name, value in rules.items()}
    change_setting(county, "room_rules_document", partial(_instead, document))
    record("rooms.set_rules", subject=county, detail={"before": before, "now": dict(rules)})


def _instead(value: Any, known: Any) -> Any:
    return value


@transaction.atomic
def add_room(school_id: int, values: RoomValues, *, actor) -> Room:
    _require_own(school_id)
    room = Room(school_id=school_id)
    _put(room, values)
    room.save()
    record("rooms.add_room", subject=room, school_id=school_id, detail={"built_type": values.built_type})
    return room


@transaction.atomic
def edit_room(room: Room, values: RoomValues, *, actor) -> Room:
    _require_own(room.school_id)
    locked = Room.objects.select_for_update().get(pk=room.pk)
    changed = sorted(name for name, value in values.facts.items() if locked.facts.get(name) != value)
    detail = {"from": locked.built_type, "to": values.built_type, "facts": changed}
    _put(locked, values)
    locked.save(update_fields=["name", "built_type", "accepted_on", "facts", "updated_at"])
    record("rooms.edit_room", subject=locked, detail=detail)
    return locked
