"""Codes in addresses: masked wherever an address may stand, and nothing else is."""

import pytest

from xinyu.lib.addresses import without_codes


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("/c/ABCDE23456/", "/c/***/"),
        ("/c/ABCDE23456", "/c/***"),
        ("Not Found: /c/%41BCDE/x/", "Not Found: /c/***/x/"),
        ("/q/ABCDE-23456/", "/q/***/"),
        ("/feed/a_b-C.ics", "/feed/***"),
        ("GET /a/?c=ABCD&x=1 HTTP/1.1", "GET /a/?c=***&x=1 HTTP/1.1"),
        ("/a/?x=1&c=ABCD", "/a/?x=1&c=***"),
        ("/c/", "/c/"),
        ("/q/seen/ and /c/AB/", "/q/***/ and /c/***/"),
        ("/cases/12/?tab=1", "/cases/12/?tab=1"),
        ("/a/3/save/", "/a/3/save/"),
    ],
)
def test_codes_are_masked_and_the_rest_stays(said, kept):
    assert without_codes(said) == kept
