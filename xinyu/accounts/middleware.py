"""Whoever sees a name, or says who may, needs a second factor: without one, every page leads to setting it up."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect

from xinyu.access.roles import ADMINISTRATORS, ROLES

#: pages that must work before the second factor is set up
_FREE = ("/account/", "/static/", "/a/", "/healthz")


def second_factor_middleware(get_response):
    def middleware(request):
        if (
            settings.SECOND_FACTOR_REQUIRED
            and request.actor.startswith("user:")
            and not request.path.startswith(_FREE)
            and any(ROLES[post.role].sees_names or post.role in ADMINISTRATORS for post in request.posts)
            and not is_mfa_enabled(request.user)
        ):
            return redirect("mfa_activate_totp")
        return get_response(request)

    return middleware
