"""The private PostgreSQL: one data folder per major version, loopback only, passwords always."""

import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from xinyu.ops import binaries, envfile, ports
from xinyu.ops.accounts import Account
from xinyu.ops.words import Refusal, say

ADMIN = "xinyu_admin"
# After a crash the old server may hold its port or shared memory for some seconds.
PATIENCE_SECONDS = 6.0
ACCESS = "# Passwords for everybody; no sockets, no trust.\nhost all all 127.0.0.1/32 scram-sha-256\n"


@dataclass(frozen=True)
class Cluster:
    """One server: its programs, its data and the account that runs it."""

    bin: Path
    home: Path
    account: Account

    @property
    def log(self) -> Path:
        return self.home.parent / "log" / f"{self.home.name}.log"

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run one of the server's programs as its account. It inherits no pipe of ours, or callers would hang."""
        with (self.home.parent / "pg_ctl.log").open("a+") as output:
            return subprocess.run(
                [str(self.bin / command[0]), *command[1:]],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                text=True,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                **self.account.for_subprocess(),
            )


def configuration(port: int) -> str:
    """Durable, and silent about values: statements and key details in a log would be plaintext about children."""
    return (
        f"port = {port}\nlisten_addresses = '{ports.LOOPBACK}'\nunix_socket_directories = ''\n"
        "max_connections = 200\nshared_buffers = '256MB'\nmax_wal_size = '2GB'\n"
        "fsync = on\nsynchronous_commit = on\npassword_encryption = 'scram-sha-256'\n"
        "timezone = 'UTC'\nlog_timezone = 'UTC'\nlc_messages = 'C'\n"
        "log_min_error_statement = 'panic'\nlog_error_verbosity = 'terse'\nlog_parameter_max_length = 0\n"
    )


def find(folder: Path, account: Account) -> Cluster:
    """The cluster to use below the servers' folder. Raises Refusal without a server program."""
    chosen = binaries.postgres(lambda major: (folder / f"postgres-{major}").exists())
    if chosen is None:
        raise Refusal("No PostgreSQL 15 or newer was found.")
    major, programs = chosen
    older = [one.name for one in folder.glob("postgres-*") if one.is_dir() and one.name != f"postgres-{major}"]
    if older:
        say(f"Using PostgreSQL {major}; {', '.join(older)} holds the data of another version and is left alone.")
    return Cluster(programs, folder / f"postgres-{major}", account)


def create(cluster: Cluster, password: str) -> None:
    """initdb beside the place and move it there whole, so that an interrupted one is never mistaken for data."""
    draft = cluster.home.with_name(cluster.home.name + "-draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    cluster.account.own(draft)
    secret = draft.with_name("initdb.password")
    envfile.write_secret(secret, password + "\n")
    cluster.account.own(secret)
    say(f"Creating {cluster.home.name}")
    made = cluster.run(
        "initdb", "-D", str(draft), "-U", ADMIN, f"--pwfile={secret}", "--auth=scram-sha-256",
        "--encoding=UTF8", "--locale-provider=libc", "--locale=C.UTF-8",
    )  # fmt: skip
    secret.unlink()
    if made.returncode:
        raise Refusal(f"initdb failed; see {cluster.home.parent / 'pg_ctl.log'}.")
    with (draft / "postgresql.conf").open("a") as conf:
        conf.write("include = 'xinyu.conf'\n")
    (draft / "pg_hba.conf").write_text(ACCESS)
    draft.rename(cluster.home)


def running_port(cluster: Cluster) -> int | None:
    """Port of the running server (fourth line of postmaster.pid), None when it is down or just dying."""
    if cluster.run("pg_ctl", "status", "-D", str(cluster.home)).returncode:
        return None
    lines = (cluster.home / "postmaster.pid").read_text().splitlines()
    port = int(lines[3]) if len(lines) > 3 and lines[3].strip().isdigit() else None
    # pg_ctl goes by the process alone, which outlives a kill for a moment.
    return port if port and ports.is_answering(port) else None


def start(cluster: Cluster, password: str, remembered: int | None) -> int:
    """Make sure the server runs; returns its port. Raises Refusal with the log's last lines."""
    if not cluster.home.exists():
        create(cluster, password)
    cluster.log.parent.mkdir(exist_ok=True)
    cluster.account.own(cluster.log.parent)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if port := running_port(cluster):
            return port
        port = ports.choose(remembered)
        settings = cluster.home / "xinyu.conf"
        settings.write_text(configuration(port))
        cluster.account.own(settings)
        begun = cluster.run("pg_ctl", "start", "-w", "-t", "60", "-D", str(cluster.home), "-l", str(cluster.log))
        if begun.returncode == 0:
            return port
        time.sleep(0.5)
    tail = "\n".join(cluster.log.read_text(errors="replace").splitlines()[-5:]) if cluster.log.exists() else ""
    raise Refusal(f"PostgreSQL does not start; the end of {cluster.log}:\n{tail}")


def stop(cluster: Cluster) -> bool:
    """Stop it in an orderly way; False when it was not running."""
    if not cluster.home.exists() or running_port(cluster) is None:
        return False
    return cluster.run("pg_ctl", "stop", "-m", "fast", "-w", "-D", str(cluster.home)).returncode == 0
