"""`.data/env` is read by people, by settings and by these scripts: all must read the same."""

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinyu.ops import envfile

KEYS = st.from_regex(r"[A-Z][A-Z0-9_]{0,20}", fullmatch=True)
PLAIN = st.text(st.characters(codec="ascii", exclude_characters="\"'\r\n#", min_codepoint=33), max_size=40)


def test_parse_reads_lines_comments_and_quotes():
    text = "# a comment\n\nA=1\n B = two words \nC='quoted'\nD=\"a=b\"\nE=\n"
    assert envfile.parse(text) == {"A": "1", "B": "two words", "C": "quoted", "D": "a=b", "E": ""}


@pytest.mark.parametrize("bad", ["no equals sign", "1A=x", "A B=x", "A-B=x", "=x"])
def test_parse_names_the_line_that_is_no_assignment(bad):
    with pytest.raises(ValueError, match="line 2"):
        envfile.parse(f"A=1\n{bad}\n")


@given(st.dictionaries(KEYS, PLAIN))
def test_what_is_dumped_is_parsed_back(values):
    assert envfile.parse(envfile.dump(values)) == values


def test_dump_refuses_a_value_of_two_lines():
    with pytest.raises(ValueError, match="A has a line break"):
        envfile.dump({"A": "x\nB=y"})


def test_update_keeps_what_the_user_added_and_stays_private(tmp_path):
    path = tmp_path / "env"
    path.write_text("MINE=1\nPORT=1\n")
    assert envfile.update(path, {"PORT": "2"}) == {"MINE": "1", "PORT": "2"}
    assert envfile.read(path) == {"MINE": "1", "PORT": "2"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_absent_file_has_no_values(tmp_path):
    assert envfile.read(tmp_path / "env") == {}
