import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from assessments.models import Flag, Interview, Sitting
from crisis.models import Case, CaseNote
from tests.cast import make_student
from xinyu.access.actor import acting_as
from xinyu.students.models import Guardian, Student, StudentKey
from xinyu.vault.fields import conceal, reveal

pytestmark = pytest.mark.django_db


def rows(sql, *args):
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return cursor.fetchall()


@pytest.mark.parametrize(
    ("role", "students", "cases"),
    [
        ("counselor", 3, 1),
        ("principal", 3, 1),
        ("vice_principal", 3, 1),
        ("moral_head", 3, 0),
        ("grade_head", 3, 0),
        ("homeroom", 2, 0),
        ("teacher", 0, 0),
        ("station_counselor", 0, 0),
        ("county_officer", 0, 0),
        ("city_officer", 0, 0),
        ("expert", 0, 0),
        ("doctor", 0, 0),
        ("system_admin", 0, 0),
        ("security_admin", 0, 0),
        ("audit_admin", 0, 0),
        ("revoked", 0, 0),
        ("expired", 0, 0),
        ("future", 0, 0),
        ("unapproved", 0, 0),
        ("nobody", 0, 0),
    ],
)
def test_each_role_sees_its_own_and_no_more(here, there, role, students, cases):
    with acting_as(here.users[role]):
        assert Student.objects.count() == students
        assert Case.objects.count() == cases
        assert not Student.objects.filter(school=there.school).exists()


def test_nobody_is_permission_denied(here):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Student.objects.count()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows("SELECT * FROM crisis_case")


def test_notes_are_the_counselors_alone(here, there):
    for role in (
        "principal",
        "vice_principal",
        "homeroom",
        "grade_head",
        "moral_head",
        "county_officer",
        "system_admin",
    ):
        with acting_as(here.users[role]):
            assert not CaseNote.objects.exists() and not Interview.objects.exists()
    with acting_as(there.counselor):
        assert not CaseNote.objects.filter(pk=here.note.pk).exists()
    with acting_as(here.counselor):
        assert reveal(CaseNote.objects.get(), "body") == "canary-甲-note"


def test_nothing_can_be_hung_on_a_student_out_of_sight(here, there):
    with acting_as(there.counselor):
        with pytest.raises(DatabaseError, match="out of sight"), transaction.atomic():
            Flag.objects.create(
                student=here.students[0],
                level="talk",
                source="staff",
                raised_by=there.counselor,
                due_at="2026-01-01T00:00Z",
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            Flag.objects.create(
                student_id=here.students[0].pk,
                sitting_id=here.sitting.pk,
                level="talk",
                source="staff",
                due_at="2026-01-01T00:00Z",
            )


def test_a_place_is_never_the_clients_to_say(here, there):
    with acting_as(here.counselor):
        flag = Flag.objects.get()
        Flag.objects.filter(pk=flag.pk).update(school_id=there.school.pk, student_id=there.students[0].pk)
        flag.refresh_from_db()
        assert (flag.school_id, flag.student_id) == (here.school.pk, here.students[0].pk)


def test_a_student_can_not_be_moved_to_another_school_by_staff(here, there):
    with acting_as(here.counselor), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Student.objects.filter(pk=here.students[0].pk).update(klass=there.klass)


def test_what_is_about_a_student_follows_a_change_of_class(here):
    with acting_as(here.counselor):
        kid = here.students[0]
        kid.klass = here.other_klass
        kid.save(update_fields=["klass"])
    with acting_as(here.homeroom):
        assert Student.objects.count() == 1
        assert not Sitting.objects.exists() and not Guardian.objects.exists()
    with acting_as(here.counselor):
        assert (
            Sitting.objects.get().klass_id
            == Guardian.objects.get().klass_id
            == Case.objects.get().klass_id
            == here.other_klass.pk
        )


def test_a_sitting_sees_itself_only(here, there):
    with acting_as(f"sitting:{here.sitting.pk}"):
        assert list(Sitting.objects.values_list("pk", flat=True)) == [here.sitting.pk]
        for model in (Student, Case, Guardian):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                model.objects.count()
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Flag.objects.count()
        Sitting.objects.filter(pk=there.sitting.pk).update(state="finished")
    with acting_as(there.counselor):
        assert Sitting.objects.get().state == "invited"


def test_history_of_cases_is_sealed_like_cases(here, there):
    with acting_as(here.counselor):
        Case.objects.update(level="red")
        assert rows("SELECT count(*) FROM crisis_casehistory") == [(2,)]
    with acting_as(there.counselor):
        assert rows("SELECT count(*) FROM crisis_casehistory WHERE school_id = %s", here.school.pk) == [(0,)]
    with acting_as(here.homeroom):
        assert rows("SELECT count(*) FROM crisis_casehistory") == [(0,)]


def test_a_moved_ciphertext_does_not_open(here):
    from xinyu.vault.envelope import VaultError

    with acting_as(here.counselor):
        kid, other = here.students[:2]
        conceal(kid, id_number="11010519491231002X")
        other.id_number = kid.id_number
        assert reveal(kid, "id_number") == "11010519491231002X"
        with pytest.raises(VaultError):
            reveal(other, "id_number")
        StudentKey.objects.filter(student=kid).update(wrapped=None)
        kid.refresh_from_db()
        with pytest.raises(VaultError):
            reveal(Student.objects.get(pk=kid.pk), "id_number") if kid.id_number else (_ for _ in ()).throw(
                VaultError("gone")
            )


def test_a_new_student_takes_school_and_grade_from_the_class(here):
    with acting_as(here.counselor):
        kid = make_student(here.other_klass, "900", "新同学")
        assert (kid.school_id, kid.grade_id) == (here.school.pk, here.grade.pk)


def test_nobody_writes_a_post_for_herself(here):
    from xinyu.accounts.models import Post

    with acting_as(here.teacher):
        post = Post.objects.get()
        assert Post.objects.update(role="counselor") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Post.objects.create(
                user=here.teacher,
                role="counselor",
                city=here.city,
                county=here.county,
                school=here.school,
                valid_from=post.valid_from,
                granted_by=here.granter,
                approved_by=here.approver,
                approved_at=post.approved_at,
            )
