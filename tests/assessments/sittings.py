"""A running screening in the cast's world, for the tests of the answering side."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from assessments.codes import code_index, new_code
from assessments.models import DutyCheckIn, Result, ScaleVersion, Screening, ScreeningScale, Sitting
from assessments.scale_library import load_library
from xinyu.access.actor import acting_as

BATTERY = ("PHQ-9", "GAD-7")


def open_screening(world, *codes: str, guarded: bool = True):
    """The cast's screening with these scales (default PHQ-9 and GAD-7), somebody on duty; returns it."""
    with acting_as("system:demo"):
        load_library()
        for order, code in enumerate(codes or BATTERY):
            version = ScaleVersion.objects.get(code=code)
            ScreeningScale.objects.get_or_create(screening=world.screening, version=version, defaults={"order": order})
        if guarded:
            check_in(world)
    return world.screening


def check_in(world, user=None, **times) -> None:
    """On duty at the world's school: the counselor, or `user`; from an hour ago, for three hours."""
    now = timezone.now()
    times = {"from_at": now - timedelta(hours=1), "until_at": now + timedelta(hours=3)} | times
    with acting_as("system:demo"):
        DutyCheckIn.objects.create(school=world.school, user=user or world.counselor, **times)


def invite(world, student, **values) -> tuple[Sitting, str]:
    """A sitting of the cast's screening and its code."""
    code = new_code()
    with acting_as("system:demo"):
        facts = {"label": "张* 尾号 07", "sex": "F", "birth_on": student.birth_on, "grade_number": 8} | values
        sitting, _ = Sitting.objects.update_or_create(
            screening=world.screening, student=student, defaults={"code_index": code_index(code), **facts}
        )
    return sitting, code


def change(model, pk: int, **values) -> None:
    with acting_as("system:demo"):
        model.objects.filter(pk=pk).update(**values)


def set_screening(world, **values) -> None:
    change(Screening, world.screening.pk, **values)


def enter(code: str, client: Client | None = None) -> Client:
    """Somebody who typed the code and said 是我."""
    client = client or Client()
    response = client.post("/a/", {"code": code})
    assert response.status_code == 302, response.content.decode()
    client.post("/a/begin/")
    return client


def page(scale: str, values: list, revision: int = 1, **more) -> dict:
    """The body that the script sends; `values` in item order, None for blank."""
    answers = {str(n): value for n, value in enumerate(values, 1) if value is not None}
    return {"scale": scale, "revision": revision, "answers": answers, "seconds": {}} | more


def send(client: Client, url: str, body: dict):
    return client.post(url, body, content_type="application/json")


def as_counselor(world, model, **filters) -> list:
    with acting_as(world.counselor):
        return list(model.objects.filter(**filters).order_by("pk"))


def results(world, sitting) -> list[Result]:
    return as_counselor(world, Result, sitting=sitting)
