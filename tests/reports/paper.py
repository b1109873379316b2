"""A student with something in every section, and reading a PDF back."""

import io
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from pypdf import PdfReader

from assessments.actions.earlier import import_earlier, withdraw_earlier
from assessments.actions.growth import add_entry, write_observation
from assessments.actions.readings import read_result, record_informant
from assessments.choices import EntryKind
from assessments.earlier_rows import EarlierRow
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


def fill_results(world) -> None:
    """A sheet that is read, one that is not interpreted, two informants, two files of another platform (one taken
    back), each with a canary."""
    kid, counselor, tag = world.students[0], world.counselor, world.tag
    with acting_as("system:demo"):
        load_library()
        scales = {version.code: version for version in ScaleVersion.objects.all()}
        band = {"label": f"{tag}轻度", "source": f"{tag}界值来源", "concern": 1}
        made = [
            Result.objects.create(
                sitting=world.sitting, version=scales[code], scale=code, is_complete=True, sheet=sheet, **said
            )
            for code, sheet, said in (
                ("PHQ-9", {"display_total": 6, "band": band}, {"is_valid": True, "total": 6, "band": band["label"]}),
                ("K6", {"display_total": 7, "band": band}, {"is_valid": True, "total": 7, "band": band["label"]}),
                ("GAD-7", {"invalid_because": ["missing"]}, {"is_valid": False, "total": None, "band": ""}),
            )
        ]
    with acting_as(counselor):
        read_result(made[0], actor=counselor, verdict="not", note=f"{tag}谈过以后")
        for role, who in (("parent", f"{tag}母亲"), ("teacher", f"{tag}班主任")):
            record_informant(
                kid, scales["SDQ"], [1] * 25, actor=counselor, role=role, form="A", who=who, filled_on=date(2026, 1, 5)
            )
        for platform, said in ((f"{tag}旧平台", f"{tag}原话"), (f"{tag}错文件", f"{tag}收回的话")):
            row = EarlierRow(kid.pk, timezone.localdate() - timedelta(days=40), "SCL-90", "165", said)
            batch = import_earlier(world.school, [row], actor=counselor, platform=platform, document="old.xlsx")
        withdraw_earlier(batch, actor=counselor)


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace(" ", "").replace("\n", "")


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text().replace(" ", "").replace("\n", "") for page in PdfReader(io.BytesIO(pdf)).pages]
