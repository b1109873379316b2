"""The invented city of 云川: three counties and twelve schools of every kind. Pure."""

from dataclasses import dataclass

CITY = "云川市"
COUNTIES = {"YC01": "溪东区", "YC02": "青屏县", "YC03": "芦岭县"}
STAGE_YEARS = {"primary": 6, "junior": 3, "senior": 3, "vocational": 3}
#: age at which a stage is entered
ENTRY_AGE = {"primary": 6, "junior": 12, "senior": 15, "vocational": 15}


@dataclass(frozen=True)
class School:
    """`klasses`: classes of each grade; `size`: students of a class. `built` names the room type as it stands today."""

    code: str
    county: str
    name: str
    kind: str
    locality: str
    stages: tuple[str, ...]
    klasses: int
    size: int
    counselors: int
    built: str
    is_demonstration: bool = False
    ownership: str = "public"
    is_boarding: bool = False

    @property
    def enrolment(self) -> int:
        return sum(STAGE_YEARS[stage] for stage in self.stages) * self.klasses * self.size


#: the first school is where the demo's running screening is
NORMAL = (
    School("YC0102", "YC01", "溪东区第二初级中学", "junior", "urban", ("junior",), 4, 45, 1, "standard"),
    School(
        "YC0101", "YC01", "云川市第一中学", "complete", "urban", ("junior", "senior"), 4, 44, 2, "model",
        is_demonstration=True,
    ),
    School("YC0103", "YC01", "溪东区向阳小学", "primary", "urban", ("primary",), 3, 38, 1, "standard"),
    School(
        "YC0104", "YC01", "云川市育才学校", "twelve_year", "urban", ("primary", "junior", "senior"), 2, 30, 1, "simple",
        ownership="private", is_boarding=True,
    ),
    School(
        "YC0201", "YC02", "青屏县第一中学", "complete", "town", ("junior", "senior"), 4, 44, 1, "standard",
        is_demonstration=True,
    ),
    School(
        "YC0202", "YC02", "青屏县职业中等专业学校", "vocational", "town", ("vocational",), 4, 38, 1, "simple",
        is_boarding=True,
    ),
    School(
        "YC0203", "YC02", "青屏县柳河镇九年一贯制学校", "nine_year", "town", ("primary", "junior"), 1, 42, 1, "standard"
    ),
    School("YC0204", "YC02", "青屏县石门乡中心小学", "primary", "rural", ("primary",), 1, 30, 1, "simple"),
    School("YC0301", "YC03", "芦岭县高级中学", "senior", "town", ("senior",), 4, 45, 1, "standard", is_boarding=True),
    School("YC0302", "YC03", "芦岭县特殊教育学校", "special", "town", ("primary", "junior"), 1, 7, 1, "simple"),
    School("YC0303", "YC03", "芦岭县南坪镇初级中学", "junior", "town", ("junior",), 3, 38, 1, "simple"),
    School(
        "YC0304", "YC03", "芦岭县杏花乡初级中学", "junior", "rural", ("junior",), 1, 36, 1, "none", is_boarding=True
    ),
)  # fmt: skip
TINY = (
    School("YC0102", "YC01", "溪东区第二初级中学", "junior", "urban", ("junior",), 2, 30, 1, "standard"),
    School("YC0103", "YC01", "溪东区向阳小学", "primary", "urban", ("primary",), 1, 10, 1, "simple"),
    School(
        "YC0201", "YC02", "青屏县第一中学", "complete", "town", ("junior", "senior"), 1, 10, 1, "standard",
        is_demonstration=True,
    ),
)  # fmt: skip
SIZES = {"tiny": TINY, "normal": NORMAL}
