"""`make run`: set up, migrate, seed the demo once, then keep web, worker, beat and watch alive until Ctrl-C."""

import argparse
import os
import signal
import subprocess
import sys
import time
from types import FrameType

from xinyu.ops import envfile, paths, ports
from xinyu.ops.children import Child, end_all
from xinyu.ops.setup import setup
from xinyu.ops.words import Refusal, command, say

WEB_WORKERS, WEB_THREADS, TASK_PROCESSES = 2, 8, 2
#: open lines a worker holds: a browser keeps its line, and beyond this number the next student would wait for one to
#: fall silent. Without these words a worker takes 512, a school has 3,000.
WEB_LINES = ("--backlog", "4096", "--backpressure", "4096")


def environment(process: str) -> dict[str, str]:
    """`.data/env` under the real environment, with the process kind that chooses the database log-in."""
    return envfile.read(paths.env_file()) | dict(os.environ) | {"XINYU_PROCESS": process}


def manage(process: str, *words: str, quiet: bool = False) -> int:
    """Run a management command and return its exit code."""
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(
        [str(paths.PYTHON), "manage.py", *words],
        cwd=paths.ROOT, env=environment(process), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
    ).returncode  # fmt: skip


def has_command(name: str) -> bool:
    return manage("web", "help", name, quiet=True) == 0


def prepare(size: str) -> None:
    """Migrate as the owner, load the scales; seed a new demo database. Raises Refusal."""
    if manage("owner", "migrate", "--verbosity", "0"):
        raise Refusal("The migrations failed; the lines above say why.")
    if manage("web", "load_scales"):
        raise Refusal("The scales could not be loaded; the lines above say why.")
    is_demo = envfile.read(paths.env_file()).get("XINYU_DEMO") == "1"
    # A database made anew has another identity, so it is seeded again.
    identity = (paths.data() / "database.id").read_text()
    if not is_demo or paths.is_stamped("demo", identity) or not has_command("demo"):
        return
    say(f"Seeding the demo city ({size})")
    if manage("worker", "demo", "--size", size):
        raise Refusal("The demo could not be seeded; the lines above say why.")
    paths.stamp("demo", identity)


def last_words(output: str) -> str:
    """The last line with something on it: of a traceback, the error and its sentence."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "without a word"


def rehearse() -> None:
    """Load the web application once, so that a missing key or an unsealed table is said here and not in a log.

    Raises Refusal with what the application said.
    """
    done = subprocess.run(
        [str(paths.PYTHON), "-c", "import xinyu.wsgi"],
        cwd=paths.ROOT, env=environment("web"), stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise Refusal(f"The platform refuses to start: {last_words(done.stderr)}")


def children(host: str, port: int) -> list[Child]:
    """What runs: web, task worker, clock, and the sweep that works when Redis does not."""
    programs = paths.VENV / "bin"
    celery = [str(programs / "celery"), "-A", "xinyu.celery"]
    web = [str(programs / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port)]
    commands = {
        "web": [
            *web,
            "--workers",
            str(WEB_WORKERS),
            "--blocking-threads",
            str(WEB_THREADS),
            *WEB_LINES,
            "xinyu.wsgi:application",
        ],
        "worker": [*celery, "worker", "--loglevel", "INFO", "--concurrency", str(TASK_PROCESSES)],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", str(paths.data() / "beat")],
    }
    if has_command("watch"):
        commands["watch"] = [str(paths.PYTHON), "manage.py", "watch"]
    logs = paths.data() / "log"
    kinds = {name: "web" if name == "web" else "worker" for name in commands}
    return [
        Child(name, words, environment(kinds[name]), paths.ROOT, logs / f"{name}.log")
        for name, words in commands.items()
    ]


def greet(host: str, port: int) -> None:
    say(f"\n心育 runs at http://{host}:{port}/   (Ctrl-C ends it; logs in {paths.data() / 'log'})")
    if envfile.read(paths.env_file()).get("XINYU_DEMO") == "1" and has_command("demo"):
        manage("worker", "demo", "--logins")


def supervise(running: list[Child], host: str, port: int) -> None:
    """Until a signal raises KeyboardInterrupt."""
    greeted = False
    while True:
        for child in running:
            if sentence := child.look_after(time.monotonic()):
                say(sentence)
        if not greeted and ports.is_answering(port, host):
            greet(host, port)
            greeted = True
        time.sleep(0.5)


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@command
def main() -> int:
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--size", default="normal")
    asked = parser.parse_args()
    host = os.environ.get("HOST", ports.LOOPBACK)
    if not ports.is_free(asked.port):
        raise Refusal(f"Port {asked.port} is taken by another program; try `make run PORT={asked.port + 1}`.")
    signal.signal(signal.SIGTERM, interrupt)
    setup()
    prepare(asked.size)
    rehearse()
    running = children(host, asked.port)
    (paths.data() / "run.pid").write_text(str(os.getpid()))
    try:
        supervise(running, host, asked.port)
    except KeyboardInterrupt:
        say("\nEnding …")
    finally:
        end_all(running)
        (paths.data() / "run.pid").unlink(missing_ok=True)
    say("The private servers keep running; `make stop` ends them too.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
