"""One transaction per request, in the name of the person who asks."""

import logging
import sys
import time
import uuid

from csp.constants import HEADER
from csp.utils import build_policy
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpResponse
from django.template import loader
from django.utils.functional import SimpleLazyObject

from xinyu.ui import errors

from .actor import acting_as, name_of
from .posts import live_posts

SECONDS_BETWEEN_SIGNS = 300
#: where staff come in
STAFF_DOOR = "/account/"
log = logging.getLogger("xinyu.requests")


def request_id_middleware(get_response):
    """First of all: every answer carries an id that the person can read out and the log knows."""

    def middleware(request):
        request.request_id = uuid.uuid4().hex[:12]
        response = get_response(request)
        response["X-Request-ID"] = request.request_id
        return response

    return middleware


def policy_middleware(get_response):
    """The same content security policy on every answer, built once: no page has one of its own."""
    policy = build_policy()

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault(HEADER, policy)
        return response

    return middleware


class CalmDatabase:
    """A dead database is a 503 that says what to do. A class, so that an error inside a view is seen as well."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError):
            return self.unavailable(request)

    def process_exception(self, request, exception):
        if isinstance(exception, OperationalError | InterfaceError):
            return self.unavailable(request)
        return None

    @staticmethod
    def unavailable(request) -> HttpResponse:
        log.exception("database unavailable, request %s", request.request_id)
        html = loader.get_template("errors/503.html").render({"request_id": request.request_id})
        return HttpResponse(html, status=503, headers={"Retry-After": "10", "Cache-Control": "no-store"})


def server_error(request) -> HttpResponse:
    """handler500. What a middleware raises becomes an answer at its own layer, so CalmDatabase never hears of it."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return CalmDatabase.unavailable(request)
    return errors.server_error(request)


def _actor_of(request) -> str:
    keyed = request.session.get("actor", "")
    if keyed and request.path.startswith(STAFF_DOOR):
        request.session.flush()  # a student was here before on this machine: that key is gone now
        keyed = ""
    if keyed and request.session.get("_auth_user_id"):
        raise SuspiciousOperation("a keyed actor and a staff log-in in one session")
    return keyed or name_of(request.user)


def _stay_awake(session, name: str) -> None:
    """The log-in ends half an hour after the last request, not after the first; written at most every five minutes."""
    now = int(time.time())
    if name and now - session.get("seen", 0) > SECONDS_BETWEEN_SIGNS:
        session["seen"] = now


def actor_middleware(get_response):
    """After AuthenticationMiddleware. Rolls back when the answer is >= 500.

    No answer stays on the machine that asked: staff rooms and computer rooms are shared.
    """

    def middleware(request):
        name = request.actor = _actor_of(request)
        _stay_awake(request.session, name)
        request.posts = SimpleLazyObject(live_posts) if name.startswith("user:") else ()
        with acting_as(name):
            response = get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        response.headers.setdefault("Cache-Control", "no-store, private")
        if response.streaming and getattr(response, "file_to_stream", None) is None:
            raise ImproperlyConfigured(
                "a streamed body is read after the transaction: build it first, or stream a file"
            )
        return response

    return middleware
