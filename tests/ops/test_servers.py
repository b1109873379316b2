"""Addresses, ports, configuration and the account of the private servers."""

import os
import socket
from pathlib import Path

import pytest

from xinyu.ops import accounts, children, keys, paths, ports, postgres, redis_server, servers
from xinyu.ops.accounts import Account
from xinyu.ops.words import Refusal

ME = Account("me", os.getuid(), os.getgid(), is_self=True)


def test_the_remembered_port_is_kept_while_it_is_free():
    assert ports.choose(43210, free=lambda port: True) == 43210


def test_a_taken_port_is_exchanged_for_a_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not ports.is_free(port)
        assert ports.is_answering(port)
        other = ports.choose(port)
    assert other != port
    assert ports.is_free(other)


def test_postgres_listens_on_loopback_without_sockets_and_keeps_values_out_of_its_log():
    text = postgres.configuration(5999)
    for line in (
        "port = 5999",
        "listen_addresses = '127.0.0.1'",
        "unix_socket_directories = ''",
        "fsync = on",
        "synchronous_commit = on",
        "log_min_error_statement = 'panic'",
        "log_error_verbosity = 'terse'",
    ):
        assert line in text.splitlines()


def test_postgres_trusts_nobody():
    rules = [line.split() for line in postgres.ACCESS.splitlines() if not line.startswith("#")]
    assert rules == [["host", "all", "all", "127.0.0.1/32", "scram-sha-256"]]


def test_redis_asks_for_a_password_and_writes_everything_down():
    broker = redis_server.Broker(Path("/data/redis"), "secret", ME)
    lines = redis_server.configuration(broker, 6999).splitlines()
    assert {"bind 127.0.0.1", "port 6999", "requirepass secret", "appendonly yes"} <= set(lines)


def test_a_log_in_url_keeps_host_and_options_of_the_administrators():
    url = servers.log_in_url("postgres://root:p%40ss@db.example:6432/postgres?sslmode=require", "xinyu_app", "a/b")
    assert url == "postgres://xinyu_app:a%2Fb@db.example:6432/xinyu?sslmode=require"


def test_passwords_written_down_are_kept_and_the_rest_is_new():
    known = {"XINYU_DATABASE_APP": "postgres://xinyu_app:old@127.0.0.1:5/xinyu"}
    found = servers.role_passwords(known, backup="b")
    assert (found["xinyu_app"], found["xinyu_backup"]) == ("old", "b")
    assert len(found["xinyu_owner"]) == 48
    assert len({found[role] for role in found}) == len(found)


def test_root_gives_way_to_the_first_account_the_machine_knows():
    assert accounts.choose(["root", "nobody", "postgres"]) == "postgres"
    assert accounts.choose(["root", "nobody"]) == "nobody"
    with pytest.raises(Refusal):
        accounts.choose(["root"])


def test_the_servers_account_gives_up_its_groups():
    assert Account("postgres", 101, 104, is_self=False).for_subprocess() == {
        "user": 101,
        "group": 104,
        "extra_groups": [],
    }
    assert ME.for_subprocess() == {}


def test_projects_have_folders_of_their_own_elsewhere():
    first, second = (paths.away(Path("/var/lib"), Path(root)) for root in ("/home/a/.data", "/home/b/.data"))
    assert first != second
    assert first.parent == Path("/var/lib")


def test_a_data_folder_can_be_moved(monkeypatch, tmp_path):
    monkeypatch.setenv("XINYU_DATA", str(tmp_path / "elsewhere"))
    assert paths.data() == tmp_path / "elsewhere"
    assert paths.data().is_dir()
    assert not paths.is_default_data()


@pytest.mark.parametrize(
    ("is_demo", "was_made", "exists", "expected"),
    [(True, False, False, True), (True, True, False, False), (False, False, False, False), (True, False, True, False)],
)
def test_a_key_is_made_once_and_for_the_demo_only(is_demo, was_made, exists, expected):
    assert keys.may_make(is_demo, was_made, exists) is expected


def test_real_data_without_a_key_of_its_own_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("XINYU_DATA", str(tmp_path))
    monkeypatch.delenv("XINYU_KEY_FILE", raising=False)
    with pytest.raises(Refusal, match="XINYU_KEY_FILE"):
        keys.ensure({}, is_demo=False)


def test_a_child_that_keeps_dying_is_restarted_ever_later_up_to_a_minute():
    delay, seen = 0.0, []
    for _ in range(9):
        delay = children.next_delay(delay, lived=0.1)
        seen.append(delay)
    assert seen == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert children.next_delay(60, lived=61) == 1
