"""Log-ins that `make run` shows: one per role, all with the demo's password. They exist only in a demo database."""

from xinyu.access.roles import ROLES

from .world import SHORT

#: known to everybody on purpose; is_demo accounts are refused outside a demo
PASSWORD = "yunchuan-demo"  # noqa: S105


def logins() -> list[tuple[str, str, str]]:
    """[(role's label, user name, password)], the people around the school of the running screening."""
    order = ["counselor", "homeroom", "grade_head", "moral_head", "vice_principal", "principal", "teacher"]
    rest = [code for code in ROLES if code not in order]
    return [(ROLES[code].label, f"{SHORT.get(code, code)}1", PASSWORD) for code in (*order, *rest)]
