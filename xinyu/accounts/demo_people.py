"""Log-ins of the demo are known to everybody, so outside a demo they neither open a door nor let the platform start."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .models import User


def is_refused(user: User) -> bool:
    return user.is_demo and not settings.DEMO


def refuse_demo_people() -> None:
    """Raises ImproperlyConfigured when a real installation's database holds people of the demo."""
    if not settings.DEMO and User.objects.filter(is_demo=True).exists():
        raise ImproperlyConfigured("the database holds log-ins of the demo, and XINYU_DEMO is not 1")
