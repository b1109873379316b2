"""Database roles: the text of the statements, then what the running server makes of them."""

from urllib.parse import urlsplit

import psycopg2
import pytest
from psycopg2 import errors

from xinyu.ops import envfile, paths, roles
from xinyu.ops.database import patiently

PASSWORDS = dict.fromkeys(roles.LOG_INS, "it's")


def test_only_what_is_absent_is_created_and_everything_is_put_right():
    made = roles.creation(["xinyu_app"], PASSWORDS)
    assert "CREATE ROLE xinyu_app" not in made
    assert "CREATE ROLE xinyu_owner" in made
    assert sum(one.startswith("ALTER ROLE") for one in made) == len(roles.ATTRIBUTES)


def test_passwords_are_quoted_and_acting_roles_have_none():
    made = roles.creation([], PASSWORDS)
    assert any("xinyu_app LOGIN" in one and one.endswith("PASSWORD 'it''s'") for one in made)
    assert not any("PASSWORD" in one for one in made if "xinyu_staff" in one)
    with pytest.raises(ValueError, match="zero byte"):
        roles.literal("a\0b")


def test_no_role_is_superuser_and_only_the_backup_bypasses_row_security():
    assert all("NOSUPERUSER" in text.split() for text in roles.ATTRIBUTES.values())
    assert [role for role, text in roles.ATTRIBUTES.items() if "BYPASSRLS" in text.split()] == ["xinyu_backup"]


def test_log_ins_do_not_inherit_what_they_may_become():
    assert "GRANT xinyu_staff TO xinyu_app" in roles.memberships(15)
    assert "GRANT xinyu_staff TO xinyu_app WITH INHERIT FALSE, SET TRUE" in roles.memberships(17)
    assert "GRANT xinyu_sight TO xinyu_owner WITH INHERIT TRUE, SET TRUE" in roles.memberships(16)
    assert "REVOKE xinyu_service FROM xinyu_app" in roles.memberships(15)


def connect(kind):
    connection = psycopg2.connect(envfile.read(paths.env_file())[f"XINYU_DATABASE_{kind}"])
    connection.autocommit = True
    return connection


@pytest.fixture
def server():
    """Connections of the log-ins in `.data/env`, closed at the end."""
    opened = {kind: connect(kind) for kind in ("APP", "WORKER", "OWNER", "TESTS")}
    yield opened
    for connection in opened.values():
        connection.close()


def may_become(connection, role):
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"SET ROLE {role}")
        except errors.InsufficientPrivilege:
            return False
        cursor.execute("RESET ROLE")
    return True


def ask(connection, question):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


@pytest.mark.parametrize(("kind", "log_in"), [("APP", roles.APP), ("WORKER", roles.WORKER), ("TESTS", roles.TESTS)])
def test_each_log_in_becomes_exactly_its_actors(server, kind, log_in):
    everything = (*roles.ACTING, roles.SIGHT, roles.OWNER, roles.BACKUP)
    assert {role for role in everything if may_become(server[kind], role)} == set(roles.MEMBERS[log_in])


def test_the_web_log_in_cannot_become_a_system_job(server):
    assert not may_become(server["APP"], "xinyu_service")
    assert may_become(server["APP"], "xinyu_staff")


def test_on_the_server_only_the_backup_role_bypasses_row_security(server):
    ours = "FROM pg_roles WHERE rolname ~ '^xinyu_' AND rolname <> 'xinyu_admin'"
    found = ask(server["OWNER"], f"SELECT rolname {ours} AND rolbypassrls")
    assert found == [("xinyu_backup",)]
    assert ask(server["OWNER"], f"SELECT rolname {ours} AND rolsuper") == []


def test_log_ins_have_no_right_of_their_own_to_what_actors_may_read(server):
    for kind in ("APP", "WORKER", "TESTS"):
        with server[kind].cursor() as cursor, pytest.raises(errors.InsufficientPrivilege):
            cursor.execute("CREATE TABLE somewhere (a int)")
        assert ask(server[kind], "SELECT pg_has_role('xinyu_staff', 'USAGE')") == [(False,)]
        assert ask(server[kind], "SHOW max_parallel_workers_per_gather") == [("0",)]


def test_actors_may_make_temporary_tables(server):
    with server["APP"].cursor() as cursor:
        cursor.execute("SET ROLE xinyu_staff")
        cursor.execute("CREATE TEMP TABLE here (a int)")
        cursor.execute("SELECT count(*) FROM here")
        assert cursor.fetchone() == (0,)


def test_the_server_is_durable_and_checks_passwords(server):
    shown = {name: ask(server["APP"], f"SHOW {name}")[0][0] for name in ("fsync", "synchronous_commit")}
    assert shown == {"fsync": "on", "synchronous_commit": "on"}
    url = urlsplit(envfile.read(paths.env_file())["XINYU_DATABASE_APP"])
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(host=url.hostname, port=url.port, user=url.username, password="wrong", dbname=roles.DATABASE)


def test_a_passing_error_is_waited_out_and_another_is_not():
    answers = iter([KeyError("busy"), KeyError("busy"), "done"])

    def work():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert patiently(work, (KeyError,)) == "done"
    with pytest.raises(StopIteration):
        patiently(work, (KeyError,))
