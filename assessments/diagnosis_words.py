"""Words that only a hospital may say of somebody (精神卫生法 §23): the form asks where they come from. Pure."""

#: longest first, so that 双相情感障碍 is named once and not again as 双相
WORDS = (
    "创伤后应激障碍", "注意缺陷多动障碍", "双相情感障碍", "精神分裂症", "孤独症谱系障碍", "抑郁症", "焦虑症",
    "强迫症", "恐惧症", "厌食症", "暴食症", "多动症", "自闭症", "孤独症", "人格障碍", "抑郁障碍", "焦虑障碍",
    "惊恐障碍", "双相", "躁狂症", "躁郁症", "精神病", "癔症", "PTSD", "ADHD",
)  # fmt: skip
FROM_HOSPITAL = "由医疗机构提供"


def diagnosis_words(text: str) -> list[str]:
    """The diagnosis words in a text in order of appearance, each once; none when the text names its medical source."""
    if FROM_HOSPITAL in text:
        return []
    found: list[tuple[int, str]] = []
    rest = text
    for word in WORDS:
        place = rest.upper().find(word)
        if place >= 0:
            found.append((place, word))
            rest = rest.upper().replace(word, "\0" * len(word))
    return [word for _, word in sorted(found)]


def with_source(text: str) -> str:
    """The text with the note that the diagnosis comes from a hospital."""
    return text if FROM_HOSPITAL in text else f"{text.rstrip()}（诊断信息{FROM_HOSPITAL}）"


def hint(words: list[str]) -> str:
    """What the form says about such words."""
    named = "、".join(words)
    return f"文中有“{named}”。学校不作诊断：如来自医院的结论，请勾选“由医疗机构提供”；否则请改写成看到、听到的情况。"
