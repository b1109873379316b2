"""Invented names and numbers: syllables drawn by chance, identity numbers of a region that no register has. Pure."""

from datetime import date
from random import Random

from xinyu.lib.identity_numbers import check_digit

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚邹喻柏窦章云苏潘葛范彭鲁韦马苗方俞任"
    "袁柳鲍史唐费薛雷贺倪汤罗毕郝安常于傅齐康顾孟黄穆萧尹姚邵汪米戴宋庞纪舒屈项祝董梁杜单曾仇"
)
#: chosen so that no surname makes a name that everybody knows
GIRLS = "雨欣怡梦思佳婷晓语诗静若琪妍雅涵瑶悦萱芷晴溪澜"
BOYS = "浩宇子轩俊明泽文博志建伟家豪天佑承峻嘉航书然"
BOTH = "晨安清远行亦可之言以南星辰"
#: first digits that no province or nationality has, with valid check digits
REGION = "990000"
#: 154 was never given to an operator
PHONE = "154"


def person_name(dice: Random, sex: str) -> str:
    syllables = (GIRLS if sex == "F" else BOYS) + BOTH
    return dice.choice(SURNAMES) + "".join(dice.sample(syllables, 2))


def identity_number(birth_on: date, sex: str, sequence: int) -> str:
    """18 characters; `sequence` 0–499 tells people of one birthday and sex apart."""
    body = f"{REGION}{birth_on:%Y%m%d}{sequence * 2 + (sex == 'M'):03d}"
    return body + check_digit(body)


def phone(number: int) -> str:
    return f"{PHONE}{number:08d}"
