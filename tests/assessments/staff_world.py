"""A round for the staff of the cast's school, and how its people answer; for tests of every layer."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions import staff_answers, staff_rounds
from assessments.answers import Page, Sheet
from assessments.models import StaffRound, StaffSitting
from tests.assessments.screening_world import approved_scales
from tests.cast import add_post, make_user
from xinyu.access.actor import acting_as
from xinyu.accounts.models import Post

PHONE = "13912345678"
CODES = ("PHQ-9", "GAD-7")
#: item 9 of the PHQ-9 above zero and everything else at the lowest: the total says nothing, the item does
CALM, WITH_ITEM_9 = (0,) * 9, (0,) * 8 + (1,)
#: how a round can close under somebody's hands
CLOSINGS = ("ended", "station left")


def planned(world, *codes: str, by=None, **values) -> StaffRound:
    """A draft by the world's station counselor."""
    actor, today = by or world.station_counselor, timezone.localdate()
    versions = approved_scales(world, *(codes or CODES))
    by_code = {version.code: version for version in versions}
    given = {
        "title": f"{world.tag}教职工自测", "words": "辛苦了。", "station": "幸福路 1 号，周二下午，0731-88712345",
        "versions": [by_code[code] for code in codes or CODES], "school_ids": [world.school.pk],
        "opens_on": today, "closes_on": today + timedelta(days=7),
    }  # fmt: skip
    with acting_as(actor):
        return staff_rounds.plan_round(world.county, actor=actor, **(given | values))


def started(world, *codes: str, **values) -> StaffRound:
    row = planned(world, *codes, **values)
    with acting_as(world.station_counselor):
        return staff_rounds.start_round(row, actor=world.station_counselor)


def closed(world, row: StaffRound, how: str) -> None:
    """As in CLOSINGS: the county ends it, or the last post at the station runs out."""
    if how == "ended":
        with acting_as(world.county_officer):
            staff_rounds.end_round(row, actor=world.county_officer)
    else:
        with acting_as("system:demo"):
            Post.objects.filter(pk=world.post_station_counselor.pk).update(revoked_at=timezone.now())


def agreed(world, row: StaffRound, user) -> StaffSitting:
    with acting_as(user):
        return staff_answers.agree(row, actor=user, contact=PHONE)


def saved(sitting: StaffSitting, user, code: str, values, *, is_last: bool) -> StaffSitting:
    with acting_as(user):
        return saved_inside(sitting, user, code, values, is_last=is_last)


def saved_inside(sitting: StaffSitting, user, code: str, values, *, is_last: bool) -> StaffSitting:
    """As `saved`, for whoever acts as the user already."""
    return staff_answers.save_part(sitting, Page(code, 1, Sheet(tuple(values))), actor=user, is_last=is_last)


def handed_in(world, row: StaffRound, user, phq=CALM) -> StaffSitting:
    """Somebody who answered both parts."""
    sitting = agreed(world, row, user)
    saved(sitting, user, "PHQ-9", phq, is_last=False)
    return saved(sitting, user, "GAD-7", (0,) * 7, is_last=True)


def teachers(world, count: int) -> list:
    with acting_as("system:demo"):
        people = [make_user(f"more-{world.tag}-{n}", f"{world.tag}老师{n}") for n in range(count)]
        for user in people:
            add_post(user, "teacher", world.school, granter=world.granter, approver=world.approver)
    return people


def form_of(code: str, values) -> dict[str, str]:
    """A page as a browser sends it: places of the options, which are the values of these scales."""
    return {"scale": code, "revision": "0"} | {str(n): str(value) for n, value in enumerate(values, 1)}


def answer_all(client: Client, row: StaffRound, phq=CALM):
    """Through the pages: agree, both parts; the answer to the last post."""
    client.post(reverse("assessments:self-round", args=[row.pk]), {"contact": PHONE, "is_agreed": "on"})
    client.post(reverse("assessments:self-page", args=[row.pk, 1]), form_of("PHQ-9", phq))
    return client.post(reverse("assessments:self-page", args=[row.pk, 2]), form_of("GAD-7", (0,) * 7))
