"""Posts: three people behind each, and every change counts with the next request."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import add_post, make_user
from xinyu.access.actor import acting_as
from xinyu.accounts import actions
from xinyu.accounts.models import Post, User
from xinyu.audit.models import AuditEntry
from xinyu.students.models import Student

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def grant(world, user, **dates):
    with acting_as(world.security_admin):
        return actions.grant_post(
            user, "counselor", world.school, actor=world.security_admin, **({"valid_from": TODAY()} | dates)
        )


def students_of(user) -> int:
    with acting_as(user):
        return Student.objects.count()


def test_a_post_counts_once_a_third_person_approved_it(here):
    newcomer = make_user("newcomer")
    post = grant(here, newcomer)
    assert students_of(newcomer) == 0
    with acting_as(here.security_admin), pytest.raises(actions.PostRefused, match="第三个人"):
        actions.approve_post(post, actor=here.security_admin)
    with acting_as(here.principal):
        actions.approve_post(post, actor=here.principal)
    assert students_of(newcomer) == 3
    with acting_as(here.security_admin):
        actions.revoke_post(post, actor=here.security_admin)
    assert students_of(newcomer) == 0
    with acting_as("system:demo"):
        verbs = list(AuditEntry.objects.filter(verb__contains="_post").order_by("id").values_list("verb", flat=True))
    assert verbs == ["accounts.grant_post", "accounts.approve_post", "accounts.revoke_post"]


def test_nobody_grants_to_herself_nor_outside_her_city_nor_backwards(here):
    with acting_as(here.security_admin):
        with pytest.raises(actions.PostRefused, match="自己"):
            actions.grant_post(
                here.security_admin, "counselor", here.school, valid_from=TODAY(), actor=here.security_admin
            )
        with pytest.raises(actions.PostRefused, match="晚于"):
            actions.grant_post(
                here.nobody, "counselor", here.school, valid_from=TODAY(), valid_to=TODAY(), actor=here.security_admin
            )
        with pytest.raises(actions.PostRefused, match="范围不对"):
            actions.grant_post(here.nobody, "homeroom", here.school, valid_from=TODAY(), actor=here.security_admin)


def test_the_database_refuses_what_the_actions_refuse(here):
    post = grant(here, make_user("newcomer"))
    with acting_as("system:demo"), pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(approved_by=here.security_admin, approved_at=timezone.now())


def test_the_list_offers_approval_to_a_third_person_only(here, enter):
    post = grant(here, here.nobody)
    url = f"/posts/{post.pk}/approve/"
    assert url not in enter(here.security_admin).get("/posts/").text
    page = enter(here.principal).get("/posts/")
    assert url in page.text and "待批准" in page.text
    assert enter(here.principal).post(url).status_code == 302
    assert students_of(here.nobody) == 3


def test_granting_through_the_pages(here, enter):
    client = enter(here.security_admin)
    assert client.get("/posts/grant/").status_code == 200
    assert client.get("/posts/grant/?role=homeroom").status_code == 422
    url = f"/posts/grant/?role=homeroom&school={here.school.pk}"
    assert "甲中学" in client.get(url).text
    data = {"user": here.nobody.pk, "place": here.klass.pk, "valid_from": TODAY()}
    bad = client.post(url, data | {"valid_to": TODAY() - timedelta(days=1)})
    assert bad.status_code == 422 and "结束日期要晚于开始日期" in bad.text
    assert client.post(url, data).status_code == 302
    with acting_as(here.security_admin):
        post = Post.objects.get(user=here.nobody)
        assert (post.klass_id, post.school_id, post.approved_at) == (here.klass.pk, here.school.pk, None)


def test_a_new_account_sees_nothing(here, enter):
    client = enter(here.security_admin)
    weak = client.post("/staff/new/", {"username": "abc", "name": "新人", "password": "12345"})
    assert weak.status_code == 422
    made = client.post("/staff/new/", {"username": "abc", "name": "新人", "password": "quiet-river-42"})
    assert made.status_code == 302
    assert students_of(User.objects.get(username="abc")) == 0


@pytest.mark.parametrize("role", ["counselor", "homeroom", "system_admin", "audit_admin", "revoked"])
def test_roles_without_the_verb_get_403(here, enter, role):
    client = enter(here.users[role])
    assert client.get("/posts/").status_code == 403
    assert client.get("/posts/grant/").status_code == 403
    assert client.post("/staff/new/").status_code == 403


def test_posts_of_another_school_are_out_of_sight(here, there, enter):
    post = grant(here, here.nobody)
    assert enter(there.principal).post(f"/posts/{post.pk}/approve/").status_code == 404
    assert "甲中学" not in enter(there.principal).get("/posts/").text


def test_the_list_asks_the_same_number_of_questions_for_more_posts(here, enter):
    client = enter(here.principal)
    client.get("/posts/")
    with CaptureQueriesContext(connection) as few:
        client.get("/posts/")
    with acting_as("system:demo"):
        for number in range(3):
            add_post(make_user(f"more{number}"), "teacher", here.school, granter=here.granter, approver=here.approver)
    with CaptureQueriesContext(connection) as many:
        client.get("/posts/")
    assert len(many) == len(few)


def test_three_administrators_are_three_people(here):
    with acting_as(here.security_admin):
        for user, role, place in (
            (here.audit_admin, "system_admin", here.city),
            (here.audit_admin, "counselor", here.school),
            (here.teacher, "audit_admin", here.city),
        ):
            with pytest.raises(actions.PostRefused, match="三人分别担任"):
                actions.grant_post(user, role, place, valid_from=TODAY(), actor=here.security_admin)
        actions.grant_post(here.teacher, "homeroom", here.klass, valid_from=TODAY(), actor=here.security_admin)


def test_the_database_keeps_administrators_apart_too(here):
    with (
        acting_as("system:demo"),
        pytest.raises(IntegrityError, match="post_administrators_apart"),
        transaction.atomic(),
    ):
        add_post(here.audit_admin, "system_admin", here.city, granter=here.granter, approver=here.approver)
