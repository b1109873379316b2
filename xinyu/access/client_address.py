"""Whose address a request came from, behind proxies that were said to be there (settings.TRUSTED_PROXIES)."""

import ipaddress

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed


def client_address(forwarded: str, peer: str, proxies: int) -> str:
    """The address that the outermost of our `proxies` saw; each appends its caller to X-Forwarded-For.

    What stands further left was written by the client and proves nothing. `peer`, who connected, where the header is
    too short or not an address: then the request did not come the way that was said.
    """
    hops = forwarded.split(",")
    if not 0 < proxies <= len(hops):
        return peer
    return _address(hops[-proxies].strip()) or peer


def _address(text: str) -> str:
    """Without brackets and port, as some proxies write it; '' for what is no address."""
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    host = host.partition(":")[0] if host.count(":") == 1 else host
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ""


def client_address_middleware(get_response):
    """Writes it where everything looks: limits of log-ins (allauth reads it too), of the doors and of the help page."""
    proxies = settings.TRUSTED_PROXIES
    if not proxies:
        raise MiddlewareNotUsed

    def middleware(request):
        forwarded, peer = request.META.get("HTTP_X_FORWARDED_FOR", ""), request.META.get("REMOTE_ADDR", "")
        request.META["REMOTE_ADDR"] = client_address(forwarded, peer, proxies)
        return get_response(request)

    return middleware
