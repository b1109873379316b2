"""Granting, approving and exporting ask again who it is: an unlocked screen is not a person (safety.md, "Log-in")."""

from collections.abc import Callable
from functools import wraps

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: at the press of a button: it is carried out once the person has proved herself
confirmed_to_press = reauthentication_required
#: at the form, where the view itself asks again when the words come back (`is_signed`)
confirmed_to_sign = reauthentication_required(enabled=lambda request: request.method in ("GET", "HEAD"))


def confirmed_to_open(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """At the form, before anything is typed. When the proof has run out meanwhile, what was typed waits in the page
    that asks for it again, never in a session."""
    opened = confirmed_to_sign(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "POST" and not is_confirmed(request):
            typed = [(name, value) for name, values in request.POST.lists() for value in values]
            kept = [(name, value) for name, value in typed if name != "csrfmiddlewaretoken"]
            return render(request, "accounts/confirm_again.html", {"kept": kept}, status=409)
        return opened(request, *args, **kwargs)

    return wrapper


def is_confirmed(request) -> bool:
    """Whether the person has proved herself a moment ago: asked when typed words come back to be signed."""
    return not is_reauthentication_required(request, app="")
