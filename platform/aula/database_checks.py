"""Whether the database of DATABASE_URL can be used, and its wall between schools stands (tenants.wall)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection

from aula import database
from tenants.wall import without_wall

TAG = "database-server"
URL_HINT = (
    "Set DATABASE_URL to postgresql://USER:PASSWORD@host:5432/name (in the password / is %2F, @ is %40, # is "
    "%23), to postgresql:///name?host=/run/postgresql for a socket, or to nothing for SQLite in VAR_DIR."
)
AWAY_HINT = "Start PostgreSQL, or mend host and port in DATABASE_URL."
REFUSED_HINT = (
    "Mend user and password in DATABASE_URL, or make the role: CREATE ROLE aula LOGIN PASSWORD '…'; "
    "pg_hba.conf says who may come from where."
)
MISSING_HINT = "Make it: CREATE DATABASE name OWNER aula; or mend the name in DATABASE_URL."
ROLE_HINT = (
    "ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS; or name another role in DATABASE_URL (docs/postgresql.md)."
)
WALL_HINT = "Run manage.py migrate as the owner of the tables: it puts the wall up again."
PASSES = "SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"


@register(Tags.security)
def database_url(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        if settings.DATABASE_URL:
            database.read(settings.DATABASE_URL, settings.DATABASE_CONNECTIONS)
    except ValueError as error:
        return [Error(f"DATABASE_URL: {error}.", hint=URL_HINT, id="aula.E011")]
    return []


@register(TAG, deploy=True)
def database_answers(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Asks the server: with `check --deploy`, and once as `manage.py run` starts."""
    if connection.vendor != "postgresql":
        return []
    import psycopg

    try:
        psycopg.connect(**connection.get_connection_params()).close()
    except psycopg.OperationalError as error:
        return [_cannot(str(error))]
    return [*_role(), *_walls()]


def _cannot(said: str) -> CheckMessage:
    """In PostgreSQL's own words, which hold no password. FATAL is what a server says, in every language."""
    words = said.strip().splitlines()[-1].strip() if said.strip() else "it does not answer"
    if "FATAL" not in said:
        return Error(f"DATABASE_URL: PostgreSQL does not answer: {words}.", hint=AWAY_HINT, id="aula.E012")
    if 'database "' in words:
        return Error(f"DATABASE_URL: there is no such database: {words}.", hint=MISSING_HINT, id="aula.E013")
    return Error(f"DATABASE_URL: PostgreSQL refuses: {words}.", hint=REFUSED_HINT, id="aula.E014")


def _role() -> list[CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute(PASSES)
        found = cursor.fetchone()
    if found is None:
        return []
    said = f"The database's role “{found[0]}” passes through the wall between schools (row-level security)."
    return [Warning(said, hint=ROLE_HINT.format(role=found[0]), id="aula.W003")]


def _walls() -> list[CheckMessage]:
    """Tables that are not there yet come with `migrate`, and their wall with them."""
    missing = sorted(without_wall(connection))
    if not missing:
        return []
    said = f"Without a wall between schools (row-level security): {', '.join(missing)}."
    return [Warning(said, hint=WALL_HINT, id="aula.W004")]
