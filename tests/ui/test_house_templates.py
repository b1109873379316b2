"""Nobody forgot: no inline script, style or handler, every icon and static file named in a template is there."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template

from xinyu.ui import icons

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*.html"))
# a data block is not run by the browser; everything that runs comes from a file of ours
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.I)
STYLE = re.compile(r"<style\b|\sstyle\s*=", re.I)
HANDLER = re.compile(r"<[a-z][^>]*?\s(on[a-z]+|hx-on[:\-\w]*)\s*=", re.I)
ICON = re.compile(r"""\{% icon ["']([^"']+)["']|icon=["']([a-z0-9-]+)["']""")
STATIC = re.compile(r"""\{% static ["']([^"']+)["']""")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


@pytest.fixture(params=TEMPLATES, ids=name_of)
def template(request) -> Path:
    return request.param


def test_template_has_nothing_inline(template):
    text = template.read_text(encoding="utf-8")
    for rule in (SCRIPT, STYLE, HANDLER):
        assert not rule.search(text), f"{name_of(template)}: {rule.search(text)}"


def test_template_compiles_and_is_short(template):
    assert get_template(name_of(template)) is not None
    assert len(template.read_text(encoding="utf-8").splitlines()) <= 120


def test_template_names_only_icons_and_files_that_the_front_build_has(template):
    text = template.read_text(encoding="utf-8")
    for pair in ICON.findall(text):
        name = pair[0] or pair[1]
        assert (icons.FOLDER / f"{name}.svg").is_file(), f"{name_of(template)} names the icon {name}"
    for name in STATIC.findall(text):
        assert finders.find(name), f"{name_of(template)} names the file {name}"


def test_the_check_itself_sees_what_it_should():
    assert SCRIPT.search("<script>x</script>") and not SCRIPT.search('<script src="a.js" defer></script>')
    assert STYLE.search('<p style="x">') and STYLE.search("<style>")
    assert HANDLER.search('<a href="#" onclick="x">') and HANDLER.search('<a hx-on:click="x">')
    assert not HANDLER.search('<input name="one" data-on="x">')
