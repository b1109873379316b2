"""Kinds of key attention, each with the document that names it. A bureau may add its own; a code never changes."""

#: (code, label, source)
GROUPS = (
    ("left_behind", "留守儿童", "国务院关于加强农村留守儿童关爱保护工作的意见（国发〔2016〕13 号）"),
    ("single_parent", "单亲家庭", "学校排查登记（专项行动计划关于重点关注学生的要求）"),
    ("bereaved", "丧亲", "学校排查登记（专项行动计划关于重点关注学生的要求）"),
    ("hardship", "家庭经济困难", "教育部等六部门关于做好家庭经济困难学生认定工作的指导意见（教财〔2018〕16 号）"),
    ("migrant", "流动、随迁子女", "民政部等部门关于加强流动儿童关爱保护工作的文件（2024）"),
    ("orphan", "孤儿、事实无人抚养", "民政部等部门关于进一步加强事实无人抚养儿童保障工作的意见（民发〔2019〕62 号）"),
    ("disability", "残疾", "残疾人教育条例"),
    ("blended_family", "重组家庭", "学校排查登记"),
    ("justice", "涉案未成年人", "未成年人保护法"),
    ("learning", "学习困难", "学校排查登记"),
    ("bullied", "遭受欺凌", "未成年人保护法第三十九条；未成年人学校保护规定（教育部令第 50 号）"),
    ("serious_illness", "重大疾病", "学校排查登记"),
)


def ensure_reference_data(apps=None, **kwargs) -> None:
    """After every migrate and flush: add groups that are missing, leave what the bureau changed alone."""
    if apps is None:
        from django.apps import apps
    try:
        model = apps.get_model("students", "AttentionGroup")
    except LookupError:
        return  # migrated to before the table
    known = set(model.objects.values_list("code", flat=True))
    model.objects.bulk_create(
        model(code=code, label=label, source=source, order=10 * number)
        for number, (code, label, source) in enumerate(GROUPS, start=1)
        if code not in known
    )
