"""Names keep their characters, lose their padding, and are found by pinyin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinyu.lib.masking import mask_id, mask_name, mask_phone
from xinyu.lib.names import PersonNameError, normalise, parse, search_keys


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张 三", "张三"),
        ("　张三\u200b ", "张三"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("买买提 ‧ 吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("张三Ａ１", "张三A1"),
        ("Anna  Maria", "Anna Maria"),
        ("⼩明", "小明"),
        ("𠮷田䶮", "𠮷田䶮"),
        ("李﨑", "李﨑"),
    ],
)
def test_one_spelling_per_name(typed, name):
    assert normalise(typed) == name == parse(typed)


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF), min_size=1, max_size=6))
def test_rare_characters_are_kept(name):
    assert parse(name) == name


@pytest.mark.parametrize("typed", ["", "  ", "123", "张\ue863", "张?", "<b>张三</b>", "张" * 51, "=张三"])
def test_what_is_no_name_is_refused(typed):
    with pytest.raises(PersonNameError):
        parse(typed)


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("张三", "zhangsan", "zs"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("曾国华", "zengguohua", "zgh"),
        ("仇小雨", "qiuxiaoyu", "qxy"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("解晓东", "xiexiaodong", "xxd"),
        ("查良", "zhaliang", "zl"),
        ("区小明", "ouxiaoming", "oxm"),
        ("朴实", "piaoshi", "ps"),
        ("盖文", "gewen", "gw"),
        ("乐天", "yuetian", "yt"),
        ("缪文", "miaowen", "mw"),
        ("翟文", "zhaiwen", "zw"),
        ("万俟文", "moqiwen", "mqw"),
        ("长孙文", "zhangsunwen", "zsw"),
        ("任文", "renwen", "rw"),
        ("吕文", "lvwen", "lw"),
        ("张乐", "zhangle", "zl"),
        ("买买提·单", "maimaitidan", "mmtd"),
        ("Anna", "anna", "anna"),
    ],
)
def test_search_keys_read_a_surname_as_a_surname(name, full, initials):
    assert search_keys(name) == (full, initials)


@given(st.text(max_size=20))
def test_search_keys_are_plain_letters_for_any_text(text):
    full, initials = search_keys(text)
    assert full.isalnum() or full == ""
    assert len(initials) <= len(full)


def test_masks_show_the_ends_only():
    assert mask_id("11010519491231002X") == "110**************X"
    assert mask_id("G11010519491231002X") == "G110**************X"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("0731-88712345") == "0731-******45"
    assert [mask_name(name) for name in ("张三", "欧阳小明", "张", "")] == ["张*", "欧**明", "*", ""]
