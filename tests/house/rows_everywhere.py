"""One row of every sealed table, made by the owner: create what could leak before saying that it does not."""

import datetime
import uuid

from django.apps import apps
from django.db import models
from django.utils import timezone

from assessments.models import StaffRound
from crisis.models import GuardianContact
from tests.cast import World
from xinyu.access.seal import Seal, seal_of
from xinyu.organisations.models import City, County, Grade, Klass, School


def sealed_models() -> list[type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return [m for m in found if m._meta.managed and not m._meta.proxy and isinstance(seal_of(m), Seal)]


class Filler:
    """Makes a row of any model, with the world's own objects where a foreign key asks for one."""

    def __init__(self, world: World):
        self.world = world
        self.made: dict[type, models.Model] = {
            City: world.city,
            County: world.county,
            School: world.school,
            Grade: world.grade,
            Klass: world.klass,
            type(world.students[0]): world.students[0],
            type(world.counselor): world.counselor,
        }
        for thing in world.things.values():
            self.made.setdefault(type(thing), thing)

    def row(self, model: type[models.Model]) -> models.Model:
        if model not in self.made and "school_id" in {f.attname for f in model._meta.concrete_fields}:
            known = model._base_manager.filter(school_id=self.world.school.pk).first()
            if known is not None:
                self.made[model] = known
        if model not in self.made:
            values = {f.name: self.value(f) for f in model._meta.concrete_fields if self.is_asked(f)}
            if "school" in getattr(seal_of(model), "path", "").split():  # a row of the school itself, not of a student
                values["school"] = self.world.school
            self.made[model] = model._base_manager.create(**values)
        return self.made[model]

    @staticmethod
    def is_asked(field: models.Field) -> bool:
        if field.primary_key or field.generated:
            return False
        # columns that a seal may look at, also where they may be empty
        wants_school = field.name.removesuffix("_id") in ("school", "county", "city", "student") and field.null
        return (
            wants_school
            or (field.name in ("to", "to_user", "user", "case", "sitting", "witness"))
            or not (field.null or field.has_default() or field.has_db_default() or field.blank)
        )

    def value(self, field: models.Field):
        if field.name == "reader":  # somebody whom no post lets see the row
            return self.world.vice_principal
        if field.name == "assignee":  # somebody whose post counts for what she is given
            return self.world.expert
        if field.name == "active_until":
            return timezone.localdate() + datetime.timedelta(days=1)
        if field.name == "deputy":  # somebody else than the row's own person: each of the two policies is awake
            return self.world.principal
        if field.name == "to_user":  # somebody who reads the row only because it went to her
            return self.world.teacher
        if field.name == "witness":  # listened to a telephone call, and sees the row only because of that
            return self.world.teacher
        if field.name == "watcher":  # sees the row as the one who was asked only
            return self.world.teacher
        if field.name == "helper":  # sees the pair as its helper only
            return self.world.teacher
        if field.name == "until_on":
            return timezone.localdate() + datetime.timedelta(days=9)
        if field.is_relation:
            return self.row(field.related_model)
        if field.choices:
            return field.choices[0][0]
        if field.name.endswith("_until") and field.get_internal_type() == "DateTimeField":
            return timezone.now() + datetime.timedelta(days=1)  # a row that still shows
        kind = field.get_internal_type()
        if kind == "BigIntegerField" and field.name.endswith("_id"):
            return self.world.students[0].pk if "student" in field.name else self.place(field.name)
        return {
            "CharField": f"{self.world.tag}-{field.name}"[: field.max_length or 40],
            "TextField": "x",
            "JSONField": {},
            "BinaryField": uuid.uuid4().bytes,
            "UUIDField": uuid.uuid4(),
            "BooleanField": True,
            "DateField": datetime.date(2026, 1, 1),
            "DateTimeField": timezone.now(),
        }.get(kind, 1)

    def place(self, column: str) -> int:
        name = column.removesuffix("_id")
        if name == "user":
            return self.world.teacher.pk  # sees nothing by rank: what her own id shows is awake
        return getattr(self.world, name).pk if hasattr(self.world, name) else 1


def _staff_round(world: World) -> StaffRound:
    """One that has started, so that the staff of the school see it by that alone."""
    today = timezone.localdate()
    values = {"opens_on": today, "closes_on": today, "started_at": timezone.now(), "by": world.station_counselor}
    return StaffRound.objects.create(county=world.county, schools={str(world.school.pk): 9}, **values)


def fill(world: World) -> None:
    """Call as the owner. One row for every sealed model that the cast has not made."""
    filler = Filler(world)
    filler.made[StaffRound] = _staff_round(world)
    filler.row(GuardianContact)  # before a hold of the same guardian, which lets no contact be written any more
    for model in sealed_models():
        if "pgh_obj" not in {f.name for f in model._meta.fields}:
            filler.row(model)
    note = world.note  # a second one whose author is not the owner of the case
    values = {"kind": "move", "happened_at": timezone.now(), "by": world.principal}
    type(note).objects.create(case=note.case, student=note.student, **values)
    for student in world.students:  # history is written by triggers, not by hand
        student.name += "改"
        student.save(update_fields=["name"])


#: values for URL arguments that are no thing of the cast: names of moves, days, kinds, and rows that are not there
EXTRA = {
    "name": "plan", "position": 1, "season": "x", "obligation": "x", "level": "school", "year": 2026, "what": "day",
    "on": "2026-11-23", "token": "x", "code": "X", "way": "off", "section": "risk",
}  # fmt: skip
#: keys of rows that the cast has not made: the page answers 404 to everybody who may ask
ABSENT = (
    "version", "report", "room", "notice", "draft", "import", "attention", "item", "request", "due", "place",
    "channel", "absence", "card", "conference", "follow_up", "step", "handover", "concern", "reader",
    "door", "call",
    "expert", "access", "statement",
    "contact", "proof", "advice", "document", "pair", "plan",
    "note", "approval", "decision", "wave", "batch", "round", "part", "alert", "link",
)  # fmt: skip
EXTRA |= {f"{name}_id": 1 for name in ABSENT}
