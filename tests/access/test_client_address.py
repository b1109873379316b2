"""The client's address behind proxies: counted from our side, never believed from the client's."""

import pytest
from django.core.cache import cache
from django.test import Client

from assessments.queries import door
from xinyu.access.client_address import client_address

PROXY = "10.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "proxies", "found"),
    [
        ("", 0, PROXY),
        ("203.0.113.7", 0, PROXY),
        ("203.0.113.7", 1, "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7", 1, "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7, 10.0.0.2", 2, "203.0.113.7"),
        ("203.0.113.7", 2, PROXY),
        ("", 1, PROXY),
        ("unknown", 1, PROXY),
        ("203.0.113.7:51344", 1, "203.0.113.7"),
        ("2001:db8::7", 1, "2001:db8::7"),
        ("[2001:DB8::7]:443", 1, "2001:db8::7"),
    ],
)
def test_the_address_is_the_one_that_the_outermost_own_proxy_saw(forwarded, proxies, found):
    assert client_address(forwarded, PROXY, proxies) == found


@pytest.mark.django_db
@pytest.mark.parametrize(("proxies", "second"), [(1, 404), (0, 429)])
def test_who_guesses_behind_the_proxy_is_limited_alone(settings, monkeypatch, proxies, second):
    settings.TRUSTED_PROXIES = proxies
    monkeypatch.setattr(door, "MOST_WRONG", 1)
    cache.clear()
    client = Client(REMOTE_ADDR=PROXY)

    def guess(address):
        return client.get("/c/ABCDE23456/", headers={"X-Forwarded-For": f"6.6.6.6, {address}"}).status_code

    assert [guess("203.0.113.7"), guess("203.0.113.7")] == [404, 429]
    assert guess("203.0.113.8") == second
