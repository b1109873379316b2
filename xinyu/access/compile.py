"""Write the seals into PostgreSQL. Runs as the owner after every migrate; does nothing when nothing differs."""

import hashlib

from django.apps import apps
from django.db import connections, transaction

from . import sql
from .seal import Open, Seal, seal_of

#: columns that tell where a row stands; the database fills them from the parent, the client never does
PATH = ("student_id", "screening_id", "case_id", "city_id", "county_id", "school_id", "grade_id", "klass_id")
#: columns that change when a student changes class
PLACE = ("city_id", "county_id", "school_id", "grade_id", "klass_id")


def _columns(model) -> set[str]:
    return {field.column for field in model._meta.concrete_fields}


def _path_of(model, parent: str) -> tuple[str, str, list[str]]:
    """(parent's table, our foreign-key column, columns to copy) for one name in Seal.path."""
    field = model._meta.get_field(parent)
    shared = _columns(model) & _columns(field.related_model)
    return field.related_model._meta.db_table, field.column, [c for c in PATH if c in shared and c != field.column]


def path_trigger(model, seal: Seal) -> list[str]:
    """Copy the path from the parent row as the actor sees it: nothing can be hung on a row out of sight.

    SECURITY INVOKER on purpose. Only the owner (the cascade below) may move a row that does not move by itself.
    """
    table = model._meta.db_table
    parents = [_path_of(model, parent) for parent in seal.path.split()]
    pinned = sorted({column for _, key, columns in parents for column in (key, *columns)})
    keep = "".join(f"NEW.{column} := OLD.{column}; " for column in pinned)
    on_update = (
        "" if seal.moves else f"IF TG_OP = 'UPDATE' AND current_user <> '{sql.OWNER}' THEN {keep}RETURN NEW; END IF;"
    )
    # A cascade as the owner has already set the right place; recomputing it would read a parent mid-move.
    on_owner = "" if seal.moves else f"IF TG_OP = 'UPDATE' AND current_user = '{sql.OWNER}' THEN RETURN NEW; END IF;"
    # The whole statement is compared by access_paths; 0 is what the column holds where the insert is silent.
    on_stated = "IF TG_OP = 'INSERT' AND NEW.school_id <> 0 THEN RETURN NEW; END IF;" if seal.bulk else ""
    copies = []
    for number, (parent_table, key, columns) in enumerate(parents):
        target = (
            f"SELECT {', '.join(columns)} INTO {', '.join('NEW.' + c for c in columns)}" if columns else "PERFORM 1"
        )
        copies.append(
            f"{'ELSIF' if number else 'IF'} NEW.{key} IS NOT NULL THEN\n"
            f"    {target} FROM {parent_table} WHERE id = NEW.{key};\n"
            f"    IF NOT FOUND THEN RAISE EXCEPTION '{key} % is out of sight', NEW.{key} USING ERRCODE = 'insufficient_privilege'; END IF;"
        )
    body = "\n  ".join([on_update, on_owner, on_stated, *copies, "END IF;"])
    return [
        f"CREATE OR REPLACE FUNCTION access_path_{table}() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = pg_catalog, public, pg_temp AS $$\nBEGIN\n  {body}\n  RETURN NEW;\nEND $$",
        f"CREATE OR REPLACE TRIGGER access_path BEFORE INSERT OR UPDATE ON {table} "  # UPDATE OF would pin the columns
        f"FOR EACH ROW EXECUTE FUNCTION access_path_{table}()",
        *(bulk_trigger(table, *parents) if seal.bulk else ()),
    ]


def write_trigger(model, seal: Seal) -> list[str]:
    """What a policy can not say: who of those who see a row may write it, and which columns do not change (any more).

    Runs after access_path (triggers go by name), so that an added row knows its school. The owner mends and follows.
    """
    table, lines = model._meta.db_table, []

    def refuse(condition: str, why: str) -> str:
        return (
            f"IF ({condition}) THEN RAISE EXCEPTION '{table}: {why}' USING ERRCODE = 'insufficient_privilege'; END IF;"
        )

    if seal.writes:
        roles = ",".join(seal.writes.split())
        rule = refuse(f"NOT NEW.school_id = ANY (access_schools('{{{roles}}}'))", "not written by this post")
        lines.append(f"IF current_user = '{sql.STAFF}' THEN {rule} END IF;")  # only staff may call the scope function
    lines += [refuse(condition, f"{column} stays as it is") for column, condition in _kept_columns(seal)]
    if not lines:
        return []
    body = "\n  ".join([f"IF current_user = '{sql.OWNER}' THEN RETURN NEW; END IF;", *lines])
    return [
        f"CREATE OR REPLACE FUNCTION access_write_{table}() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = pg_catalog, public, pg_temp AS $$\nBEGIN\n  {body}\n  RETURN NEW;\nEND $$",
        f"CREATE OR REPLACE TRIGGER access_write BEFORE INSERT OR UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION access_write_{table}()",
    ]


def _kept_columns(seal: Seal) -> list[tuple[str, str]]:
    """[(column, when a statement changes it and must not)] of `fixed`, `once` and `own`."""
    changes = "TG_OP = 'UPDATE' AND NEW.{0} IS DISTINCT FROM OLD.{0}"
    is_set = "coalesce({0}::text, '') <> ''"
    found = [(column, changes.format(column)) for column in seal.fixed.split()]
    found += [
        (column, f"{changes.format(column)} AND {is_set.format('OLD.' + column)}") for column in seal.once.split()
    ]
    for columns, user in seal.owned():
        for column in columns:
            is_new = f"{changes.format(column)} OR TG_OP = 'INSERT' AND {is_set.format('NEW.' + column)}"
            found.append((column, f"({is_new}) AND NEW.{user} IS DISTINCT FROM access_user()"))
    return found


def bulk_trigger(table: str, parent: tuple[str, str, list[str]]) -> list[str]:
    """Refuse a statement any of whose rows is not exactly where its parent is, as the actor sees the parent.

    The same question as in `path_trigger`, asked once instead of a thousand times; a parent out of sight equals nothing.
    """
    parent_table, key, columns = parent
    theirs, ours = (", ".join(f"{name}.{column}" for column in columns) for name in ("parent", "added"))
    return [
        f"""CREATE OR REPLACE FUNCTION access_paths_{table}() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE lost bigint;
BEGIN
  SELECT added.{key} INTO lost FROM added LEFT JOIN {parent_table} AS parent ON parent.id = added.{key}
    WHERE ({theirs}) IS DISTINCT FROM ({ours}) LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION '{key} % is out of sight', lost USING ERRCODE = 'insufficient_privilege'; END IF;
  RETURN NULL;
END $$""",  # noqa: S608 - constant names
        f"CREATE OR REPLACE TRIGGER access_paths AFTER INSERT ON {table} REFERENCING NEW TABLE AS added "
        f"FOR EACH STATEMENT EXECUTE FUNCTION access_paths_{table}()",
    ]


def follow_trigger() -> list[str]:
    """When a student changes class, every row about the student that knows its class goes along, in the same transaction."""
    moves = []
    for model in _models():
        seal, columns = seal_of(model), _columns(model)
        if isinstance(seal, Seal) and {"student_id", "klass_id"} <= columns and not seal.is_append_only:
            place = [c for c in PLACE if c in columns]
            moves.append(
                f"UPDATE {model._meta.db_table} SET {', '.join(f'{c} = NEW.{c}' for c in place)} WHERE student_id = NEW.id;"
            )
    body = "\n    ".join(sorted(moves))
    return [
        f"""CREATE OR REPLACE FUNCTION access_follow_student() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.klass_id IS DISTINCT FROM OLD.klass_id THEN
    {body}
  END IF;
  RETURN NULL;
END $$""",
        "REVOKE ALL ON FUNCTION access_follow_student() FROM PUBLIC",
        "CREATE OR REPLACE TRIGGER access_follow AFTER UPDATE ON students_student FOR EACH ROW EXECUTE FUNCTION access_follow_student()",
    ]


def let_go(table: str, which: str = "TRUE") -> str:
    """Drop policies; row security stays on, so the table is closed until it is sealed again."""
    return (
        f"DO $$ DECLARE p name; BEGIN FOR p IN SELECT polname FROM pg_policy WHERE polrelid = '{table}'::regclass AND {which} "
        f"LOOP EXECUTE format('DROP POLICY %I ON {table}', p); END LOOP; END $$"
    )


#: what `statements` puts on a table
OWN_TRIGGERS = ("access_path", "access_paths", "access_write", "access_keep")


def _drop_triggers(table: str) -> list[str]:
    """A rule that a seal no longer has must go with it: a table that was append-only once would refuse changes for ever."""
    return [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name in OWN_TRIGGERS]


def _open_statements(table: str, seal: Open) -> list[str]:
    keyed = [f"GRANT SELECT ON {table} TO {', '.join(sql.KEYED_ROLES.values())}"] if seal.keyed else []
    return [
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY",
        f"GRANT {seal.may} ON {table} TO {', '.join((*sql.LOGINS, sql.STAFF, sql.SERVICE))}",
        f"GRANT SELECT ON {table} TO {sql.DOOR}",
        *keyed,
    ]


def _policies(seal: Seal) -> list[tuple[str, str, str, str]]:
    """[(policy, database role, expression, commands)]"""
    rules = [
        ("owner", sql.OWNER, f"current_user = '{sql.OWNER}'", ""),
        ("staff", sql.STAFF, seal.staff_sql(), seal.may),
        ("system", sql.SERVICE, seal.system_sql(), seal.may),
    ]
    rules += [(kind, sql.KEYED_ROLES[kind], expression, may) for kind, expression, may in seal.keyed()]
    return [rule for rule in rules if rule[2]]


def statements(model, seal: Seal | Open) -> list[str]:
    """Everything said about one table, from nothing: what is not declared is gone afterwards."""
    table = model._meta.db_table
    out = [let_go(table), *_drop_triggers(table), f"REVOKE ALL ON {table} FROM PUBLIC, {sql.EVERYONE}"]
    if isinstance(seal, Open):
        return out + _open_statements(table, seal)
    out.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    for name, role, expression, may in _policies(seal):
        out.append(
            f"CREATE POLICY seal_{name} ON {table} FOR ALL TO {role} USING ({expression}) WITH CHECK ({expression})"
        )
        if may:
            out.append(f"GRANT {may} ON {table} TO {role}")
    if seal.reader_sql():
        out.append(f"CREATE POLICY seal_reader ON {table} FOR SELECT TO {sql.STAFF} USING ({seal.reader_sql()})")
        out.append(f"GRANT SELECT ON {table} TO {sql.STAFF}")
    if seal.adds:
        out.append(f"CREATE POLICY seal_adds ON {table} FOR INSERT TO {sql.STAFF} WITH CHECK ({seal.adder_sql()})")
        out.append(f"GRANT INSERT ON {table} TO {sql.STAFF}")
    if seal.by:
        own_hand = f"{seal.by} = (SELECT access_user())"
        out.append(f"CREATE POLICY seal_by ON {table} AS RESTRICTIVE FOR INSERT TO {sql.STAFF} WITH CHECK ({own_hand})")
    if seal.signed:
        own_name = f"{seal.signed} = current_setting('app.actor', true)"
        out.append(f"CREATE POLICY seal_add ON {table} FOR INSERT TO {', '.join(sql.ACTING)} WITH CHECK (true)")
        out.append(
            f"CREATE POLICY seal_signed ON {table} AS RESTRICTIVE FOR INSERT TO {', '.join(sql.ACTING)} WITH CHECK ({own_name})"
        )
        out.append(f"GRANT INSERT ON {table} TO {', '.join(sql.ACTING)}")
    if table == "accounts_post":  # a scope function over a table sealed like the rest would recurse
        out.append(f"CREATE POLICY seal_sight ON {table} FOR SELECT TO {sql.SIGHT} USING (true)")
    if seal.path:
        out += path_trigger(model, seal)
    out += write_trigger(model, seal)
    if seal.is_append_only:
        text, _, stamp = seal.leaves.partition(" ")
        keeper = f"access_leave('{text}', '{stamp}')" if text else "access_refuse()"
        out.append(
            f"CREATE OR REPLACE TRIGGER access_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {keeper}"
        )
    return [*out, f"ALTER TABLE {table} ENABLE TRIGGER USER"]


def _models():
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]


def declared() -> dict[str, list[str]]:
    """Relation -> the statements that seal it; the functions come first because policies call them."""
    seals = {m._meta.db_table: statements(m, seal) for m in _models() if (seal := seal_of(m))}
    return {"access_functions": [sql.FUNCTIONS, *_functions_of_apps()]} | seals | {"access_sealed": follow_trigger()}


def _functions_of_apps() -> list[str]:
    """SQL that an app adds to the seals (the audit chain, look-ups at the door): `database_sql` of its AppConfig."""
    return [statement for config in apps.get_app_configs() for statement in getattr(config, "database_sql", ())]


def digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def seal_everything(using: str) -> None:
    """Compare declarations with the catalogue and, when anything differs, say everything again."""
    with transaction.atomic(using), connections[using].cursor() as cursor:

        def ask(query: str) -> list[tuple]:
            cursor.execute(query)
            return cursor.fetchall()

        cursor.execute(
            "CREATE TABLE IF NOT EXISTS access_sealed (relation text PRIMARY KEY, declared text NOT NULL, found text NOT NULL)"
        )
        found = dict(ask(sql.FOUND))
        # A table whose migration has not run yet (migrate up to some point) stays closed; the start check names it.
        wanted = {name: lines for name, lines in declared().items() if name in found or name == "access_functions"}
        known = {
            relation: (said, seen)
            for relation, said, seen in ask("SELECT relation, declared, found FROM access_sealed")
        }
        if known == {name: (digest(lines), found.get(name)) for name, lines in wanted.items()}:
            return
        for lines in wanted.values():
            cursor.execute("; ".join(lines))
        found = dict(ask(sql.FOUND))
        cursor.execute("DELETE FROM access_sealed")
        cursor.executemany(
            "INSERT INTO access_sealed VALUES (%s, %s, %s)",
            [(name, digest(lines), found[name]) for name, lines in wanted.items()],
        )


def on_post_migrate(using, plan=None, **kwargs) -> None:
    """After a migrate, whatever it changed. `flush` sends the signal too, without a plan: no table is another one then."""
    if plan is not None and connections[using].settings_dict["USER"] == sql.OWNER:
        seal_everything(using)


def on_pre_migrate(using, plan=(), **kwargs) -> None:
    """A policy pins the columns it names: let go of them while columns change type or leave. The owner keeps its sight."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('access_sealed')")
        if not plan or cursor.fetchone()[0] is None:
            return
        cursor.execute("DELETE FROM access_sealed WHERE to_regclass(relation) IS NOT NULL RETURNING relation")
        for (table,) in cursor.fetchall():
            if table != "access_sealed":
                cursor.execute(
                    let_go(table, "polname <> 'seal_owner'") + f"; REVOKE ALL ON {table} FROM {sql.EVERYONE}"
                )
