"""People's names as they are typed in rosters, and the letters somebody types to find them."""

import re
from functools import lru_cache

from pypinyin import Style, pinyin

from .surnames import COMPOUND_SURNAMES, SURNAMES
from .widths import FULL_WIDTH

LONGEST = 50
DOT = "·"
# Radicals copied out of PDF files look like the ideographs and are not. Only these are folded: normalising all
# compatibility characters would replace ideographs that stand in people's papers.
_RADICALS = (
    "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月"
    "木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾"
    "見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠"
)
_FOLD: dict[int, int | str | None] = {**FULL_WIDTH} | {0x2F00 + i: radical for i, radical in enumerate(_RADICALS)}
_FOLD |= dict.fromkeys(map(ord, "•・‧･∙⋅●᛫⸱"), DOT)
_FOLD |= dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF, 0xAD])
_IDEOGRAPH = r"\u3400-\u9fff\uf900-\ufaff\u3007\U00020000-\U0003ffff"
_PLAIN = re.compile(r"[\u4e00-\u9fff]+")
_DOT_BETWEEN = re.compile(rf"(?<=[{_IDEOGRAPH}])\s*[.·]\s*(?=[{_IDEOGRAPH}])")
_GAP_IN_CHINESE = re.compile(rf"(?<=[{_IDEOGRAPH}])\s+(?=[{_IDEOGRAPH}(])")
_ALLOWED = re.compile(rf"[{_IDEOGRAPH}A-Za-z\u00c0-\u024f0-9\u3105-\u312f\U000e0100-\U000e01ef·.'’\- ()]+")
_PRIVATE = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010ffff\ufffd?？]")


class PersonNameError(ValueError):
    """Why a name cannot be accepted, in Chinese."""


def normalise(text: str) -> str:
    """One spelling per name: half-width letters and digits, one middle dot, no padding, rare characters untouched."""
    if _PLAIN.fullmatch(text):
        return text
    text = re.sub(r"\s+", " ", text.translate(_FOLD)).strip()
    text = _DOT_BETWEEN.sub(DOT, text)
    text = re.sub(rf"\s*{DOT}+\s*", DOT, text)
    return _GAP_IN_CHINESE.sub("", text).strip()


def parse(text: str) -> str:
    """A normalised name. Raises PersonNameError for what cannot be a person's name."""
    name = normalise(text)
    if not name:
        raise PersonNameError("姓名为空")
    if _PLAIN.fullmatch(name) and len(name) <= 6:
        return name
    if len(name) > LONGEST:
        raise PersonNameError(f"姓名超过 {LONGEST} 个字")
    if _PRIVATE.search(name):
        raise PersonNameError("姓名中有无法显示的字（造字或乱码），请改用标准字")
    if not _ALLOWED.fullmatch(name):
        raise PersonNameError("姓名中有不能使用的符号")
    if not any(letter.isalpha() for letter in name):
        raise PersonNameError("这不像姓名，请检查各列是否错位")
    return name


def search_keys(name: str) -> tuple[str, str]:
    """Pinyin without tones and its initials: 张三 → ("zhangsan", "zs"), 单雄信 → ("shanxiongxin", "sxx").

    A surname is read as a surname; given names take each character's usual reading. ü is written v, as it is typed.
    """
    name = normalise(name)
    syllables = [*_surname(name)]
    for character in name[len(syllables) :]:
        syllables.append(_syllable(character))
    found = [syllable for syllable in syllables if syllable]
    return "".join(found), "".join(syllable[0] for syllable in found)


def _surname(name: str) -> tuple[str, ...]:
    # With a middle dot the first part is a transcription, not a surname.
    if DOT in name:
        return ()
    if len(name) >= 3 and name[:2] in COMPOUND_SURNAMES:
        return COMPOUND_SURNAMES[name[:2]]
    return (SURNAMES[name[0]],) if len(name) >= 2 and name[0] in SURNAMES else ()


@lru_cache(maxsize=30_000)
def _syllable(character: str) -> str:
    """The usual reading; letters and digits stand for themselves, everything else for nothing."""
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    readings = pinyin(character, style=Style.NORMAL, errors="ignore")
    return readings[0][0] if readings else (character.lower() if character.isalpha() and character < "\u0250" else "")
