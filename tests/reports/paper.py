"""A student with something in every section, and reading a PDF back."""

import io
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from pypdf import PdfReader

from assessments.actions.growth import add_entry, write_observation
from assessments.choices import EntryKind
from assessments.models import Result, ScaleVersion
from assessments.scale_library import load_library
from xinyu.access.actor import acting_as
from xinyu.students.actions import add_attention
from xinyu.students.models import AttentionGroup


def fill(world, key: int = 1) -> None:
    """Entries, an attention group and a result of the first student of the cast's school, each with a canary."""
    kid, counselor, today = world.students[0], world.counselor, timezone.localdate()
    tag = world.tag
    with acting_as(counselor):
        add_attention(kid, AttentionGroup.objects.first(), from_on=today, source=f"{tag}排查登记", actor=counselor)
        for number, kind in enumerate((EntryKind.STRENGTH, EntryKind.HOME, EntryKind.LESSON), start=key):
            add_entry(
                kid, kind, today, f"{tag}标题{number}", f"{tag}内容{number}", source=f"t:{number}", author=counselor
            )
        write_observation(kid, actor=counselor, on=today, text=f"{tag}观察", is_shared=False, key=UUID(int=key))
    with acting_as("system:demo"):
        load_library()
        version = ScaleVersion.objects.get(code="PHQ-9")
        sheet = {"display_total": 6, "band": {"source": "s"}}
        Result.objects.create(
            sitting=world.sitting, version=version, scale="PHQ-9", is_complete=True, is_valid=True, total=6,
            band=f"{tag}轻度信号", band_order=1, sheet=sheet,
        )  # fmt: skip
        entry_day = today - timedelta(days=1)
        add_entry(kid, EntryKind.CASE, entry_day, f"canary-{tag}-case-title", source="t:case")


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace(" ", "").replace("\n", "")


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text().replace(" ", "").replace("\n", "") for page in PdfReader(io.BytesIO(pdf)).pages]
