"""`make setup`: everything both commands stand on. Quick when nothing changed."""

import sys
import time

from xinyu.ops import envfile, environment, fonts, front, keys, packages, paths, servers
from xinyu.ops.words import command, say


def write_env(addresses: dict[str, str]) -> None:
    """`.data/env`. Demo log-ins exist only with the default folder and the private database."""
    known = envfile.read(paths.env_file())
    is_demo = paths.is_default_data() and not servers.given("DATABASE_URL")
    envfile.update(
        paths.env_file(),
        addresses
        | keys.ensure(known, is_demo)
        | {
            "XINYU_DATA": str(paths.data()),
            "XINYU_DEMO": "1" if is_demo else "0",
            "FONTCONFIG_FILE": str(fonts.ensure()),
            "DEBUG": known.get("DEBUG", "0"),
        },
    )


def setup(browser: bool = False) -> None:
    """Packages, environment, servers, roles, keys, fonts, front end. Raises Refusal."""
    started = time.monotonic()
    with paths.only_one():
        (paths.data() / "log").mkdir(exist_ok=True)
        environment.ensure()
        needs = packages.without(servers.brought()) + (packages.BROWSER if browser else ())
        packages.ensure(needs, packages.apt_command())
        write_env(servers.start())
        front.ensure()
    say(f"Set-up done in {time.monotonic() - started:.1f} s")


@command
def main() -> int:
    setup()
    say("`make run` starts the platform, `.venv/bin/python manage.py …` works now.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
