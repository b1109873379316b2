"""Which known student a row is. Certain, or not decided here: merging two children is worse than asking once more."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from .existing import ExistingStudent
from .shapes import RosterRow

Placed = tuple[RosterRow, Hashable]  # a row and the key of its class


@dataclass(frozen=True, slots=True)
class Unclear:
    reason: str
    candidates: tuple[ExistingStudent, ...]


Answer = ExistingStudent | Unclear | None


class KnownStudents:
    """The students of one school by identity number (digest), student number and name."""

    def __init__(self, existing: Iterable[ExistingStudent]) -> None:
        self._all = tuple(existing)
        self._by_digest = {s.id_digest: s for s in self._all if s.id_digest}
        self._by_number = {s.number: s for s in self._all if s.number}
        self._by_name: dict[str, list[ExistingStudent]] = defaultdict(list)
        for student in self._all:
            self._by_name[student.name].append(student)
        self._named: set[Hashable] = set()

    def match(self, rows: Sequence[Placed], digests: Sequence[bytes | None]) -> list[Answer]:
        """One answer per row: a student, Unclear, or None for somebody new.

        Numbers come first for all rows; only students left over by that are looked for by name, so a row without
        numbers never takes a student whom another row names exactly.
        """
        answers: list[Answer] = [self._by_numbers(row, digest) for (row, _), digest in zip(rows, digests, strict=True)]
        answers = _each_once(answers)
        for answer in answers:
            self._named.update(s.id for s in _mentioned(answer))
        taken = set(self._named)
        for index, ((row, klass_key), digest) in enumerate(zip(rows, digests, strict=True)):
            if answers[index] is None:
                answers[index] = answer = self._by_names(row, klass_key, digest, taken)
                self._named.update(s.id for s in _mentioned(answer))
        return answers

    def unnamed(self) -> list[ExistingStudent]:
        """Students no row has mentioned, not even in doubt. Call after `match`."""
        return [student for student in self._all if student.id not in self._named]

    def _by_numbers(self, row: RosterRow, digest: bytes | None) -> Answer:
        same_id = self._by_digest.get(digest) if digest else None
        same_number = self._by_number.get(row.number)
        if same_id is not None:
            return _by_identity(row, same_id, same_number)
        if same_number is None:
            return None
        if same_number.name != row.name:
            return Unclear("学号已属于另一名学生（姓名不同）：改名、学号填错，还是另一个人？", (same_number,))
        if digest and same_number.id_digest:
            return Unclear("学号和姓名相同，但身份证号不同：身份证号填错，还是另一个人？", (same_number,))
        if _differ(row.birth_on, same_number.birth_on):
            return Unclear("学号和姓名相同，但出生日期不同，请核对", (same_number,))
        return same_number

    def _by_names(self, row: RosterRow, klass_key: Hashable, digest: bytes | None, taken: set[Hashable]) -> Answer:
        """Somebody of the same name who might be this student, although the numbers do not say so."""
        candidates = tuple(
            s
            for s in self._by_name.get(row.name, ())
            if s.id not in taken
            and not (digest and s.id_digest)
            and not _differ(row.birth_on, s.birth_on)
            and row.sex == s.sex
            and (s.klass_key == klass_key or (row.birth_on is not None and row.birth_on == s.birth_on))
        )
        return Unclear("学号不同，但有同名学生可能是同一人：换了学号，还是同名？", candidates) if candidates else None


def _by_identity(row: RosterRow, same_id: ExistingStudent, same_number: ExistingStudent | None) -> Answer:
    if same_number is not None and same_number.id != same_id.id:
        return Unclear("身份证号属于一名学生，学号却属于另一名学生", (same_id, same_number))
    if same_id.name != row.name and same_id.number != row.number:
        return Unclear("身份证号相同，但姓名和学号都不同，请核对", (same_id,))
    return same_id


def _each_once(answers: list[Answer]) -> list[Answer]:
    """Two rows that name the same student (one by 学号, one by 身份证号) are both in doubt."""
    times: dict[Hashable, int] = defaultdict(int)
    for answer in answers:
        if isinstance(answer, ExistingStudent):
            times[answer.id] += 1
    return [
        Unclear("文件中有多行对应同一名学生", (answer,))
        if isinstance(answer, ExistingStudent) and times[answer.id] > 1
        else answer
        for answer in answers
    ]


def _mentioned(answer: Answer) -> tuple[ExistingStudent, ...]:
    if isinstance(answer, Unclear):
        return answer.candidates
    return (answer,) if answer is not None else ()


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other
