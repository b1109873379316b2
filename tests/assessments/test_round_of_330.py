"""330 same-day flags in a school of 1,500, worked through the pages by two counselors: figures, and nobody twice."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import Flag
from tests.assessments.test_rounds import LIST, NEXT, second_counselor, tap, wait
from tests.cast import make_student
from xinyu.access.actor import acting_as

pytestmark = pytest.mark.django_db


def test_the_round_of_a_large_school(here, capsys):
    wait(here, 330)
    with acting_as("system:demo"):
        for n in range(1170):
            make_student((here.klass, here.other_klass)[n % 2], f"x{n:04d}", f"其他{n:04d}")
    clients = []
    for user in (here.counselor, second_counselor(here)):
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        clients.append(client)
    said = []
    for url in (LIST, "/interviews/"):
        clients[0].get(url)
        with CaptureQueriesContext(connection) as seen:
            began = time.monotonic()
            clients[0].get(url)
        said.append(f"{url} {len(seen.captured_queries)} queries {1000 * (time.monotonic() - began):.0f} ms")
    pages = [client.post(NEXT).url for client in clients]
    talked, times = set(), []
    for turn in range(340):
        page = pages[turn % 2]
        if page == LIST:
            break
        assert page not in talked
        talked.add(page)
        began = time.monotonic()
        pages[turn % 2] = tap(clients[turn % 2], page, heard="none", outcome="no_concern").url
        times.append(time.monotonic() - began)
    assert len(talked) >= 329
    with acting_as(here.counselor):
        assert Flag.objects.filter(source="item", handled_at=None).count() <= 1
    times.sort()
    said.append(f"open, save and next: median {1000 * times[165]:.0f} ms, slowest {1000 * times[-1]:.0f} ms")
    with capsys.disabled():
        print("\n" + "\n".join(said))
