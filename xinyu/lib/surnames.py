"""Surnames whose reading differs from the character's usual one, without tones.

Only exceptions are listed; every other surname takes the usual reading. Where a surname has two readings, the note
says so: a search key needs one, and a person who reads it otherwise is still found by the characters.
"""

SURNAMES: dict[str, str] = {
    "单": "shan",
    "單": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "区": "ou",
    "區": "ou",
    "朴": "piao",
    "盖": "ge",  # Gě and Gài are both in use; Gě is the older surname
    "蓋": "ge",
    "乐": "yue",  # Yuè and Lè are two families
    "樂": "yue",
    "缪": "miao",
    "繆": "miao",
    "翟": "zhai",
    "繁": "po",
    "种": "chong",
    "黑": "he",
    "折": "she",
    "员": "yun",
    "員": "yun",
    "召": "shao",
    "逢": "pang",
    "郇": "xun",
    "角": "jue",
    "句": "gou",
    "卜": "bu",
    "覃": "qin",  # Qín and Tán are both in use
    "么": "yao",
    "祭": "zhai",
    "阚": "kan",
    "藏": "zang",
    "能": "nai",
    "乜": "nie",
    "蕃": "po",
}

COMPOUND_SURNAMES: dict[str, tuple[str, str]] = {
    "尉迟": ("yu", "chi"),
    "尉遲": ("yu", "chi"),
    "万俟": ("mo", "qi"),
    "萬俟": ("mo", "qi"),
    "长孙": ("zhang", "sun"),
    "長孫": ("zhang", "sun"),
    "单于": ("chan", "yu"),
    "乐正": ("yue", "zheng"),
    "澹台": ("tan", "tai"),
    "子车": ("zi", "ju"),
}
