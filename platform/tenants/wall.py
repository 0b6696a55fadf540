"""The second wall between schools: PostgreSQL itself shows and takes only rows of the tenant it was told.

The first is the guard in `scope.py`, for queries that go through a model's `objects`. Raw SQL,
`_base_manager`, a JOIN nobody thought of, and a mistake in the guard stand before this one: row-level
security, forced, so that it holds for the owner of the tables too. Not for a superuser, nor for a role with
BYPASSRLS, which the start warns of (aula.database_checks). `tenants.postgresql` tells the tenant. SQLite has
no such wall.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from tenants.scope import TenantModel
from tenants.told import EVERY, SETTING

POLICY = "rows_of_the_tenant"
# Asked once for each query, not for each row: hence SELECT. Nothing told: NULL, or '' once told and undone.
TOLD = f"(SELECT current_setting('{SETTING}', true))"
TENANT = f"(SELECT NULLIF(NULLIF(current_setting('{SETTING}', true), ''), '{EVERY}')::bigint)"
STANDING = """
    SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid
    WHERE pg_table_is_visible(pg_class.oid) AND relrowsecurity AND relforcerowsecurity
    GROUP BY relname HAVING array_agg(polname::text) = ARRAY[%s]
"""  # a second policy would let through what it names


def tables() -> set[str]:
    """Of every kind of row that belongs to a tenant: a new one is among them by itself."""
    return {each._meta.db_table for each in apps.get_models() if issubclass(each, TenantModel)}


def without_wall(connection: BaseDatabaseWrapper) -> set[str]:
    """Tables whose rows PostgreSQL would show to anybody; none where the database is another one."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        cursor.execute(STANDING, [POLICY])
        standing = {name for (name,) in cursor.fetchall()}
    return (tables() & there) - standing


def build(using: str, **_: Any) -> None:
    """After each `migrate`: a wall around every table that has none yet."""
    connection = connections[using]
    for table in sorted(without_wall(connection)):
        with transaction.atomic(using), connection.cursor() as cursor:
            for statement in wall_of(connection.ops.quote_name(table)):
                cursor.execute(statement)


def wall_of(table: str) -> list[str]:
    return [
        f"DROP POLICY IF EXISTS {POLICY} ON {table}",
        f"CREATE POLICY {POLICY} ON {table} USING ({TOLD} = '{EVERY}' OR tenant_id = {TENANT})",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
    ]
