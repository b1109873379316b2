"""Signatures: who signed what when; a changed row and changed words both show; the outsider finds nothing."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, transaction

from xinyu.access.actor import acting_as
from xinyu.audit.models import AuditEntry, Signature
from xinyu.audit.signing import digest_of, sign, signatures_of, verify_signature

pytestmark = pytest.mark.django_db


def signed(world, **more):
    content = {"级别": "黄", "理由": "已稳定"}
    values = {"purpose": "test", "title": "结案复核", "content": content, "role": "counselor"} | more
    with acting_as(world.counselor):
        return sign(world.case, **values)


def test_the_order_of_the_content_does_not_matter_and_one_letter_does():
    assert digest_of({"a": 1, "b": "二"}) == digest_of({"b": "二", "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_a_signature_names_person_role_time_and_content(here):
    row = signed(here)
    assert (row.name, row.role_label, len(row.code), len(row.digest)) == ("甲counselor", "心理教师", 12, 64)
    with acting_as(here.principal):
        assert [one.code for one in signatures_of(here.case)] == [row.code]
        assert verify_signature(signatures_of(here.case)[0]).is_genuine
        assert AuditEntry.objects.filter(verb="audit.sign", detail__code=row.code).count() == 1


@pytest.mark.parametrize(("field", "value"), [("name", "别人"), ("digest", "0" * 64), ("role", "principal")])
def test_a_row_changed_behind_the_platform_does_not_verify(here, field, value):
    row = signed(here)
    with acting_as(here.counselor):
        stored = Signature.objects.get(pk=row.pk)
        assert verify_signature(stored).is_genuine
        setattr(stored, field, value)
        assert not verify_signature(stored).is_genuine


def test_nobody_signs_for_another_nor_changes_nor_takes_away(here):
    row = signed(here)
    for query in (
        f"UPDATE audit_signature SET name = 'x' WHERE id = {row.pk}",
        f"DELETE FROM audit_signature WHERE id = {row.pk}",
        f"INSERT INTO audit_signature SELECT (jsonb_populate_record(s, jsonb_build_object('id', 9999, 'code', 'B',"
        f" 'actor', 'user:{here.counselor.pk}'))).* FROM audit_signature s",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), acting_as(here.principal):
            connection.cursor().execute(query)


def test_a_job_does_not_sign(here):
    with pytest.raises(PermissionDenied), acting_as("system:demo"):
        sign(here.case, purpose="test", title="x", content="x", role="counselor")


def test_the_page_says_whether_it_holds_and_the_outsider_finds_none(here, there, enter):
    row = signed(here)
    page = enter(here.principal).get(f"/audit/signatures/?code={row.code.lower()}", follow=True).text
    assert "甲counselor" in page and "签字有效" in page and row.digest in page
    for stranger in (there.counselor, there.principal, here.county_officer, here.teacher):
        client = enter(stranger)
        assert client.get(f"/audit/signatures/{row.code}/").status_code == 404
        assert "没有找到这个编号" in client.get(f"/audit/signatures/?code={row.code}").text
        assert "甲counselor" not in client.get(f"/audit/signatures/?code={row.code}").text


def test_the_bureau_verifies_what_is_meant_for_it_in_its_own_place(here, there, enter):
    row = signed(here, for_bureau=True)
    for officer, status in ((here.county_officer, 200), (here.city_officer, 200), (there.county_officer, 404)):
        assert enter(officer).get(f"/audit/signatures/{row.code}/").status_code == status
