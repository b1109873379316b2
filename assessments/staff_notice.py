"""What a member of staff reads before she agrees. A version: what was agreed to is known by it. Pure."""

VERSION = "2026.1"
TEXT_FOR_ALL = (
    "自愿参加：可以不参加，也可以空着任何一题、随时停下，都不需要说理由。参加与否、答了什么，不作为考核、评优、聘任的依据。",
    "您交卷后马上看到自己的结果。除您本人以外，只有本县区辅导站心理教师能看到；每打开一次都有记录，您看得到是谁、什么时候。",
    "学校（包括校长和本校心理教师）和教育局看不到谁参加了、结果怎样。整轮结束以后，学校领导只看到参加人数，人数少时不显示。",
)
ON_SAFETY = (
    "问卷里有关于伤害自己的题目。选到需要留意的回答，一保存就会提醒辅导站心理教师联系您；以后撤回，这条提醒不会收回。"
)
LAST = (
    "您可以随时撤回：答案的密钥随即销毁，谁也不能再打开。",
    "结果只是筛查信号，会变化，不是诊断。",
)
#: for every questionnaire in place of the words that the library has for students
INTRO = "这不是考试，答案没有对错，请按自己的真实感受选择。哪一题不想回答，可以空着；随时可以停下来，以后接着答。"


def notice(*, has_critical: bool) -> tuple[str, ...]:
    """Paragraphs in their order."""
    return (*TEXT_FOR_ALL, *((ON_SAFETY,) if has_critical else ()), *LAST)
