"""An empty installation gets its city and three administrators, who can then appoint everybody else."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from xinyu.access.actor import acting_as
from xinyu.access.posts import live_posts
from xinyu.accounts.models import Post, User
from xinyu.organisations.models import City, School

pytestmark = pytest.mark.django_db
PEOPLE = [
    *("--administrator", "system_admin", "sys", "甲"),
    *("--administrator", "security_admin", "sec", "乙"),
    *("--administrator", "audit_admin", "aud", "丙"),
]
PLACES = ["--county", "X1", "东区", "--school", "S1", "东区小学", "X1", "primary", "urban"]


def test_a_city_starts_with_three_people_and_their_passwords():
    out = StringIO()
    call_command("set_up_city", "新城市", *PLACES, *PEOPLE, stdout=out)
    passwords = dict(line.split("\t") for line in out.getvalue().splitlines())
    assert set(passwords) == {"sys", "sec", "aud"} and School.objects.get().county.name == "东区"
    for username, password in passwords.items():
        user = User.objects.get(username=username)
        assert user.check_password(password)
        with acting_as(user):
            assert [post.role[:3] for post in live_posts()] == [username]


@pytest.mark.parametrize(
    "arguments",
    [
        PEOPLE[:8],
        [*PEOPLE[:8], "--administrator", "audit_admin", "sys", "甲"],
        ["--school", "S1", "某校", "没有", "primary", "urban", *PEOPLE],
        ["--county", "X1", "东区", "--school", "S1", "某校", "X1", "kindergarten", "urban", *PEOPLE],
    ],
)
def test_what_is_wrong_leaves_nothing_behind(arguments):
    with pytest.raises(CommandError, match="没有建立任何内容"):
        call_command("set_up_city", "新城市", *arguments)
    assert not City.objects.filter(name="新城市").exists() and not User.objects.filter(username="sys").exists()


def test_administrators_are_appointed_once_at_the_machine():
    call_command("set_up_city", "新城市", *PEOPLE, stdout=StringIO())
    with pytest.raises(CommandError, match="已有管理员"):
        call_command("set_up_city", "新城市", *PEOPLE)
    with acting_as("system:posts"):
        assert Post.objects.count() == 3
