"""The world that is measured: the cast's two schools, a questionnaire of 100 items, a screening with many sittings."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db.models import Count
from django.utils import timezone

from assessments.actions.answering import begin_sitting
from assessments.actions.screenings import create_screening, invite_students, move_screening
from assessments.codes import SittingOwner, open_code, screening_key
from assessments.models import DutyCheckIn, ScaleVersion, Screening, ScreeningKey
from assessments.queries.answering import desk
from assessments.scale_library import approve_scale
from assessments.scoring import definition_hash, load_documents, parse_definition
from tests import cast
from xinyu.access.actor import acting_as
from xinyu.demo.names import identity_number, person_name, phone
from xinyu.organisations.models import Klass

ITEMS = 100


def build() -> cast.World:
    return cast.build("甲")


def long_document() -> dict[str, Any]:
    """A questionnaire of 100 items in the shape of the shipped ones, with one critical item."""
    document = dict(load_documents()["PHQ-9"])
    document |= {"code": "BENCH-100", "title_zh": "一百题问卷", "missing": {"rule": "prorate", "up_to": 5}}
    document["items"] = [{"number": n, "text_zh": f"第 {n} 题：最近两周的一种感受"} for n in range(1, ITEMS + 1)]
    document["total"] = {"aggregate": "sum", "range": [0, 3 * ITEMS]}
    document["bands"] = [{**document["bands"][0], "rows": document["bands"][0]["rows"][:3]}]
    document["critical"] = [{"item": 9, "min": 2, "level": "immediate"}]
    return document


def store_scale(document: dict[str, Any]) -> ScaleVersion:
    definition = parse_definition(document)
    return ScaleVersion.objects.create(
        code=definition.code, version=definition.version, title=definition.title_zh, definition=document,
        digest=definition_hash(document), source="bench", licence="bench", text_status=definition.text_status,
    )  # fmt: skip


def open_screening(world: cast.World, klasses: list[Klass]) -> Screening:
    """Planned, invited and opened by the counselor, after the county's officer approved the questionnaire."""
    now = timezone.now()
    with acting_as("system:demo"):
        version = store_scale(long_document())
        end = now + timedelta(hours=9)
        DutyCheckIn.objects.create(school=world.school, user=world.counselor, from_at=now, until_at=end)
    with acting_as(world.county_officer):
        approve_scale(version, world.county, actor=world.county_officer, note="bench: compared with itself")
    with acting_as(world.counselor):
        screening = create_screening(
            world.school, actor=world.counselor, title="测量", opens_at=now - timedelta(minutes=5),
            closes_at=now + timedelta(days=1), scales=[version], klasses=klasses, legal_basis="duty",
        )  # fmt: skip
        invite_students(screening, actor=world.counselor)
        return move_screening(screening, "open", actor=world.counselor)


def roster_rows(count: int, today: date) -> list[list[Any]]:
    """Rows as a school would upload them, header first: 12 columns, valid identity numbers of a region nobody has."""
    dice, rows = Random(1), [list(HEADER)]  # noqa: S311 - invented people
    # the school year of a file read before September began in the year before
    year = today.year - (today.month < 9)
    for n in range(count):
        grade, klass, place = n % 3, n // 3 % 90, n // 270
        sex = "FM"[n % 2]
        birth_on = date(year - 13 - grade, 9, 1) + timedelta(days=n // 2 % 360)
        number = f"{year - grade}{klass + 1:02d}{place + 1:04d}"
        identity = identity_number(birth_on, sex, n // 720 % 500)
        rows.append(
            [number, person_name(dice, sex), "女男"[n % 2], ("七年级", "八年级", "九年级")[grade], f"{klass + 3}班"]
            + [year - grade, identity, birth_on.isoformat(), "走读", person_name(dice, "F"), "母亲", phone(n)]
        )
    return rows


HEADER = (
    "学号", "姓名", "性别", "年级", "班级", "入学年份", "身份证号", "出生日期", "住宿方式",
    "监护人姓名", "监护人关系", "监护人电话",
)  # fmt: skip


@dataclass(frozen=True)
class Seats:
    """Invited sittings in the order of their ids, with the codes that students type."""

    screening_id: int
    klass_id: int
    ids: list[int]
    codes: list[str]


def prepare_sittings(world: cast.World, count: int) -> Seats:
    """A screening for enough classes of the imported roster."""
    with acting_as(world.counselor):
        klasses, seats = [], 0
        for klass in Klass.objects.filter(school=world.school).annotate(size=Count("students")).order_by("pk"):
            if klass.size > 10 and seats < count:
                klasses, seats = [*klasses, klass], seats + klass.size
    screening = open_screening(world, klasses)
    with acting_as(world.counselor):
        key = screening_key(screening.pk, ScreeningKey.objects.get(screening=screening).wrapped)
        rows = screening.sittings.order_by("pk").values_list("pk", "student_id", "code_sealed")
        pairs = [(pk, open_code(sealed, SittingOwner(screening.pk, student, key))) for pk, student, sealed in rows]
    return Seats(screening.pk, klasses[0].pk, [pk for pk, _ in pairs], [code for _, code in pairs])


def begin(ids: list[int]) -> list[int]:
    """Let these sittings begin, one after another, as themselves."""
    for pk in ids:
        with acting_as(f"sitting:{pk}"):
            begin_sitting(desk(pk))
    return ids
