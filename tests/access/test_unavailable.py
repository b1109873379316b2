"""A dead database is a calm 503 wherever it is noticed: in a view, or in a middleware before any view."""

from django.db import OperationalError
from django.test import RequestFactory

from xinyu.access.middleware import CalmDatabase, server_error


def a_request():
    request = RequestFactory().get("/")
    request.request_id = "0123456789ab"
    return request


def answer_to(error: Exception):
    """What Django makes of an error that a middleware raised."""
    try:
        raise error
    except type(error):
        return server_error(a_request())


def test_a_middleware_without_database_is_answered_with_503():
    answer = answer_to(OperationalError("connection refused"))
    assert answer.status_code == 503
    assert answer["Retry-After"] and "0123456789ab" in answer.content.decode()


def test_any_other_error_stays_500():
    assert answer_to(ValueError("a mistake")).status_code == 500


def test_a_view_without_database_is_answered_with_503():
    calm = CalmDatabase(lambda request: None)
    assert calm.process_exception(a_request(), OperationalError("gone")).status_code == 503
    assert calm.process_exception(a_request(), ValueError("a mistake")) is None
