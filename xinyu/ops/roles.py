"""Database roles as SQL text. Who is a member of what decides which actors a process can ever become.

The web log-in is no member of `xinyu_service`, so a hole in a view cannot turn into a system job.
"""

from collections.abc import Iterable, Mapping

DATABASE = "xinyu"
ACTING = ("xinyu_staff", "xinyu_sitting", "xinyu_card", "xinyu_consent", "xinyu_slip", "xinyu_door", "xinyu_service")
SIGHT = "xinyu_sight"
OWNER, APP, WORKER, TESTS, BACKUP = "xinyu_owner", "xinyu_app", "xinyu_worker", "xinyu_tests", "xinyu_backup"
LOG_INS = (OWNER, APP, WORKER, TESTS, BACKUP)
MEMBERS: Mapping[str, tuple[str, ...]] = {
    APP: ("xinyu_staff", "xinyu_sitting", "xinyu_card", "xinyu_consent", "xinyu_slip", "xinyu_door"),
    WORKER: ("xinyu_service", "xinyu_staff", "xinyu_door"),
    TESTS: ACTING,
}
PLAIN = "NOSUPERUSER NOCREATEROLE NOREPLICATION"
ATTRIBUTES: Mapping[str, str] = {
    OWNER: f"LOGIN CREATEDB INHERIT NOBYPASSRLS {PLAIN}",
    APP: f"LOGIN NOCREATEDB NOINHERIT NOBYPASSRLS {PLAIN}",
    WORKER: f"LOGIN NOCREATEDB NOINHERIT NOBYPASSRLS {PLAIN}",
    TESTS: f"LOGIN NOCREATEDB NOINHERIT NOBYPASSRLS {PLAIN}",
    BACKUP: f"LOGIN NOCREATEDB INHERIT BYPASSRLS {PLAIN}",
    **dict.fromkeys((*ACTING, SIGHT), f"NOLOGIN NOCREATEDB NOINHERIT NOBYPASSRLS {PLAIN}"),
}
# The same on every supported version: libc's C.UTF-8, no ICU collations.
CREATE_DATABASE = f"CREATE DATABASE {DATABASE} OWNER {OWNER} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"
# Grants gained their own INHERIT and SET options in this version; before it the role's attribute decided.
GRANT_OPTIONS_SINCE = 16


def literal(text: str) -> str:
    """SQL string literal (standard_conforming_strings is on since 9.1). Raises ValueError for a zero byte."""
    if "\0" in text:
        raise ValueError("a zero byte cannot be stored")
    return "'" + text.replace("'", "''") + "'"


def creation(existing: Iterable[str], passwords: Mapping[str, str]) -> list[str]:
    """CREATE ROLE for what is absent, then ALTER ROLE for all: attributes drift back on every set-up."""
    known = set(existing)
    made = [f"CREATE ROLE {role}" for role in ATTRIBUTES if role not in known]
    for role, attributes in ATTRIBUTES.items():
        secret = f" PASSWORD {literal(passwords[role])}" if role in LOG_INS else ""
        made.append(f"ALTER ROLE {role} {attributes}{secret}")
    return made


def memberships(major: int) -> list[str]:
    """Who may act as whom. Log-ins never inherit: outside acting_as they can read nothing sealed."""
    has_options = major >= GRANT_OPTIONS_SINCE
    alone, whole = (" WITH INHERIT FALSE, SET TRUE", " WITH INHERIT TRUE, SET TRUE") if has_options else ("", "")
    granted = [f"GRANT {role} TO {member}{alone}" for member, allowed in MEMBERS.items() for role in allowed]
    refused = [
        f"REVOKE {role} FROM {member}" for member, allowed in MEMBERS.items() for role in ACTING if role not in allowed
    ]
    return [*granted, *refused, f"GRANT {SIGHT} TO {OWNER}{whole}", f"GRANT pg_read_all_data TO {BACKUP}"]


def manners() -> list[str]:
    """Settings per role: parallel workers make the small joins under row security thirty times slower."""
    calm = [f"ALTER ROLE {role} SET max_parallel_workers_per_gather = 0" for role in (APP, WORKER, TESTS)]
    return [*calm, f"ALTER ROLE {BACKUP} SET default_transaction_read_only = on"]


def database_rights() -> list[str]:
    """Run inside or outside the database: who may connect, and TEMP for COPY into temporary tables."""
    return [
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {DATABASE} TO {', '.join(LOG_INS)}",
        f"GRANT TEMPORARY ON DATABASE {DATABASE} TO {', '.join((OWNER, *ACTING))}",
    ]


def schema_rights() -> list[str]:
    """Run inside the database: the scope functions belong to xinyu_sight, which must be able to own them there."""
    return [f"GRANT USAGE, CREATE ON SCHEMA public TO {SIGHT}"]
