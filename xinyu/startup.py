"""What must be right before a web process or a worker serves anybody: the key, and the seals in the database."""

from xinyu.access.checks import refuse_to_serve_unsealed
from xinyu.vault.keys import refuse_a_wrong_key


def refuse_to_start() -> None:
    """Raises ImproperlyConfigured that names the missing or wrong key, or the table that is not sealed as declared."""
    refuse_a_wrong_key()
    refuse_to_serve_unsealed()
