"""Fonts and the files the browser gets."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from xinyu.ops import fonts, front
from xinyu.ops.words import Refusal


def test_the_fontconfig_file_names_one_folder_and_a_family_for_each_generic():
    text = fonts.document(fonts.Fonts(Path("/fonts & more"), "Sans", "Serif"), Path("/cache"))
    tree = ElementTree.fromstring(text.split("\n", 2)[2])
    assert [one.text for one in tree.findall("dir")] == ["/fonts & more"]
    families = {one.find("family").text: one.find("prefer/family").text for one in tree.findall("alias")}
    assert (families["sans-serif"], families["serif"], families["monospace"]) == ("Sans", "Serif", "Sans")
    assert tree.find("match/edit[@name='family']/string").text == "Sans"


def test_this_machine_has_a_static_chinese_font():
    found = fonts.find()
    assert {one.suffix for one in found.folder.iterdir() if "Sans" in one.name} <= {".ttc", ".otf", ".ttf"}


@pytest.mark.parametrize(
    "comment", ["//# sourceMappingURL=a.js.map", "/*# sourceMappingURL=a.css.map */", "//@ sourceMappingURL=a.map"]
)
def test_the_name_of_a_source_map_is_dropped(comment):
    assert front.without_source_map(f"a{{}}\n{comment}\n") == "a{}\n\n"


def test_only_named_files_are_copied_and_old_ones_go(tmp_path):
    modules, target = tmp_path / "modules", tmp_path / "vendor"
    (modules / "p").mkdir(parents=True)
    (modules / "p" / "a.js").write_text("1")
    (modules / "p" / "b.js").write_text("2")
    target.mkdir()
    (target / "old.js").write_text("0")
    front.copy({"icons/a.js": "p/a.js"}, modules, target)
    assert [str(one.relative_to(target)) for one in target.rglob("*.js")] == ["icons/a.js"]


def test_a_file_that_a_package_lost_is_named(tmp_path):
    with pytest.raises(Refusal, match="p/gone.js"):
        front.copy({"a.js": "p/gone.js"}, tmp_path, tmp_path / "vendor")


def test_every_named_file_was_copied():
    names = front.wanted(json.loads(front.PACKAGE.read_text()))
    assert [name for name in names if not (front.VENDOR / name).is_file()] == []
    assert "sourceMappingURL" not in (front.VENDOR / "tabler.min.css").read_text()


def test_locks_name_no_address():
    assert "resolved" not in front.LOCK.read_text()
    requirements = (front.paths.ROOT / "requirements.txt").read_text()
    assert "://" not in requirements
    assert requirements.count("==") >= 100
