"""What must be right, and ready, before a web process or a worker serves anybody."""

from django.urls import get_resolver

from xinyu.access.checks import refuse_to_serve_unsealed
from xinyu.accounts.demo_people import refuse_demo_people
from xinyu.vault.keys import refuse_a_wrong_key


def refuse_to_start() -> None:
    """Raises ImproperlyConfigured: a missing or wrong key, a table not sealed as declared, people of the demo."""
    refuse_a_wrong_key()
    refuse_to_serve_unsealed()
    refuse_demo_people()


def be_ready() -> None:
    """Import every view now: the first student of a school must not wait for it while the others queue behind."""
    _ = get_resolver().reverse_dict
