"""Write the state diagram of a screening into the documentation."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from assessments.screening_flow import LABELS, MOVES, STOP, diagram

PAGE = Path(settings.BASE_DIR) / "xinyu" / "docs" / "screening-states.md"
#: what each condition of the table asks, for readers
NEEDS = {
    "people": "名单里有需要作答的学生",
    "scales": "量表适合所选年级并经县区核对",
    "time": "结束时间未到",
    "approval": "同一学年第二次、考前 30 天内须有县区批准",
}


def page() -> str:
    """The diagram and, for readers without one, the same moves as a table."""
    rows = [
        f"| {move.label} | {'、'.join(LABELS[code] for code in sorted(move.sources))} | {LABELS[move.target]} "
        f"| {'；'.join(NEEDS[need] for need in move.needs)} |"
        for move in (*MOVES.values(), STOP)
    ]
    head = [
        "# States of a screening",
        "",
        "Written by `manage.py screening_diagram` from `assessments/screening_flow.py`.",
    ]
    table = ["| 步骤 | 从 | 到 | 须满足 |", "| --- | --- | --- | --- |", *rows]
    return "\n".join([*head, "", "```mermaid", diagram().rstrip(), "```", "", *table, ""])


class Command(BaseCommand):
    help = "Write xinyu/docs/screening-states.md from the transition table"

    def handle(self, *args, **options):
        PAGE.write_text(page(), "utf-8")
        self.stdout.write(f"{PAGE.relative_to(settings.BASE_DIR)}")
