"""Every sealed table × every actor, against a second opinion; then each policy, FORCE and date check is taken away
in turn and the house must turn red."""

import re
from collections.abc import Iterator
from uuid import uuid4

import psycopg2
import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from psycopg2.extras import Json

from assessments.models import ConsentLink, Sitting
from tests.cast import build
from tests.house.expected_sight import Watcher, actual, expected, watcher_of
from tests.house.rows_everywhere import fill, sealed_models
from xinyu.access import compile as compiled
from xinyu.access import sql
from xinyu.access.actor import SYSTEMS, acting_as
from xinyu.access.checks import database_agrees
from xinyu.access.postgres.base import as_owner
from xinyu.access.seal import seal_of
from xinyu.accounts.models import Post, User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("house")]


@pytest.fixture
def owner(transactional_db):
    """A connection of the owner beside the tests' own, for looking at everything and for breaking things."""
    values = connection.settings_dict
    link = psycopg2.connect(
        dbname=values["NAME"],
        host=values["HOST"],
        port=values["PORT"],
        user=settings.DATABASE_OWNER["USER"],
        password=settings.DATABASE_OWNER["PASSWORD"],
    )
    link.autocommit = True
    with link.cursor() as cursor:
        yield cursor
    link.close()


@pytest.fixture
def full_house(owner):
    here = build("甲")
    there = build("乙", here.city)
    with as_owner():
        fill(here)
        fill(there)
        Post.objects.filter(user=there.users["doctor"]).update(
            role="counselor", klass=None, grade=None, school=there.school
        )
        User.objects.filter(pk=there.users["doctor"].pk).update(is_active=False)  # a live post of somebody who has left
    return here, there


def rows_of(owner, model) -> list[dict]:
    # FOR UPDATE asks for the owner's own policy: reading alone it also inherits from the owner of the scope functions
    owner.execute(f'SELECT * FROM "{model._meta.db_table}" FOR UPDATE')
    names = [column.name for column in owner.description]
    rows = [dict(zip(names, row, strict=True)) for row in owner.fetchall()]
    return [row | {"id": row[model._meta.pk.column]} for row in rows]


def watchers(owner, full_house) -> list[Watcher]:
    with as_owner():
        posts: dict[int, list[Post]] = {}
        for post in Post.objects.select_related("user"):
            posts.setdefault(post.user_id, []).append(post)
        people = [watcher_of(user, posts.get(user.pk, [])) for user in User.objects.all()]
        sitting = Sitting.objects.filter(student=full_house[0].students[0]).first()
        link = ConsentLink.objects.order_by("pk").first()
    keyed = [
        Watcher("sitting", f"sitting:{sitting.pk}"),
        Watcher("door", "door:"),
        Watcher("consent", f"consent:{link.pk}"),
        Watcher("slip", "slip:1"),
    ]
    keyed += [Watcher("card", f"card:{full_house[0].students[0].pk}")]
    return people + keyed + [Watcher(name, f"system:{name}") for name in SYSTEMS]


def wishes(owner, model, crowd) -> list[tuple[Watcher, set[int] | None]]:
    """What each ought to see of this table."""
    rows = rows_of(owner, model)
    return [(watcher, expected(model, rows, watcher)) for watcher in crowd]


def mismatches(owner, model, crowd, wanted=None) -> Iterator[str]:
    """Who sees other rows of this table than the seal says; the owner must see all of them."""
    if not rows_of(owner, model):
        yield f"{model.__name__}: the owner sees nothing"
    for watcher, want in wishes(owner, model, crowd) if wanted is None else wanted:
        got = actual(model, watcher)
        if want != got:
            yield f"{model.__name__} by {watcher.name}: expected {want}, got {got}"


def test_everybody_sees_what_the_seals_say_and_nothing_else(owner, full_house):
    crowd = watchers(owner, full_house)
    wrong = [line for model in sealed_models() for line in mismatches(owner, model, crowd)]
    assert wrong == []


def test_every_sealed_table_has_rows_of_both_schools(owner, full_house):
    thin = [model.__name__ for model in sealed_models() if len(rows_of(owner, model)) < 2]
    assert thin == []


def test_the_outsider_sees_no_row_of_this_school(owner, full_house):
    here, there = full_house
    leaks = []
    for model in sealed_models():
        rows = rows_of(owner, model)
        ours = {r["id"] for r in rows if r.get("school_id") == here.school.pk}
        for role in ("counselor", "principal", "homeroom", "grade_head", "county_officer"):
            seen = actual(model, Watcher(role, f"user:{there.users[role].pk}")) or set()
            leaks += [f"{model.__name__} by {role}: {seen & ours}"] if seen & ours else []
    assert leaks == []


def test_without_any_policy_the_house_is_red(owner, full_house):
    """Each policy of each sealed table is dropped in turn: the matrix and the start check both notice."""
    crowd = watchers(owner, full_house)
    asleep, unnoticed = [], []
    for model in sealed_models():
        table = model._meta.db_table
        owner.execute("SELECT polname FROM pg_policy WHERE polrelid = %s::regclass", [table])
        policies, wanted = owner.fetchall(), wishes(owner, model, crowd)
        for (policy,) in policies:
            owner.execute(f"DROP POLICY {policy} ON {table}")
            is_red = (
                any(mismatches(owner, model, crowd, wanted))
                or signs_for_others(model, full_house)
                or cannot_sign(model, full_house)
            )
            is_red = is_red or not sitting_may_add(owner, model, crowd) or adds_for_others(owner, model, crowd)
            is_red = is_red or bool(seal_of(model).adds) and not staff_may_add(owner, model, crowd, in_own_name=True)
            if not is_red:
                asleep.append(f"{table}.{policy}")
            if not database_agrees(only=[table]):
                unnoticed.append(f"{table}.{policy}")
            owner.execute("; ".join(compiled.statements(model, seal_of(model))))
        assert database_agrees() == [], f"{table} was not restored"
    assert asleep == []
    assert unnoticed == []


def _try_to_sign(model, full_house, name: str) -> bool:
    seal, here = seal_of(model), full_house[0]
    if not seal.signed:
        return False
    columns = {"actor": name, "student_id": here.students[0].pk, "school_id": here.school.pk}
    columns |= (
        {"user_id": here.counselor.pk, "what": "x"}
        if model.__name__ == "AccessEntry"
        else {"verb": "x", "subject": "", "request_id": "", "detail": "{}"}
    )
    columns |= {"purpose": "", "request_id": ""}
    if model.__name__ == "Signature":
        columns |= {"user_id": here.counselor.pk, "at": timezone.now(), "is_for_bureau": False}
        columns |= dict.fromkeys(("subject", "title", "name", "role", "digest", "seal_value"), "x")
        columns |= {"code": uuid4().hex[:12]}
    columns = {k: v for k, v in columns.items() if k in {f.column for f in model._meta.concrete_fields}}
    names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
    try:
        with acting_as(here.teacher), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", list(columns.values()))
    except ProgrammingError:
        return False
    return True


def signs_for_others(model, full_house) -> bool:
    return _try_to_sign(model, full_house, f"user:{full_house[0].principal.pk}")


def cannot_sign(model, full_house) -> bool:
    return bool(seal_of(model).signed) and not _try_to_sign(model, full_house, f"user:{full_house[0].teacher.pk}")


def staff_may_add(owner, model, crowd, *, in_own_name: bool) -> bool:
    """Whether anybody who sees a row of this table may add one like it, in her own or in a colleague's name."""
    column, rows = seal_of(model).by, rows_of(owner, model)
    people = [watcher for watcher in crowd if watcher.actor.startswith("user:")]
    for writer in people:
        seen = expected(model, rows, writer) or set()
        named = writer if in_own_name else next(other for other in people if other is not writer)
        copies = [row | {column: int(named.actor.partition(":")[2])} for row in rows if row["id"] in seen]
        if any(_may_insert(model, writer.actor, copy) for copy in copies):
            return True
    return False


def adds_for_others(owner, model, crowd) -> bool:
    return bool(seal_of(model).by) and staff_may_add(owner, model, crowd, in_own_name=False)


def test_staff_add_rows_in_their_own_name_only(owner, full_house):
    crowd = watchers(owner, full_house)
    written_by_hand = [model for model in sealed_models() if seal_of(model).by]
    assert len(written_by_hand) >= 7
    for model in written_by_hand:
        assert staff_may_add(owner, model, crowd, in_own_name=True), f"{model.__name__}: not even in her own name"
        assert not staff_may_add(owner, model, crowd, in_own_name=False), f"{model.__name__}: in a colleague's name"


def sitting_may_add(owner, model, crowd) -> bool:
    """Whether a sitting can still add where it may add and not read; a full unique index means it got that far."""
    seal = seal_of(model)
    column, _, may = seal.sitting.partition(":")
    if "INSERT" not in may or "SELECT" in may:
        return True
    sitting = next(watcher for watcher in crowd if watcher.name == "sitting")
    row = next(r for r in rows_of(owner, model) if r.get("school_id"))
    return _may_insert(model, sitting.actor, row | {column.strip(): int(sitting.actor.split(":")[1])})


def _may_insert(model, actor: str, row: dict) -> bool:
    """A full unique index or a check that fails means that row security had let it pass."""
    names = [f.column for f in model._meta.concrete_fields if not f.primary_key]
    values = [Json(row[n]) if isinstance(row[n], dict | list) else row[n] for n in names]
    try:
        with transaction.atomic(), acting_as(actor), connection.cursor() as cursor:
            quoted = ", ".join(f'"{n}"' for n in names)
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({quoted}) VALUES ({', '.join(['%s'] * len(names))})", values
            )
            transaction.set_rollback(True)
    except ProgrammingError:
        return False
    except IntegrityError:
        return True
    return True


def test_without_force_or_a_trigger_the_start_check_is_red(owner, full_house):
    """FORCE and the path triggers have no reader to notice them: the start check compares the catalogue."""
    unnoticed = []
    for model in sealed_models():
        table = model._meta.db_table
        owner.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'access\\_%%'", [table]
        )
        mutants = [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for (name,) in owner.fetchall()]
        mutants += [
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            f"GRANT TRUNCATE ON {table} TO xinyu_staff",
        ]
        for mutant in mutants:
            owner.execute(mutant)
            if not database_agrees(only=[table]):
                unnoticed.append(mutant)
            owner.execute("; ".join(compiled.statements(model, seal_of(model))))
    owner.execute("; ".join(compiled.follow_trigger()))
    assert unnoticed == []


DATE_CHECKS = {
    "approval": (r"approved_at IS NOT NULL AND", ""),
    "revocation": (r"revoked_at IS NULL", "TRUE"),
    "start": (r"valid_from <= \(now\(\) AT TIME ZONE 'Asia/Shanghai'\)::date", "TRUE"),
    "end": (r"AND \(valid_to IS NULL OR valid_to > \(now\(\) AT TIME ZONE 'Asia/Shanghai'\)::date\)", ""),
    "active account": (r"AND EXISTS \(SELECT FROM accounts_user.*?is_active\)", ""),
}


@pytest.mark.parametrize("check", DATE_CHECKS)
def test_without_a_check_of_the_post_the_house_is_red(owner, full_house, check):
    from xinyu.students.models import Student

    crowd = watchers(owner, full_house)
    pattern, replacement = DATE_CHECKS[check]
    broken, count = re.subn(pattern, replacement, sql.FUNCTIONS, flags=re.S)
    assert count == 2, "both scope functions carry every check"
    try:
        owner.execute(broken)
        assert list(mismatches(owner, Student, crowd)) != []
        assert database_agrees() != []
    finally:
        owner.execute(sql.FUNCTIONS)
    assert list(mismatches(owner, Student, crowd)) == []


def test_nobody_may_truncate_or_delete_what_only_grows(owner, full_house):
    owner.execute(
        """SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants
        WHERE grantee LIKE 'xinyu%' AND grantee <> 'xinyu_owner'
          AND privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES')"""
    )
    assert owner.fetchall() == []


def test_a_seal_that_is_said_anew_takes_its_old_rules_along(owner):
    """A table that was append-only in an earlier version must not refuse changes for ever after an upgrade."""
    model = next(one for one in sealed_models() if not seal_of(one).is_append_only)
    table = model._meta.db_table
    rules = f"SELECT tgname FROM pg_trigger WHERE tgrelid = '{table}'::regclass AND NOT tgisinternal ORDER BY 1"
    owner.execute(rules)
    before = owner.fetchall()
    owner.execute(f"CREATE TRIGGER access_keep BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION access_refuse()")
    for statement in compiled.statements(model, seal_of(model)):
        owner.execute(statement)
    owner.execute(rules)
    assert owner.fetchall() == before
