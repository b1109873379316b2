"""Put the request's id where audit entries find it, and record refusals after the request's own transaction."""

from pghistory.middleware import HistoryMiddleware

from xinyu.access.actor import DOOR, acting_as
from xinyu.lib.addresses import without_codes

from .entries import record, request_id


def audit_middleware(get_response):
    """Outside the actor's middleware: a refusal has a transaction of its own, so no rollback takes it away."""

    def middleware(request):
        token = request_id.set(request.request_id)
        try:
            response = get_response(request)
            if response.status_code == 403:
                _record_denial(request)
            return response
        finally:
            request_id.reset(token)

    return middleware


def _record_denial(request) -> None:
    name = getattr(request, "actor", "")
    with acting_as(name if name.startswith("user:") else DOOR):
        path = without_codes(request.path)[:200]
        record("access.denied", subject="", detail={"path": path, "method": request.method})


class HistoryOfStaff(HistoryMiddleware):
    """Who changed a row that keeps its history, and on which page. Sittings and the door may change no such row."""

    def __call__(self, request):
        if request.path.startswith("/a/"):
            return self.get_response(request)
        return super().__call__(request)
