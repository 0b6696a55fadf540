"""Row-level security: what PostgreSQL itself refuses, whatever query is asked. Runs on PostgreSQL alone."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.db.models.signals import pre_migrate

from classrooms.models import ClassSession, Course
from tenants.models import Tenant
from tenants.scope import TenantModel, every_tenant, tenant_scope
from tenants.wall import POLICY, build, without_wall
from tests.conftest import Person

pytestmark = [
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="python -m tests.postgres tools/tests …"),
    pytest.mark.django_db,
]
TENANT_MODELS = [each for each in apps.get_models() if issubclass(each, TenantModel)]
TABLE = Course._meta.db_table


def titles() -> list[str]:
    """By SQL alone, which no guard of ours sees."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT title FROM {TABLE} ORDER BY title")
        return [title for (title,) in cursor.fetchall()]


def change(sql: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


@pytest.fixture
def theirs(course: Course, other_tenant: Tenant, outsider: Person) -> Course:
    """The other school's course, beside Biology 9b."""
    with tenant_scope(other_tenant):
        return Course.objects.create(title="Their chemistry")


def test_the_role_of_the_suite_has_no_privilege(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize("model", TENANT_MODELS)
def test_every_table_of_tenants_has_a_forced_policy(model: type[TenantModel]) -> None:
    """Where it has none, `manage.py migrate` puts it up (tenants.wall.build)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity, array_agg(polname::text) FROM pg_class LEFT JOIN "
            "pg_policy ON polrelid = pg_class.oid WHERE pg_class.oid = to_regclass(%s) GROUP BY 1, 2",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (True, True, [POLICY])


def test_a_new_table_gets_its_wall_after_migrate(db: None) -> None:
    table = ClassSession._meta.db_table
    with every_tenant(), connection.cursor() as cursor:
        cursor.execute(f"DROP POLICY {POLICY} ON {table}")
        cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    assert without_wall(connection) == {table}
    call_command("migrate", verbosity=0)
    assert without_wall(connection) == set()


def test_a_second_policy_is_found(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE POLICY a_hole ON {TABLE} USING (true)")
    assert without_wall(connection) == {TABLE}


def test_without_a_tenant_sql_finds_nothing(theirs: Course) -> None:
    assert titles() == []
    assert Course._base_manager.count() == 0


def test_sql_finds_the_rows_of_the_scopes_tenant_alone(
    theirs: Course, tenant: Tenant, other_tenant: Tenant
) -> None:
    with tenant_scope(tenant):
        assert titles() == ["Biology 9b"]
        assert [each.title for each in Course._base_manager.all()] == ["Biology 9b"]
        assert not Course._base_manager.filter(pk=theirs.pk).exists()
    with tenant_scope(other_tenant):
        assert titles() == ["Their chemistry"]
    assert titles() == []


def test_operators_say_so_and_see_all(theirs: Course) -> None:
    with every_tenant():
        assert titles() == ["Biology 9b", "Their chemistry"]
    assert titles() == []


def test_nothing_is_written_into_another_tenant(theirs: Course, tenant: Tenant, other_tenant: Tenant) -> None:
    insert = f"INSERT INTO {TABLE} (public_id, tenant_id, title) SELECT 'x', %s, 'Planted'"
    mine = Course._base_manager.filter(title="Biology 9b")
    with tenant_scope(tenant):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            mine.update(tenant=other_tenant)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Course._base_manager.bulk_create([Course(tenant=other_tenant, title="Planted")])
        with pytest.raises(DatabaseError), transaction.atomic():
            change(insert, other_tenant.pk)
        assert change(f"UPDATE {TABLE} SET title = 'Taken over' WHERE id = %s", theirs.pk) == 0
        assert change(f"DELETE FROM {TABLE} WHERE id = %s", theirs.pk) == 0
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Course._base_manager.bulk_create([Course(tenant=tenant, title="Planted")])
    with every_tenant():
        assert titles() == ["Biology 9b", "Their chemistry"]


def test_a_join_brings_nothing_of_another_tenant(theirs: Course, tenant: Tenant) -> None:
    with tenant_scope(tenant), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.slug, c.title FROM tenants_tenant t LEFT JOIN {TABLE} c ON c.tenant_id = t.id"
        )
        assert set(cursor.fetchall()) == {("demo", "Biology 9b"), ("other", None)}


def test_a_savepoint_that_is_undone_leaves_the_right_tenant(
    theirs: Course, tenant: Tenant, other_tenant: Tenant
) -> None:
    with tenant_scope(tenant):
        with pytest.raises(IntegrityError):
            fail_at(other_tenant)
        assert titles() == ["Biology 9b"]


@transaction.atomic
def fail_at(tenant: Tenant) -> None:
    """A query in the scope of `tenant`, and then one that the database refuses."""
    with tenant_scope(tenant):
        assert len(titles()) == 1
        Tenant.objects.create(slug="demo")


class TestBeyondOneTransaction:
    """With connections and transactions as in production."""

    pytestmark = pytest.mark.django_db(transaction=True)

    def test_a_rollback_leaves_the_right_tenant(
        self, theirs: Course, tenant: Tenant, other_tenant: Tenant
    ) -> None:
        with tenant_scope(other_tenant):
            assert titles() == ["Their chemistry"]
        with tenant_scope(tenant):
            with pytest.raises(IntegrityError):
                fail_at(tenant)
            assert titles() == ["Biology 9b"]

    def test_a_commit_that_became_a_rollback_leaves_the_right_tenant(
        self, theirs: Course, tenant: Tenant, other_tenant: Tenant
    ) -> None:
        with tenant_scope(other_tenant):
            assert titles() == ["Their chemistry"]
        with tenant_scope(tenant):
            with transaction.atomic():
                assert titles() == ["Biology 9b"]
                with pytest.raises(IntegrityError):
                    Tenant.objects.create(slug="demo")
                transaction.set_rollback(False)  # PostgreSQL answers this COMMIT with ROLLBACK
            assert titles() == ["Biology 9b"]

    def test_an_error_is_rolled_back_though_its_scope_is_over(self, tenant: Tenant, course: Course) -> None:
        with pytest.raises(IntegrityError):
            fail_at(tenant)
        assert titles() == []

    def test_a_connection_that_another_had_is_told_anew(
        self, theirs: Course, tenant: Tenant, other_tenant: Tenant
    ) -> None:
        """The pool gives out what was given back, and the server keeps what it was told."""
        with tenant_scope(other_tenant):
            theirs_were = {anew(["Their chemistry"]) for _ in range(10)}
        nobodys = {anew([]) for _ in range(10)}
        with tenant_scope(tenant):
            ours = {anew(["Biology 9b"]) for _ in range(10)}
        assert theirs_were & nobodys & ours

    def test_two_threads_have_two_tenants_at_once(
        self, theirs: Course, tenant: Tenant, other_tenant: Tenant
    ) -> None:
        both, found = threading.Barrier(2), {}

        def look(at: Tenant) -> None:
            with tenant_scope(at), transaction.atomic():
                titles()
                both.wait(timeout=20)
                found[at.slug] = titles()
            connection.close()

        threads = [threading.Thread(target=look, args=(each,)) for each in (tenant, other_tenant)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(timeout=30)
        assert found == {"demo": ["Biology 9b"], "other": ["Their chemistry"]}

    def test_a_connection_that_the_server_ended_is_replaced(self, tenant: Tenant, course: Course) -> None:
        with tenant_scope(tenant):
            titles()
            pid = connection.connection.info.backend_pid
            end_from_elsewhere(pid)
            connection.close()
            assert titles() == ["Biology 9b"]
            assert connection.connection.info.backend_pid != pid


def anew(expected: list[str]) -> int:
    """What a connection out of the pool finds; which of the server's processes that was."""
    connection.close()
    assert titles() == expected
    return int(connection.connection.info.backend_pid)


def end_from_elsewhere(pid: int) -> None:
    def end() -> None:
        change("SELECT pg_terminate_backend(%s)", pid)
        connection.close()

    thread = threading.Thread(target=end)
    thread.start()
    thread.join(timeout=20)


def test_a_migration_of_data_finds_every_tenants_rows(theirs: Course) -> None:
    """`migrate` is in no school's scope, and therefore in every one's."""
    seen: list[list[str]] = []

    def look(**_: Any) -> None:
        seen.append(titles())

    pre_migrate.connect(look, sender=apps.get_app_config("tenants"))
    try:
        call_command("migrate", verbosity=0)
    finally:
        pre_migrate.disconnect(look, sender=apps.get_app_config("tenants"))
    assert seen == [["Biology 9b", "Their chemistry"]]


def test_building_twice_changes_nothing(db: None) -> None:
    build("default")
    build("default")
    assert without_wall(connection) == set()
