"""One line on a model says who may see its rows. PostgreSQL enforces it; compile.py writes it there."""

import re
from dataclasses import dataclass

from .roles import column_of

#: kinds of actor that see the rows that carry their own key, and the function that tells the key
KEYED = {"sitting": "access_sitting", "card": "access_card", "consent": "access_consent", "slip": "access_slip"}
_ROLE = re.compile(r"(?P<role>[a-z_]+)(?P<at_school>@school)?(?:\[(?P<when>[a-z_]+)(?P<timed>>now)?\])?$")


@dataclass(frozen=True)
class Seal:
    """``Seal("counselor homeroom[is_shared]", author="author_id", sitting="sitting_id: INSERT", path="student")``

    roles     staff whose live post covers the row's klass / grade / school / county / city; ``role[column]`` only
              those rows whose boolean column is true, ``role[column>now]`` only until that time; ``role@school``
              every row of the school where the post is, though the post itself stands at a class or grade
    author    columns (space separated) holding the id of a user to whom the row belongs or is addressed
    reader    columns holding the id of a user who may read the row and not write it (one's own posts)
    reached   "column: function" pairs (comma separated): rows whose column is in the ids that the function says are
              reached by the acting user; she may read them and not write
    adds      "column: function" pairs: whoever reaches a row so may add one (give `by`, too) and not change it
    sitting, card, consent, slip
              "column" or "column: COMMANDS" by which an actor of that kind knows its own rows (default SELECT)
    by        column naming who wrote the row: staff may add rows in their own name only, whoever may see them
    writes    staff with a live post of these roles at the row's school may add or change it; the others only read
    fixed     columns (space separated) that stay as they were added
    once      columns that are set once and then stay
    own       "columns: user" pairs (comma separated): columns that only the user named in that column sets
    signed    column holding the actor's name: every kind of actor may add rows, and only under its own name
    systems   named jobs that see every row
    path      foreign keys, most specific first, from which the database fills the path columns; the first that is
              not null counts
    may       commands that staff and systems hold; without UPDATE the database refuses every change
    moves     the row itself may change its place (a student changes class); others are pinned to their parent
    leaves    "text stamp" of an append-only row: its text may go away for good while the stamp is set, by a function of
              the owner's; nothing else about the row ever changes
    bulk      rows come by the thousand (imports): an insert may name their place itself, and the database compares all
              rows of the statement with their parents at once
    """

    roles: str = ""
    author: str = ""
    reader: str = ""
    reached: str = ""
    adds: str = ""
    sitting: str = ""
    card: str = ""
    consent: str = ""
    slip: str = ""
    by: str = ""
    writes: str = ""
    fixed: str = ""
    once: str = ""
    own: str = ""
    signed: str = ""
    systems: str = ""
    path: str = ""
    may: str = "SELECT, INSERT, UPDATE"
    moves: bool = False
    leaves: str = ""
    bulk: bool = False

    def staff_sql(self) -> str:
        """Only comparisons with an array or a value computed once per statement: no function per row."""
        by_clause: dict[tuple[str, str, str], list[str]] = {}
        for word in self.roles.split():
            match = _ROLE.match(word)
            if match is None:
                raise ValueError(f"not a role: {word!r}")
            column, scope = (
                ("school_id", "access_schools") if match["at_school"] else (column_of(match["role"]), "access_scope")
            )
            when = f"{match['when']} > now()" if match["timed"] else match["when"] or ""
            by_clause.setdefault((column, scope, when), []).append(match["role"])
        rules = [
            f"{when + ' AND ' if when else ''}{column} = ANY ((SELECT {scope}('{{{','.join(roles)}}}'))::bigint[])"
            for (column, scope, when), roles in by_clause.items()
        ]
        rules += [f"{column} = (SELECT access_user())" for column in self.author.split()]
        return " OR ".join(f"({rule})" for rule in rules)

    def reader_sql(self) -> str:
        rules = [f"({column} = (SELECT access_user()))" for column in self.reader.split()]
        return " OR ".join([*rules, *self._among(self.reached)])

    def adder_sql(self) -> str:
        return " OR ".join(self._among(self.adds))

    def _among(self, pairs: str) -> list[str]:
        return [f"({column} = ANY ((SELECT {function}())::bigint[]))" for column, function in self.reaches(pairs)]

    def reaches(self, said: str | None = None) -> list[tuple[str, str]]:
        """[(column, function that tells the ids)] of `reached`."""
        pairs = [pair.split(":") for pair in (self.reached if said is None else said).split(",") if pair]
        return [(column.strip(), function.strip()) for column, function in pairs]

    def owned(self) -> list[tuple[list[str], str]]:
        """[(columns, column with the only user who sets them)] of `own`."""
        pairs = [pair.split(":") for pair in self.own.split(",") if pair]
        return [(columns.split(), user.strip()) for columns, user in pairs]

    def keyed(self) -> list[tuple[str, str, str]]:
        """[(kind, policy expression, commands)] for sittings, cards, consent links and slips."""
        out = []
        for kind, function in KEYED.items():
            column, _, may = getattr(self, kind).partition(":")
            if column:
                out.append((kind, f"{column.strip()} = (SELECT {function}())", may.strip() or "SELECT"))
        return out

    def system_sql(self) -> str:
        names = ",".join(self.systems.split())
        return f"(SELECT access_system()) = ANY ('{{{names}}}')" if names else ""

    def columns(self) -> set[str]:
        """Every column that the policies name: a model without one of them cannot carry this seal."""
        found = set(self.author.split()) | set(self.reader.split()) | ({self.signed, self.by} - {""})
        found |= {column for column, _ in (*self.reaches(), *self.reaches(self.adds))}
        found |= set(self.fixed.split()) | set(self.once.split())
        found |= {column for columns, user in self.owned() for column in (*columns, user)}
        found |= {"school_id"} if self.writes else set()
        found |= set(self.leaves.split())
        for word in self.roles.split():
            match = _ROLE.match(word)
            if match:
                found |= {"school_id" if match["at_school"] else column_of(match["role"])} | (
                    {match["when"]} if match["when"] else set()
                )
        return found | {getattr(self, kind).partition(":")[0].strip() for kind in KEYED if getattr(self, kind)}

    @property
    def is_append_only(self) -> bool:
        return "UPDATE" not in self.may


@dataclass(frozen=True)
class Open:
    """No row rule, and why. `may`: what staff, systems and log-ins hold; `keyed`: whether keyed actors may read."""

    why: str
    may: str = "SELECT, INSERT, UPDATE, DELETE"
    keyed: bool = False


#: third-party tables: "app" or "app.model" -> Seal | Open
ELSEWHERE: dict[str, "Seal | Open"] = {
    "auth": Open("groups and permissions of Django, unused; no student data", "SELECT"),
    "sessions": Open("session rows are opaque and hold no student data"),
    "contenttypes": Open("names of tables", "SELECT, INSERT", keyed=True),
    "account": Open("allauth: staff addresses"),
    "mfa": Open("allauth: second factors, secrets encrypted by our adapter"),
    "pghistory.context": Open("unused: the context lies in the event row", "SELECT"),
}


def seal_of(model) -> "Seal | Open | None":
    """The declaration of a model (or of the model that made this many-to-many table), None when there is none."""
    meta = (model._meta.auto_created or model)._meta
    own = getattr(meta.model, "seal", None)
    return own or ELSEWHERE.get(f"{meta.app_label}.{meta.model_name}") or ELSEWHERE.get(meta.app_label)
