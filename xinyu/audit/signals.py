"""Log-ins, log-outs and failed log-ins. These are Django's events, so its signals are the way to hear of them."""

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from xinyu.access.actor import DOOR, acting_as

from .entries import record


@receiver(user_logged_in)
def on_login(sender, request, user, **kwargs) -> None:
    with acting_as(user):
        record("accounts.logged_in", subject=user)


@receiver(user_logged_out)
def on_logout(sender, request, user, **kwargs) -> None:
    if user is not None:
        with acting_as(user):
            record("accounts.logged_out", subject=user)


@receiver(user_login_failed)
def on_failure(sender, credentials, request=None, **kwargs) -> None:
    with acting_as(DOOR):  # the name that was typed may be a password by mistake: it is not kept
        record("accounts.login_failed", subject="")
