"""Posts: which roles there are, at which place a role stands, and what a label for it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PostRole:
    """A role that a post can have.

    code        stored value
    label       what people read
    level       place the post belongs to: city, county, school, grade or klass
    sees_names  whether the role shows names of students: then a post needs an approver who is not the grantor
                (未成年人网络保护条例 §36) and the person needs a second factor
    """

    code: str
    label: str
    level: str
    sees_names: bool


ROLES: dict[str, PostRole] = {
    role.code: role
    for role in (
        PostRole("teacher", "任课教师", "school", False),
        PostRole("homeroom", "班主任", "klass", True),
        PostRole("grade_head", "年级组长", "grade", True),
        PostRole("counselor", "心理教师", "school", True),
        PostRole("moral_head", "德育主任", "school", True),
        PostRole("vice_principal", "分管副校长", "school", True),
        PostRole("principal", "校长", "school", True),
        PostRole("station_counselor", "辅导站心理教师", "county", True),
        PostRole("county_officer", "县区教育局专干", "county", False),
        PostRole("city_officer", "市教育局专干", "city", False),
        PostRole("expert", "危机干预专家", "county", True),
        PostRole("doctor", "医院医生", "county", True),
        PostRole("system_admin", "系统管理员", "city", False),
        PostRole("security_admin", "安全管理员", "city", False),
        PostRole("audit_admin", "审计管理员", "city", False),
    )
}

LEVELS = ("klass", "grade", "school", "county", "city")
#: three people, never one: 三员分立 (GB/T 22239-2019, 8.1.4)
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


def column_of(role: str) -> str:
    """The column of a sealed row through which a post of this role looks at it: 'school_id' for a counselor."""
    return f"{ROLES[role].level}_id"
