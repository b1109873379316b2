"""Everybody's first minute: log in, see what is one's own, find one's way on a phone."""

import pytest

from tests.stories.people import DESKTOP, PHONE
from xinyu.demo.logins import logins

pytestmark = pytest.mark.story


@pytest.mark.parametrize(("label", "username"), [(label, username) for label, username, _ in logins()])
def test_everybody_arrives_at_today(arriving, label, username):
    person = arriving(username, PHONE)
    person.sees("今天")
    person.sees("演示数据")
    assert person.picture(f"today-{username}").exists()


def test_a_wrong_password_is_said_and_the_name_is_kept(arriving):
    person = arriving("", DESKTOP)
    person.go("/account/login/")
    person.page.fill("input[name=login]", "counselor1")
    person.page.fill("input[name=password]", "nothing-like-it")
    person.page.get_by_role("button", name="登录").click()
    person.sees("不正确")
    assert person.page.input_value("input[name=login]") == "counselor1"
    person.picture("log-in-refused")
