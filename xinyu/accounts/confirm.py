"""Granting, approving and exporting ask again who it is: an unlocked screen is not a person (safety.md, "Log-in")."""

from allauth.account.decorators import reauthentication_required

#: at the form, before anything is typed: what was typed meanwhile never waits in a session
confirmed_to_open = reauthentication_required(enabled=lambda request: request.method in ("GET", "HEAD"))
#: at the press of a button: it is carried out once the person has proved herself
confirmed_to_press = reauthentication_required
