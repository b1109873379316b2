"""Put the request's id where audit entries find it."""

from .entries import request_id


def audit_middleware(get_response):
    def middleware(request):
        token = request_id.set(request.request_id)
        try:
            return get_response(request)
        finally:
            request_id.reset(token)

    return middleware
