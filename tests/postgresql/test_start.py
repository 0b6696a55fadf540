"""DATABASE_URL that is wrong, or a PostgreSQL that cannot be used: named at the start, with the mend."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psycopg
import pytest

from aula.database import backend, read
from aula.database_checks import database_url
from tests.journeys.aula import Aula, free_port
from tests.manage import manage as run
from tests.postgres import Postgres

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "top/se@cr#et"


def manage(folder: Path, url: str, *command: str) -> subprocess.CompletedProcess[str]:
    """`manage.py …` with this database."""
    return run(folder, *command, DATABASE_URL=url)


def ends_with(done: subprocess.CompletedProcess[str], code: str, *words: str) -> None:
    assert done.returncode == 1
    assert code in done.stderr
    for each in words:
        assert each in done.stderr
    assert "se@cr" not in done.stderr
    assert "se%40cr" not in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_sqlite_in_the_folder_of_all_else():
    found = backend("", Path("/srv/aula.sqlite3"), 20)
    assert (found["ENGINE"], found["NAME"]) == ("django.db.backends.sqlite3", "/srv/aula.sqlite3")


def test_a_url_is_read_with_password_pool_and_a_sockets_folder():
    found = read("postgresql://aula:top%2Fse%40cr%23et@[2001:db8::1]:5433/school?sslmode=require", 7)
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("aula", PASSWORD, "school")
    assert (found["HOST"], found["PORT"]) == ("2001:db8::1", 5433)
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["pool"]["max_size"] == 7
    assert read("postgresql:///school?host=/run/postgresql", 7)["OPTIONS"]["host"] == "/run/postgresql"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://u:top@host/school", "begins with neither"),
        ("/srv/aula.sqlite3", "begins with neither"),
        ("postgresql://u:top@host", "the name of the database"),
        ("postgresql://u:top@host:port/school", "the host, or its port"),
        ("postgresql://u:to/p@host/school", "the host, or its port"),
    ],
)
def test_a_wrong_address_is_named_with_the_mend_and_without_the_password(url: str, said: str, settings: Any):
    settings.DATABASE_URL = url
    [found] = database_url(None)
    assert found.id == "aula.E011"
    assert said in found.msg
    assert "postgresql://USER:PASSWORD@host" in found.hint
    assert "top" not in found.msg


def test_one_command_makes_all_there_is_in_an_empty_database(server: Postgres, tmp_path: Path):
    url = server.new_database("empty")
    aula = Aula(tmp_path, DATABASE_URL=url)
    try:
        aula.wait_until_ready()
        asked = Request(f"http://127.0.0.1:{aula.web_port}/sign-in/", headers={"Host": "demo.localhost"})
        with urlopen(asked, timeout=20) as answer:
            assert "Northfield College" in answer.read().decode()
        with psycopg.connect(url) as connection:
            count = "SELECT count(*) FROM classrooms_course"
            assert connection.execute(count).fetchone() == (0,)
            connection.execute("SELECT set_config('aula.tenant', 'every', false)")
            assert connection.execute(count).fetchone() == (2,)
    finally:
        code = aula.stop()
    assert code == 0
    assert "aula.W" not in aula.output
    assert not list(tmp_path.rglob("*.sqlite3"))


def test_a_server_that_is_away_stops_the_start(tmp_path: Path):
    done = manage(tmp_path, f"postgresql://aula@127.0.0.1:{free_port()}/school", "run")
    ends_with(done, "aula.E012", "does not answer", "Start PostgreSQL")


def test_a_wrong_password_a_role_and_a_database_that_are_not_there_are_three_faults(
    server: Postgres, tmp_path: Path
):
    server.as_root("CREATE ROLE guarded LOGIN PASSWORD 'another'")
    with (server.folder / "data" / "pg_hba.conf").open("r+") as rules:
        kept = rules.read()
        rules.seek(0)
        rules.write("host all guarded 127.0.0.1/32 scram-sha-256\n" + kept)
    server.as_root("SELECT pg_reload_conf()")
    wrong = server.url("guarded", "postgres", PASSWORD)
    ends_with(manage(tmp_path, wrong, "run"), "aula.E014", "refuses", "Mend user and password")
    nobody = server.url("nobody_at_all", "postgres")
    ends_with(manage(tmp_path, nobody, "run"), "aula.E014", "CREATE ROLE")
    nowhere = server.url("aula", "nowhere")
    ends_with(manage(tmp_path, nowhere, "run"), "aula.E013", "CREATE DATABASE")


@pytest.mark.parametrize("right", ["SUPERUSER", "BYPASSRLS"])
def test_a_role_that_passes_through_the_wall_is_warned_of(server: Postgres, tmp_path: Path, right: str):
    role = f"strong_{right.lower()}"
    server.as_root(f"CREATE ROLE {role} LOGIN {right}")
    url = server.new_database(f"of_{role}", role)
    done = manage(tmp_path, url, "check", "--tag", "database-server", "--deploy")
    assert done.returncode == 0
    assert "aula.W003" in done.stderr
    assert f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS" in done.stderr


def test_tables_whose_wall_is_down_are_named_and_migrate_mends_them(server: Postgres, tmp_path: Path):
    url = server.new_database("down")
    check = ("check", "--tag", "database-server", "--deploy")
    assert "aula." not in manage(tmp_path, url, *check).stderr, "an empty database has none yet"
    assert manage(tmp_path, url, "migrate", "-v", "0").returncode == 0
    assert "aula." not in manage(tmp_path, url, *check).stderr
    server.as_root("ALTER TABLE classrooms_course NO FORCE ROW LEVEL SECURITY", database="down")
    said = manage(tmp_path, url, *check).stderr
    assert "aula.W004" in said
    assert "classrooms_course" in said
    assert "manage.py migrate" in said
    assert manage(tmp_path, url, "migrate", "-v", "0").returncode == 0
    assert "aula." not in manage(tmp_path, url, *check).stderr


def test_a_backup_is_taken_by_a_role_that_sees_all_and_refused_to_others(server: Postgres, tmp_path: Path):
    """docs/postgresql.md: pg_dump turns row-level security off, and ends where it may not."""
    url = server.new_database("saved")
    assert manage(tmp_path, url, "migrate", "-v", "0").returncode == 0
    assert manage(tmp_path, url, "demo").returncode == 0
    server.as_root(
        "CREATE ROLE saver LOGIN BYPASSRLS IN ROLE pg_read_all_data", "CREATE DATABASE again OWNER aula"
    )
    refused = subprocess.run(["pg_dump", url], capture_output=True, text=True)
    assert refused.returncode == 1
    assert "row-level security" in refused.stderr
    saved = tmp_path / "aula.dump"
    subprocess.run(["pg_dump", "-Fc", "-f", saved, server.url("saver", "saved")], check=True)
    restore = ["pg_restore", "--exit-on-error", "--role=aula", "-d", server.url("root", "again"), saved]
    subprocess.run(restore, check=True)
    count = "from classrooms.models import Course as c; print('rows', c._base_manager.count())"
    scoped = "from tenants.scope import every_tenant as e\nwith e():\n    " + count
    again = server.url("aula", "again")
    assert "rows 0" in manage(tmp_path, again, "shell", "-v", "0", "-c", count).stdout
    assert "rows 2" in manage(tmp_path, again, "shell", "-v", "0", "-c", scoped).stdout
    assert "aula." not in manage(tmp_path, again, "check", "--tag", "database-server", "--deploy").stderr
