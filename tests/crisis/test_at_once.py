"""Two people at the same moment, on two connections."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from crisis.actions.moves import move_case
from crisis.actions.opening import open_case
from crisis.models import Case, ClosingRequest
from crisis.refusals import CaseRefusedError
from tests.cast import build
from xinyu.access.actor import acting_as

from .cases import REASON, in_days, opened, second_counselor, talk

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs):
    """Run the jobs together, each on its own connection; what each returned or raised, in order."""
    barrier, out = Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        try:
            barrier.wait(10)
            out[place] = job()
        except Exception as error:  # noqa: BLE001 - handed to the test
            out[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return out


def opening(user, interview):
    def job():
        with acting_as(user):
            return open_case(interview, actor=user, level="yellow", reason=REASON, until_on=in_days(20))

    return job


def test_two_talks_of_one_student_make_one_case_and_two_statements():
    here = build("甲")
    other, kid = second_counselor(here), here.students[1]
    found = at_once(opening(here.counselor, talk(here, kid)), opening(other, talk(here, kid)))
    assert [type(case) for case in found] == [Case, Case]
    with acting_as(here.counselor):
        case = Case.objects.get(student=kid)
        assert case.levelstatements.count() == 2


def test_two_students_get_two_codes():
    here = build("甲")
    talks = [talk(here, student) for student in here.students[1:]]
    found = at_once(opening(here.counselor, talks[0]), opening(second_counselor(here), talks[1]))
    assert sorted(case.code[-3:] for case in found) == ["001", "002"]


def test_two_doubts_at_once_make_one_request():
    here = build("甲")
    case, other = opened(here, here.students[1]), second_counselor(here)

    def doubt(user):
        def job():
            with acting_as(user):
                return move_case(case, "doubt", actor=user, reason="误报")

        return job

    found = at_once(doubt(here.counselor), doubt(other))
    assert sorted(type(result).__name__ for result in found) == ["Case", CaseRefusedError.__name__]
    with acting_as(here.counselor):
        assert ClosingRequest.objects.filter(case=case).count() == 1
