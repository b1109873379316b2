"""Words that nobody has sent yet: kept for their writer alone, sealed, gone with the form that was accepted."""

import json

import pytest
from django.db import connection

from xinyu.access.actor import acting_as
from xinyu.students.models import TypedDraft
from xinyu.students.typing import DraftRefused, checked, typed_at

pytestmark = pytest.mark.django_db
WORDS = {"text": ["今天他说睡不着"], "csrfmiddlewaretoken": ["secret"], "tags": ["a", "b"]}


def address(world, path="/x/"):
    return f"/students/{world.students[0].pk}/typed/?path={path}"


def keep(client, world, words=WORDS, path="/x/"):
    return client.post(address(world, path), json.dumps(words), content_type="application/json")


def test_words_come_back_to_their_writer_and_to_nobody_else(here, there, enter):
    assert keep(enter(here.counselor), here).status_code == 200
    assert enter(here.counselor).get(address(here)).json()["fields"] == {"text": ["今天他说睡不着"], "tags": ["a", "b"]}
    assert enter(here.homeroom).get(address(here)).json()["fields"] is None
    assert enter(there.counselor).get(address(here)).status_code == 404
    assert keep(enter(there.counselor), here).status_code == 404


def test_the_newest_words_replace_the_older_and_are_sealed(here, enter):
    client = enter(here.counselor)
    keep(client, here)
    keep(client, here, {"text": ["后来睡着了"]})
    with acting_as(here.counselor):
        assert TypedDraft.objects.count() == 1
        assert typed_at(here.students[0], "/x/", actor=here.counselor)[0] == {"text": ["后来睡着了"]}
        with connection.cursor() as cursor:
            cursor.execute("SELECT words FROM students_typeddraft")
            assert "睡着".encode() not in bytes(cursor.fetchone()[0])
    with acting_as(here.principal):
        assert TypedDraft.objects.count() == 0


def test_the_draft_goes_with_the_form_that_was_accepted_and_stays_with_one_that_was_not(here, enter):
    path = f"/students/{here.students[0].pk}/attention/"
    client = enter(here.counselor)
    keep(client, here, path=path)
    assert client.post(path, {"source": ""}).status_code == 422
    assert client.get(address(here, path)).json()["fields"]
    with acting_as("system:demo"):
        from xinyu.students.models import AttentionGroup

        group = AttentionGroup.objects.first() or AttentionGroup.objects.create(code="x", label="留守", source="测试")
    sent = {"group": group.pk, "from_on": "2026-09-01", "source": "家访"}
    assert client.post(path, sent).status_code == 302
    assert client.get(address(here, path)).json()["fields"] is None


def test_a_draft_can_be_thrown_away(here, enter):
    client = enter(here.counselor)
    keep(client, here)
    client.delete(address(here))
    assert client.get(address(here)).json()["fields"] is None


@pytest.mark.parametrize("body", ['"x"', "{", '{"a": "x"}', '{"a": [1]}', json.dumps({"a": ["字" * 60_001]})])
def test_what_is_no_form_is_refused_in_words(here, enter, body):
    answer = enter(here.counselor).post(address(here), body, content_type="application/json")
    assert answer.status_code == 422 and "草稿没有保存" in answer.json()["error"]


def test_secrets_are_never_kept():
    assert checked({"password": ["x"], "a": ["y"]}) == {"a": ["y"]}
    with pytest.raises(DraftRefused):
        checked({str(n): ["x"] for n in range(121)})
