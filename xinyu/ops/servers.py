"""Start and stop the servers, or use those of DATABASE_URL and REDIS_URL; then write their addresses down."""

import json
import os
import secrets
import subprocess
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from xinyu.ops import accounts, envfile, paths, postgres, redis_server, roles
from xinyu.ops.words import Refusal, say

URL_KEYS = {
    roles.APP: "XINYU_DATABASE_APP",
    roles.WORKER: "XINYU_DATABASE_WORKER",
    roles.OWNER: "XINYU_DATABASE_OWNER",
    roles.TESTS: "XINYU_DATABASE_TESTS",
}


def given(name: str) -> str:
    """An address the user brought, by the environment (or, for DATABASE_URL, by a line in `.data/env`)."""
    found = os.environ.get(name, "")
    return found or (envfile.read(paths.env_file()).get(name, "") if name == "DATABASE_URL" else "")


def brought() -> list[str]:
    return [name for name in ("DATABASE_URL", "REDIS_URL") if given(name)]


def remembered() -> dict[str, int]:
    path = paths.data() / "ports.json"
    return json.loads(path.read_text()) if path.exists() else {}


def remember(**found: int) -> None:
    (paths.data() / "ports.json").write_text(json.dumps(remembered() | found))


def own_secrets(folder: Path) -> dict[str, str]:
    """Passwords that no process of the platform is given; they live and die with the servers' data."""
    path = folder / "admin.env"
    known = envfile.read(path)
    fresh = {name: secrets.token_hex(24) for name in ("ADMIN", "BACKUP", "REDIS") if name not in known}
    return envfile.update(path, fresh)


def log_in_url(admin_url: str, role: str, password: str, database: str = roles.DATABASE) -> str:
    """The administrative URL with another user, password and database; host and options stay."""
    parts = urlsplit(admin_url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(
        parts._replace(scheme="postgres", netloc=f"{role}:{quote(password, safe='')}@{host}", path=f"/{database}")
    )


def role_passwords(known: dict[str, str], backup: str) -> dict[str, str]:
    """Passwords already written down, fresh ones for the rest."""
    kept = {role: unquote(urlsplit(known.get(key, "")).password or "") for role, key in URL_KEYS.items()}
    return {role: password or secrets.token_hex(24) for role, password in kept.items()} | {roles.BACKUP: backup}


def provision(admin_url: str, passwords: dict[str, str]) -> str:
    """Roles and database, by the environment's psycopg2. Returns the database's identity."""
    secret = {"XINYU_ADMIN_URL": admin_url, "XINYU_ROLE_PASSWORDS": json.dumps(passwords)}
    done = subprocess.run(
        [str(paths.PYTHON), "-m", "xinyu.ops.database"],
        cwd=paths.ROOT, env=os.environ | secret, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    if done.returncode:
        raise Refusal("The database could not be set up; the line above says why.")
    return done.stdout.strip()


def start() -> dict[str, str]:
    """Servers up, roles there. Returns the lines of `.data/env` that name them."""
    account = accounts.unprivileged()
    folder = paths.servers(account)
    own = own_secrets(folder)
    admin_url, redis_url = given("DATABASE_URL"), given("REDIS_URL")
    if not admin_url:
        cluster = postgres.find(folder, account)
        port = postgres.start(cluster, own["ADMIN"], remembered().get("postgres"))
        remember(postgres=port)
        admin_url = f"postgres://{postgres.ADMIN}:{own['ADMIN']}@127.0.0.1:{port}/postgres"
    if not redis_url:
        broker = redis_server.Broker(folder / "redis", own["REDIS"], account)
        port = redis_server.start(broker, remembered().get("redis"))
        remember(redis=port)
        redis_url = f"redis://:{own['REDIS']}@127.0.0.1:{port}/0"
    passwords = role_passwords(envfile.read(paths.env_file()), own["BACKUP"])
    identity = provision(admin_url, passwords)
    (paths.data() / "database.id").write_text(identity)
    # The backup's address is kept away from what web and workers read (pg_dump fails under FORCE without it).
    envfile.update(folder / "admin.env", {"BACKUP_URL": log_in_url(admin_url, roles.BACKUP, passwords[roles.BACKUP])})
    urls = {key: log_in_url(admin_url, role, passwords[role]) for role, key in URL_KEYS.items()}
    return urls | {"REDIS_URL": redis_url}


def stop() -> None:
    """End the private servers by pid; servers the user brought are not ours."""
    account = accounts.unprivileged()
    folder = paths.servers(account)
    own = own_secrets(folder)
    if redis_server.stop(redis_server.Broker(folder / "redis", own["REDIS"], account)):
        say("Redis stopped")
    if any(folder.glob("postgres-*")) and postgres.stop(postgres.find(folder, account)):
        say("PostgreSQL stopped")
