"""`make lint`: style, templates, types, import contracts, migrations, deployment check."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from xinyu.ops import envfile, paths
from xinyu.ops.setup import setup
from xinyu.ops.words import command, say

# What a school's operator would set; `check --deploy` judges that, not the demo.
DEPLOYED = {
    "DEBUG": "0",
    "XINYU_DEMO": "0",
    "XINYU_TLS": "1",
    "XINYU_HOSTS": "xinyu.example.org",
}


@dataclass(frozen=True)
class Stage:
    name: str
    command: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)


# From zero in a fresh clone. It comes first because the deployment check compares the database's seals.
MIGRATE = Stage("migrate", ("python", "manage.py", "migrate", "--verbosity", "0"), {"XINYU_PROCESS": "owner"})
STAGES = (
    Stage("types", ("mypy",)),
    Stage("style", ("ruff", "check", ".")),
    Stage("format", ("ruff", "format", "--check", ".")),
    # Lint only: the formatter breaks lines inside Chinese sentences, where a line break shows as a gap.
    Stage("templates", ("djlint", "--lint", "--quiet", "templates")),
    Stage("imports", ("lint-imports",)),
    Stage("migrations", ("python", "manage.py", "makemigrations", "--check", "--dry-run"), {"XINYU_PROCESS": "owner"}),
    Stage("deployment", ("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"), DEPLOYED),
)


def run_stage(stage: Stage) -> tuple[Stage, int, str]:
    """One stage with its output caught, so that two at a time do not mix."""
    program = paths.VENV / "bin" / stage.command[0]
    done = subprocess.run(
        [str(program), *stage.command[1:]],
        cwd=paths.ROOT,
        env=envfile.read(paths.env_file()) | dict(os.environ) | {"PYTHONPATH": str(paths.ROOT)} | stage.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return stage, done.returncode, done.stdout


def lint() -> list[str]:
    """Run every stage, print what failed in full, and return the names of the failed ones."""
    failed = []
    first = run_stage(MIGRATE)
    with ThreadPoolExecutor(max_workers=2) as pool:
        for stage, code, output in (first, *pool.map(run_stage, STAGES)):
            say(f"{'✓' if code == 0 else '✗'} {stage.name}")
            if code:
                failed.append(stage.name)
                say(output)
    return failed


@command
def main() -> int:
    setup()
    return 1 if lint() else 0


if __name__ == "__main__":
    sys.exit(main())
