"""Notices that guardians decide about: text by version, and its hash. Pure. A text that was shown is never changed."""

import hashlib
from collections.abc import Iterable

NOTICES = {
    "2026-1": "\n".join(
        (
            "学校为了及早了解学生的情绪、睡眠、学习压力和人际交往，计划组织心理健康测评。",
            "测评采用问卷，结果只是提示，不是诊断，不影响成绩、评优和升学。",
            "答卷和结果加密保存，只有学校心理教师能看到；教育部门只看到不能识别个人的数字。",
            "如果回答显示学生可能有危险，学校会立即与学生面谈，并依法告知监护人。",
            "您可以同意、不同意，也可以随时撤回；不同意不影响学生使用心理辅导室。",
            "年满 14 周岁的学生，还要征得本人同意。任何学生在任何一页都可以不作答。",
        )
    )
}
CURRENT = "2026-1"


def digest_of_text(text: str, topics: Iterable[str]) -> str:
    """SHA-256 of what a guardian was shown."""
    return hashlib.sha256("\n".join((text, *topics)).encode()).hexdigest()


def digest_of(version: str) -> str:
    """SHA-256 of the text of a version. Raises KeyError for a version that was never issued."""
    return hashlib.sha256(NOTICES[version].encode()).hexdigest()
