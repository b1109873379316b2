"""Reads a plain document (parsed JSON) field by field, with a path for every complaint.

A key nobody asked for is an error: a misspelt "critical" would otherwise be a child nobody calls in.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from .errors import DefinitionError

T = TypeVar("T")
_REQUIRED: Any = object()


def refuse(rule: str, where: str, message: str) -> DefinitionError:
    return DefinitionError(rule, where, message)


def _is_pair(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and len(value) == 2 and all(type(part) in (int, float) for part in value)


class Node:
    """One object of the document. Every getter raises `DefinitionError`; `close()` refuses unread keys."""

    def __init__(self, data: Any, where: str = ""):
        if not isinstance(data, dict):
            raise refuse("not_an_object", where, "这里应是一个对象")
        self._data = data
        self._unread = set(data)
        self.where = where

    def at(self, name: str) -> str:
        return f"{self.where}.{name}" if self.where else name

    def has(self, name: str) -> bool:
        return self._data.get(name) is not None

    def raw(self, name: str, default: Any = _REQUIRED) -> Any:
        self._unread.discard(name)
        value = self._data.get(name)
        if value is not None:
            return value
        if default is _REQUIRED:
            raise refuse("missing_field", self.at(name), "缺少这一项")
        return default

    def text(self, name: str, default: str = _REQUIRED) -> str:
        value = self.raw(name, default)
        if not isinstance(value, str) or (default is _REQUIRED and not value.strip()):
            raise refuse("not_text", self.at(name), "这里应是文字")
        return value

    def choice(self, name: str, allowed: Sequence[str], default: str = _REQUIRED) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise refuse("not_a_choice", self.at(name), f"“{value}”不在可选项（{'、'.join(allowed)}）之内")
        return value

    def choices(self, name: str, allowed: Sequence[str], default: Any = _REQUIRED) -> tuple[str, ...]:
        values = self.raw(name, default)
        if not isinstance(values, (list, tuple)) or any(value not in allowed for value in values):
            raise refuse("not_a_choice", self.at(name), f"只能从（{'、'.join(allowed)}）中选取")
        return tuple(values)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.raw(name, default)
        if not isinstance(value, bool):
            raise refuse("not_a_flag", self.at(name), "这里应是 true 或 false")
        return value

    def whole(self, name: str, default: Any = _REQUIRED) -> Any:
        value = self.raw(name, default)
        if value is not default and type(value) is not int:
            raise refuse("not_a_whole_number", self.at(name), "这里应是整数")
        return value

    def number(self, name: str, default: Any = _REQUIRED) -> Any:
        value = self.raw(name, default)
        if value is not default and type(value) not in (int, float):
            raise refuse("not_a_number", self.at(name), "这里应是数字")
        return value

    def wholes(self, name: str, default: Any = _REQUIRED) -> tuple[int, ...]:
        values = self.raw(name, default)
        if not isinstance(values, (list, tuple)) or any(type(value) is not int for value in values):
            raise refuse("not_whole_numbers", self.at(name), "这里应是整数列表")
        return tuple(values)

    def words(self, name: str) -> tuple[str, ...]:
        values = self.raw(name, ())
        if not isinstance(values, (list, tuple)) or any(not isinstance(value, str) for value in values):
            raise refuse("not_text", self.at(name), "这里应是文字列表")
        return tuple(values)

    def pairs(self, name: str) -> tuple[tuple[float, float], ...]:
        values = self.raw(name, ())
        if not isinstance(values, (list, tuple)) or any(not _is_pair(value) for value in values):
            raise refuse("not_pairs", self.at(name), "这里应是 [数字, 数字] 的列表")
        return tuple((value[0], value[1]) for value in values)

    def span(self, name: str) -> tuple[int, int] | None:
        if not self.has(name):
            self.raw(name, None)
            return None
        values = self.wholes(name)
        if len(values) != 2 or values[0] > values[1]:
            raise refuse("bad_range", self.at(name), "范围应写成 [下限, 上限]")
        return values[0], values[1]

    def each(self, name: str, build: Callable[["Node"], T], default: Any = ()) -> tuple[T, ...]:
        values = self.raw(name, default)
        if not isinstance(values, (list, tuple)):
            raise refuse("not_a_list", self.at(name), "这里应是列表")
        return tuple(closed(Node(value, f"{self.at(name)}[{i}]"), build) for i, value in enumerate(values))

    def one(self, name: str, build: Callable[["Node"], T], default: Any = _REQUIRED) -> T:
        value = self.raw(name, default)
        return value if value is default else closed(Node(value, self.at(name)), build)

    def close(self) -> None:
        if self._unread:
            raise refuse("unknown_field", self.at(sorted(self._unread)[0]), "不认识这一项，请检查拼写")


def closed(node: Node, build: Callable[[Node], T]) -> T:
    """`build(node)`, then refuse what it left unread."""
    result = build(node)
    node.close()
    return result
