"""A PostgreSQL server of the test's own, that may be killed: started from a dump, ended by pid, its folder removed."""

import json
import os
import shutil
import signal
import subprocess
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests import databases
from xinyu.ops import accounts, binaries, envfile, paths, postgres, roles, servers

PASSWORD = "killed-often"


class OwnPostgres:
    """Use as a context manager. `env`: addresses of the copied database for every log-in, and what `more` says."""

    def __init__(self, name: str, more: dict[str, str]):
        account = accounts.unprivileged()
        chosen = binaries.postgres()
        assert chosen, "no PostgreSQL programs"
        self.folder = paths.servers(account) / f"killed-{os.getpid()}"
        self.cluster = postgres.Cluster(chosen[1], self.folder / "own", account)
        self.name, self.port, self.env = name, 0, dict(more)

    def __enter__(self) -> "OwnPostgres":
        self.folder.mkdir()
        self.folder.chmod(0o755)
        self.cluster.account.own(self.folder)
        self.start()
        known = envfile.read(paths.env_file())
        passwords = servers.role_passwords(known, PASSWORD)
        servers.provision(self.admin_url("postgres"), passwords)
        self._copy(known)
        self.env |= {url: self._here(known[url]) for url in databases.URLS}
        seal_again(self.env)
        return self

    def __exit__(self, *error) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        self.port = postgres.start(self.cluster, PASSWORD, self.port or None)

    def admin_url(self, database: str) -> str:
        return f"postgres://{postgres.ADMIN}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def _here(self, url: str) -> str:
        parts = urlsplit(url)
        log_in = parts.netloc.rpartition("@")[0]
        return urlunsplit(parts._replace(netloc=f"{log_in}@127.0.0.1:{self.port}", path=f"/{roles.DATABASE}"))

    def _copy(self, known: dict[str, str]) -> None:
        """Migrating anew would take a minute: dump a migrated database of the ordinary server into this one."""
        databases.make(self.name)
        try:
            backup = envfile.read(paths.servers(self.cluster.account) / "admin.env")["BACKUP_URL"]
            dump = self._run("pg_dump", "--no-comments", databases.elsewhere(backup, self.name))
        finally:
            databases.drop(self.name)
        self._run("psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-1", self.admin_url(roles.DATABASE), stdin=dump)

    def _run(self, program: str, *words: str, stdin: bytes = b"") -> bytes:
        done = subprocess.run([str(self.cluster.bin / program), *words], input=stdin, capture_output=True)
        assert done.returncode == 0, f"{program}: {done.stderr.decode(errors='replace')[-800:]}"
        return done.stdout

    def kill(self) -> None:
        """kill -9 of the server and of everything it started, as when the power goes: nobody flushes anything."""
        leader = int((self.cluster.home / "postmaster.pid").read_text().split()[0])
        listed = Path(f"/proc/{leader}/task/{leader}/children")
        pids = [leader, *map(int, listed.read_text().split())]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while any(_is_alive(pid) for pid in pids):
            assert time.monotonic() < deadline, "the killed server is still there"
            time.sleep(0.02)

    def promise_before_storing(self) -> None:
        """What a platform must never be run with: commits that are acknowledged and not yet written.

        Who writes them later is held back, so that the loss does not hang on a race of milliseconds.
        """
        with closing(databases.connect(self.admin_url("postgres"))) as connection, connection.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET synchronous_commit = off")
            cursor.execute("SELECT pg_reload_conf()")
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'")
            os.kill(cursor.fetchone()[0], signal.SIGSTOP)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def told(env: dict[str, str], module: str, *words: str):
    """The JSON that a module of tests.load prints about the database of `env`."""
    done = subprocess.run(
        [str(paths.PYTHON), "-m", module, *words],
        cwd=paths.ROOT, env=os.environ | env | {"XINYU_PROCESS": "tests", "XINYU_DEMO": "1"}, capture_output=True,
        text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return {int(sitting): value for sitting, value in json.loads(done.stdout).items()}


SEAL = "import django; django.setup(); from xinyu.access.compile import seal_everything; seal_everything('default')"


def seal_again(env: dict[str, str]) -> None:
    """What `migrate` does in the end, as after every restored backup; the rest of it has nothing to do here."""
    words = {"XINYU_PROCESS": "owner", "DJANGO_SETTINGS_MODULE": "xinyu.settings"}
    subprocess.run([str(paths.PYTHON), "-c", SEAL], cwd=paths.ROOT, env=os.environ | env | words, check=True)
