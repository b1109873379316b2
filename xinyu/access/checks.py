"""Refuse to serve when the database and the declarations disagree."""

from collections.abc import Collection

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from . import compile as compiled
from . import sql
from .seal import Seal, seal_of

LOGIN_SQL = """SELECT session_user::text, rolsuper OR rolbypassrls OR rolinherit OR pg_has_role(session_user, 'xinyu_owner', 'MEMBER')
FROM pg_roles WHERE rolname = session_user"""
VIEWS_SQL = f"""SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
  AND (c.relkind = 'v' AND NOT coalesce(c.reloptions @> '{{security_invoker=true}}', false) OR c.relkind = 'm')
  AND c.relname IN ({sql.TOUCHABLE})"""
DEFINER_SQL = """SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
  AND NOT coalesce(proconfig::text LIKE '%search_path=%', false)"""
#: bookkeeping that no model declares; both are readable and hold no student data
KNOWN_UNDECLARED = {"access_sealed", "django_migrations"}


def every_table_declares(app_configs, **kwargs) -> list[CheckMessage]:
    errors: list[CheckMessage] = []
    for model in apps.get_models():
        if not model._meta.managed or model._meta.proxy:
            continue
        seal = seal_of(model)
        if seal is None:
            errors.append(Error(f"{model._meta.label} declares neither a Seal nor Open", id="access.E001"))
        elif isinstance(seal, Seal):
            missing = seal.columns() - {field.column for field in model._meta.concrete_fields}
            errors += [
                Error(f"{model._meta.label}: its seal names a column {name} that it has not", id="access.E007")
                for name in sorted(missing)
            ]
    return errors


def database_agrees(app_configs=None, databases=None, *, only: Collection[str] = (), **kwargs) -> list[CheckMessage]:
    """Compare log-in, seals, grants, views and definer functions with what the code declares. Needs the database.

    `only`: these relations and nothing else, for whoever breaks one after the other and looks each time.
    """
    with connections["default"].cursor() as cursor:

        def ask(query: str) -> list[tuple]:
            cursor.execute(query)
            return cursor.fetchall()

        def ask_of(query: str) -> list[tuple]:
            if not only:
                return ask(query)
            cursor.execute(f"SELECT * FROM ({query}) AS all_of_them WHERE relname = ANY (%s)", [list(only)])  # noqa: S608
            return cursor.fetchall()

        errors: list[CheckMessage] = []
        if ask("SELECT to_regclass('access_sealed')") == [(None,)]:
            return [Error("the database is not sealed yet; run migrate", id="access.E008")]
        [(login, too_strong)] = ask(LOGIN_SQL)
        if login != sql.OWNER and too_strong:
            errors.append(
                Error(f"{login} is a superuser, BYPASSRLS, INHERIT or a member of the owner", id="access.E002")
            )
        found, wanted = dict(ask_of(sql.FOUND.replace("%", "%%") if only else sql.FOUND)), compiled.declared()
        wanted = {name: lines for name, lines in wanted.items() if not only or name in only}
        known = {
            relation: (said, seen)
            for relation, said, seen in ask("SELECT relation, declared, found FROM access_sealed")
        }
        errors += [
            Error(f"{name}: the database's seal is not the declared one; run migrate", id="access.E003")
            for name, lines in wanted.items()
            if known.get(name) != (compiled.digest(lines), found.get(name))
        ]
        errors += [
            Error(f"{name}: an application role can touch it and nothing declares it", id="access.E006")
            for (name,) in ask_of(sql.TOUCHABLE)
            if name not in wanted and name not in KNOWN_UNDECLARED
        ]
        if only:
            return errors
        errors += [Error(f"view {view} would show rows past the seal", id="access.E004") for (view,) in ask(VIEWS_SQL)]
        errors += [
            Error(f"function {name} is SECURITY DEFINER without a pinned search_path", id="access.E005")
            for (name,) in ask(DEFINER_SQL)
        ]
    return errors


def refuse_to_serve_unsealed() -> None:
    """Called when a web process or a worker starts. Raises ImproperlyConfigured naming what differs."""
    errors = database_agrees()
    connections["default"].close()
    if errors:
        raise ImproperlyConfigured(
            "the database is not sealed as declared: " + "; ".join(error.msg for error in errors[:5])
        )
