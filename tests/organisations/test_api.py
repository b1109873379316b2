"""The open data interface: a token's scope and its person's posts, nothing about people."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from xinyu.access.actor import acting_as
from xinyu.accounts.actions import issue_token
from xinyu.accounts.models import ApiToken
from xinyu.dashboard.models import Coverage

pytestmark = pytest.mark.django_db


def token_of(user, *scopes, days=30):
    with acting_as(user):
        return issue_token(user, "大屏", scopes, timezone.localdate() + timedelta(days=days))


def ask(client, path, token):
    return client.get(f"/api/{path}/", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def counted(here, there):
    with acting_as("system:statistics"):
        for world in (here, there):
            Coverage.objects.create(
                school=world.school, screening_id=world.screening.pk, title="普测", opens_on=date(2026, 11, 1),
                grade_id=world.grade.pk, grade_name="初二", invited=3, started=2, finished=1, exempt=0,
                counted_at=timezone.now(),
            )  # fmt: skip
    return here


def test_an_officer_reads_schools_and_coverage_of_the_own_county(counted, there, client):
    token = token_of(counted.county_officer, "organisations", "coverage")
    schools = ask(client, "v1/schools", token).json()
    assert [row["code"] for row in schools["results"]] == [counted.school.code]
    [row] = ask(client, "v1/coverage", token).json()["results"]
    assert (row["school"], row["invited"], row["finished"]) == (counted.school.code, 3, 1)
    assert not any(word in str(row) for word in ("level", "甲同学", "student"))
    both = ask(client, "v1/coverage", token_of(counted.city_officer, "coverage")).json()
    assert both["count"] == 2


def test_scope_expiry_revocation_and_no_token(counted, client):
    narrow = token_of(counted.county_officer, "organisations")
    assert ask(client, "v1/coverage", narrow).status_code == 403
    assert ask(client, "v1/counties", narrow).json()["count"] == 1
    assert ask(client, "v1/counties", token_of(counted.county_officer, "organisations", days=-1)).status_code == 401
    ApiToken.objects.update(revoked_at=timezone.now())
    assert ask(client, "v1/counties", narrow).status_code == 401
    assert client.get("/api/v1/counties/").status_code == 401
    assert client.post("/api/v1/counties/").status_code in (401, 405)


def test_a_persons_post_gives_the_sight_and_not_the_token(counted, client):
    assert ask(client, "v1/coverage", token_of(counted.homeroom, "coverage")).json()["count"] == 0
    assert ask(client, "v1/schools", token_of(counted.revoked, "organisations")).json()["count"] == 0


def test_only_a_hash_of_the_token_is_kept(counted):
    token = token_of(counted.county_officer, "coverage")
    assert token.encode() not in bytes(ApiToken.objects.get().digest)


def test_the_interface_describes_itself(client, db):
    answer = client.get("/api/schema/")
    assert answer.status_code == 200 and "/api/v1/coverage/" in answer.text and "bearer" in answer.text
