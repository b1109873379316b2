"""`python -m tests.stories.screenshots [SIZE]`: the pictures of README, taken from a demo of its own.

Small on purpose: one screen each, few colours, at most eight files.
"""

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.stories import steps
from tests.stories.conftest import CHROMIUM_WORDS
from tests.stories.people import DESKTOP, PHONE, Person, arrive
from tests.stories.stage import Stage
from tests.stories.test_trouble import some_codes
from xinyu.ops import paths

FOLDER = paths.ROOT / "xinyu" / "docs" / "screenshots"
COLOURS, MOST_BYTES = 96, 150_000
CASE = "SELECT id FROM crisis_case WHERE school_id = %s ORDER BY id DESC LIMIT 1"
FILE = "SELECT student_id FROM assessments_interview WHERE school_id = %s GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
SCHOOL = "SELECT id FROM organisations_school WHERE code = 'YC0102'"


def take(person: Person, name: str) -> None:
    """One screen, not the whole page; a palette makes it a fifth of the size."""
    person.page.mouse.move(0, 0)
    picture = Image.open(io.BytesIO(person.page.screenshot())).convert("RGB")
    out = FOLDER / f"{name}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(out, optimize=True)
    assert out.stat().st_size <= MOST_BYTES, f"{out.name} has {out.stat().st_size} bytes"
    print(f"{out.name} {out.stat().st_size // 1024} KB")


def take_all(stage: Stage, browser) -> None:
    [(school,)] = stage.ask(SCHOOL)
    [(case,)], [(student,)] = stage.ask(CASE, school), stage.ask(FILE, school)
    password = stage.password("")
    counselor = arrive(browser, stage.address, DESKTOP).log_in("counselor1", password)
    pages = {"today": "/", "queue": "/interviews/", "growth-file": f"/growth/{student}/", "case": f"/cases/{case}/"}
    for name, path in pages.items():
        assert counselor.go(path) == 200, path
        take(counselor, name)
    officer = arrive(browser, stage.address, DESKTOP).log_in("city1", password)
    assert officer.go("/board/") == 200
    officer.page.wait_for_timeout(1500)  # the chart draws itself in with a movement
    take(officer, "board")
    county = arrive(browser, stage.address, DESKTOP).log_in("county1", password)
    assert county.go("/seasons/") == 200
    take(county, "seasons")
    child = arrive(browser, stage.address, PHONE)
    steps.come_in(child, some_codes(stage, counselor)[0])
    take(child, "questionnaire")
    teacher = arrive(browser, stage.address, PHONE).log_in("homeroom1", password)
    take(teacher, "homeroom")


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    size = sys.argv[1] if len(sys.argv) > 1 else "normal"
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory(prefix="xinyu-pictures-") as folder,
        Stage("xinyu_pictures", Path(folder), size=size) as stage,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_WORDS))
        take_all(stage, browser)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
