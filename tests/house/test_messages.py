"""Messages travel in a cookie that is signed and not sealed: none carries the name of a student or of a family."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("xinyu", "assessments", "counseling_rooms", "crisis")
#: whoever is a child or belongs to one, as the code names them
ABOUT = {"student", "kid", "child", "guardian", "parent", "reporter"}
INNER = {"Outcome", "outcome", "reveal"}


def last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def tells(call: ast.Call) -> bool:
    """Whether the text of the message is put together with a person's name or what was said in a talk."""
    for node in (inner for argument in call.args[1:] for inner in ast.walk(argument)):
        if isinstance(node, ast.Attribute) and node.attr in {"name", "label"} and last_name(node.value) in ABOUT:
            return True
        if isinstance(node, ast.FormattedValue) and last_name(node.value) in ABOUT:
            return True
        if last_name(node) in INNER or (isinstance(node, ast.Constant) and node.value == "outcome"):
            return True
    return False


def messages_in(source: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and last_name(node.func.value) == "messages"
        ):
            yield node


def test_no_message_is_written_with_a_name_or_an_outcome():
    seen, found = 0, []
    for path in (path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))):
        for call in messages_in(path.read_text()):
            seen += 1
            found += [f"{path.relative_to(ROOT)}:{call.lineno}"] if tells(call) else []
    assert found == [] and seen > 80


@pytest.mark.parametrize(
    "line",
    [
        'messages.success(request, f"{student.name}由您负责。")',
        'messages.success(request, f"{case.student}由您负责。")',
        'messages.info(request, "已记录：" + row.guardian.name)',
        "messages.success(request, f\"{Outcome(values['outcome']).label}，已保存。\")",
    ],
)
def test_the_rule_sees_a_name(line):
    [call] = messages_in(line)
    assert tells(call)
