"""Two counselors save the same student's interview at the same moment, on two connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Interview
from tests.cast import add_post, build, make_user
from xinyu.access.actor import acting_as


@pytest.mark.django_db(transaction=True)
def test_one_is_saved_and_the_other_is_told():
    here = build("甲")
    with acting_as("system:demo"):
        second = make_user("second-甲", "乙老师")
        add_post(second, "counselor", here.school, granter=here.granter, approver=here.approver)
    url = reverse("assessments:interview-new", args=[here.students[0].pk])
    values = {
        "flags": str(here.flag.pk),
        "outcome": "no_concern",
        "at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }
    together = Barrier(2, timeout=20)

    def save(user):
        try:
            client = Client()
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            together.wait()
            return client.post(url, values | {"summary": f"{user.name}写的"})
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(save, [here.counselor, second]))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert "登记过这名学生的访谈" in loser.content.decode() and "写的" in loser.content.decode()
    with acting_as(here.counselor):
        assert Interview.objects.exclude(pk=here.interview.pk).count() == 1
