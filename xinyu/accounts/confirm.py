"""Granting, approving and exporting ask again who it is: an unlocked screen is not a person (safety.md, "Log-in")."""

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required

#: at the form, before anything is typed: what was typed meanwhile never waits in a session
confirmed_to_open = reauthentication_required(enabled=lambda request: request.method in ("GET", "HEAD"))
#: at the press of a button: it is carried out once the person has proved herself
confirmed_to_press = reauthentication_required


def is_confirmed(request) -> bool:
    """Whether the person has proved herself a moment ago: asked when typed words come back to be signed."""
    return not is_reauthentication_required(request, app="")
