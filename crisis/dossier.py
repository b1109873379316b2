"""The 17 sections of 一人一案 (4-workflow D4): their order, what is typed in them, where the rest comes from. Pure.

A section may have typed fields (versions, only added to), facts that pages elsewhere keep (`sources`), or both. A new
source of facts is one dotted name in `sources`: a function from crisis.queries.dossier.Reading to a list of Line.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

FULL, PAGE = "full", "page"
SOURCES = "crisis.queries.dossier_facts"
PEOPLE = "crisis.queries.dossier_people"


#: how much of a fact goes into a copy for readers outside the school
NOTHING, TITLE, ALL = "nothing", "title", "all"


@dataclass(frozen=True)
class Line:
    """One fact of a section. `who` never leaves the school; `outside` says what of the rest does."""

    title: str
    text: str = ""
    who: str = ""
    at: date | datetime | None = None
    outside: str = NOTHING
    #: where the paper itself is opened, for whoever may
    url: str = ""
    #: a term and its value rather than something that happened
    is_pair: bool = False


@dataclass(frozen=True)
class TextField:
    """One typed field. `choices` ('' first is added by the form); `is_for_outside`: also in the redacted copy."""

    code: str
    label: str
    help: str = ""
    rows: int = 3
    choices: tuple[str, ...] = ()
    is_for_outside: bool = True
    is_required: bool = False


@dataclass(frozen=True)
class Section:
    """`verb`: who may read the section at all; typed fields are read by the school's counselors, by the database.

    on_page: part of the one page of 一生一案; is_required: a full case asks for its typed text; page_name: the page
    (url name that takes the case) on which its facts are written.
    """

    number: int
    code: str
    title: str
    fields: tuple[TextField, ...] = ()
    sources: tuple[str, ...] = ()
    verb: str = "crisis.see"
    on_page: bool = False
    is_required: bool = False
    page_name: str = ""
    page_label: str = ""
    #: diagnosis words are at home here, and the text always says where they come from
    is_medical: bool = False
    #: why even the lines of this section stay inside the school
    held_back: str = ""


WAYS = (
    "心理测评",
    "班主任发现",
    "任课教师或其他教职工发现",
    "同学反映",
    "监护人反映",
    "学生自述",
    "网络信息",
    "医院告知",
    "其他",
)
TOLD_BY = ("监护人转述", "监护人出示的医疗机构材料", "医疗机构直接告知（监护人同意）")
SECRECY = ("内部", "秘密", "机密")

SECTIONS: tuple[Section, ...] = (
    Section(
        1, "cover", "封面",
        (
            TextField("secrecy", "密级", "按本校档案制度填写。", choices=SECRECY),
            TextField("keeping", "纸质件存放", "柜号、钥匙由谁保管。", 2, is_for_outside=False),
        ),
        (f"{SOURCES}.cover", f"{SOURCES}.moved_entries"), on_page=True,
    ),
    Section(
        2, "student", "学生基本信息",
        (
            TextField("family", "家庭结构和主要照顾者", "只写帮助学生需要的，不写父母职业细节。", is_for_outside=False),
            TextField("strengths", "优势与资源", "学生信任谁、喜欢什么、做得好的事。", 3),
        ),
        (f"{SOURCES}.student",), on_page=True, held_back="监护人姓名和电话、家庭情况",
    ),
    Section(
        3, "discovery", "发现途径",
        (
            TextField("way", "发现途径", choices=WAYS, is_required=True, is_for_outside=False),
            TextField("noticed", "当时看到、听到的情况", "写事实，不写推断。", 4, is_required=True),
            TextField("reporter", "告知人", "只供校内联系；对外的打印件不写。", 2, is_for_outside=False),
        ),
        (f"{SOURCES}.flags",), on_page=True, is_required=True, held_back="发现途径和告知人",
    ),
    Section(
        4, "risk", "风险描述",
        (
            TextField("ideation", "意念", "有没有不想活的想法，多久一次，最近一次。"),
            TextField("plan", "计划", "方式、时间、地点；没有请写“没有”。"),
            TextField("means", "工具可得性", "能不能拿到，谁能收走。"),
            TextField("history", "既往自伤或尝试"),
            TextField("triggers", "诱因"),
            TextField("protective", "保护因素", "让学生愿意撑下去的人和事。"),
        ),
        is_required=True,
    ),
    Section(
        5, "assessment", "测评与访谈结果",
        (TextField("summary", "评估小结", "几方面的情况放在一起怎么看。", 5, is_required=True),),
        (f"{SOURCES}.results", f"{SOURCES}.interviews"), verb="crisis.notes", is_required=True,
        held_back="访谈要点正文",
    ),
    Section(
        6, "medical", "医疗信息",
        (
            TextField("told_by", "信息来源", choices=TOLD_BY, is_required=True),
            TextField("visits", "就诊医院和时间"),
            TextField("conclusion", "医疗机构的结论", "照材料或监护人的话写；学校不作诊断。"),
            TextField("medication", "用药与注意事项"),
        ),
        (f"{PEOPLE}.advice", f"{SOURCES}.medical_notes"), verb="crisis.notes", is_medical=True,
        page_name="crisis:case-home", page_label="家校与就医",
    ),
    Section(
        7, "conference", "定级与研判会纪要", (), (f"{SOURCES}.conferences",),
        page_name="crisis:case-team", page_label="研判与帮扶", held_back="会议纪要正文和到会人员姓名",
    ),
    Section(
        8, "guardian", "监护人告知记录", (), (f"{PEOPLE}.contacts", f"{SOURCES}.guardian_notes"),
        page_name="crisis:case-home", page_label="家校与就医", held_back="告知记录正文和监护人姓名、电话",
    ),
    Section(
        9, "plan", "干预方案", (), (f"{SOURCES}.plan", f"{PEOPLE}.safety_plan"), on_page=True,
        page_name="crisis:case-page", page_label="概览",
    ),
    Section(
        10, "pairing", "结对帮扶", (), (f"{SOURCES}.helpers", f"{PEOPLE}.pairs"), on_page=True,
        page_name="crisis:case-team", page_label="研判与帮扶", held_back="帮扶人姓名和联系记录",
    ),
    Section(
        11, "process", "过程记录", (), (f"{SOURCES}.process_notes",), verb="crisis.notes",
        page_name="crisis:case-page", page_label="概览", held_back="过程记录正文",
    ),
    Section(
        12, "referral", "转介与回转",
        (
            TextField("to", "转介去向和时间", "医院或机构、科室。"),
            TextField("contact", "接收人", "只供校内联系；对外的打印件不写。", 2, is_for_outside=False),
            TextField("answer", "反馈", "对方说了什么，返校后怎么配合。"),
        ),
        (f"{SOURCES}.referring_talks",), verb="crisis.notes",
    ),
    Section(
        13, "leave", "请假、休学与复学",
        (
            TextField("leave", "请假或休学", "起止时间、事由、在家由谁陪伴。"),
            TextField("return", "复学评估和返校安排", "材料、评估意见、返校后的支持。"),
        ),
        verb="crisis.notes",
    ),
    Section(
        14, "follow_up", "随访", (), (f"{SOURCES}.follow_ups",), on_page=True,
        page_name="crisis:case-team", page_label="研判与帮扶",
    ),
    Section(
        15, "levels", "级别变更", (), (f"{SOURCES}.levels",), on_page=True,
        page_name="crisis:case-page", page_label="概览",
    ),
    Section(
        16, "closing", "结案、移交与保管",
        (TextField("handover", "移交与保管", "交给谁、交了什么、保管到什么时候。", 3, is_for_outside=False),),
        (f"{SOURCES}.closings",),
    ),
    Section(
        17, "attachments", "附件",
        (TextField("papers", "纸质材料目录", "材料名称、日期、份数、存放处。", 4, is_for_outside=False),),
        (f"{SOURCES}.attachments", f"{PEOPLE}.papers"), verb="crisis.notes", held_back="附件内容和强制报告的对象",
    ),
)  # fmt: skip
BY_CODE: Mapping[str, Section] = {section.code: section for section in SECTIONS}
TYPED: tuple[Section, ...] = tuple(section for section in SECTIONS if section.fields)


def shown(depth: str, filled: Collection[str]) -> list[Section]:
    """Sections of a case of this depth, in order. What is filled stays, whatever the level has become since."""
    return [section for section in SECTIONS if depth == FULL or section.on_page or section.code in filled]


def missing(depth: str, filled: Collection[str]) -> list[Section]:
    """Typed sections that a case of this depth still owes: none for one page, whose facts say why and what."""
    return [one for one in SECTIONS if depth == FULL and one.is_required and one.code not in filled]


def checked(section: Section, texts: Mapping[str, str]) -> dict[str, str]:
    """Only the section's own fields, without surrounding blanks; empty ones are left out."""
    found = {field.code: str(texts.get(field.code, "") or "").strip() for field in section.fields}
    return {code: text for code, text in found.items() if text}


def merged(section: Section, into: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """The texts of two entries in one: what is there comes first, nothing is said twice, a choice made stays."""
    out = dict(into)
    for field in section.fields:
        text, there = more.get(field.code, ""), out.get(field.code, "")
        if text and not (there and (field.choices or text in there)):
            out[field.code] = f"{there}\n{text}" if there else text
    return out
