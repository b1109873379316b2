"""What the log-in page of a demo shows beside its form."""

from django.conf import settings
from django.urls import reverse

from xinyu.accounts.models import User

from .logins import logins


def demo_accounts(request) -> dict:
    """{"demo_accounts": [(role, user name, password)]} on the log-in page of a demo that has been filled, else {}."""
    if not settings.DEMO or request.path != reverse("account_login"):
        return {}
    return {"demo_accounts": logins()} if User.objects.filter(is_demo=True).exists() else {}
