"""A PostgreSQL to throw away: a cluster of its own in a folder of its own, for as long as it is used.

`python -m tests.postgres COMMAND …` runs a command with DATABASE_URL set to it. The role there may make
databases and nothing else: behind row-level security it sees what it is shown.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg

SLOWEST_START = 60.0  # seconds
ROLE = "aula"
HASTY = (  # nothing outlives the run
    *("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
    *("-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "autovacuum=off"),
    *("-c", "max_connections=200", "-c", "shared_buffers=128MB"),
)


def program(name: str) -> str:
    """Debian keeps the server's programs, one folder a version, off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda at: int(at.parts[4]))
    return str(found[-1]) if found else name


def whose() -> str | None:
    """The user it runs as: PostgreSQL refuses root."""
    if os.getuid():
        return None
    with suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return "nobody"


class Postgres:
    """`folder` is empty, and belongs to the user it runs as."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.user = folder, whose()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None
        self.run("initdb", "--auth=trust", "--username=root", "--encoding=UTF8", "--locale=C.UTF-8", "-N")

    def run(self, name: str, *arguments: str) -> None:
        command = [program(name), "-D", str(self.folder / "data"), *arguments]
        subprocess.run(command, user=self.user, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        addresses = ("-h", "127.0.0.1", "-p", str(self.port), "-k", str(self.folder))
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [program("postgres"), "-D", str(self.folder / "data"), *addresses, *HASTY],
                user=self.user,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + SLOWEST_START
        while True:
            try:
                self.as_root("SELECT 1")
                return
            except psycopg.OperationalError:
                said = (self.folder / "log").read_text()[-2000:]
                if self.process.poll() is not None or time.monotonic() > until:
                    raise AssertionError(said) from None
                time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(2)  # ends connections too
            self.process.wait(timeout=30)
            self.process = None

    def as_root(self, *statements: str, database: str = "postgres") -> None:
        """What an administrator does, one statement after the other."""
        with psycopg.connect(self.url("root", database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    def new_database(self, name: str, role: str = ROLE) -> str:
        """Empty, its own; the address of it."""
        self.as_root(f"CREATE DATABASE {name} OWNER {role}")
        return self.url(role, name)

    def url(self, role: str, database: str, password: str = "") -> str:
        who = f"{role}:{quote(password, safe='')}" if password else role
        return f"postgresql://{who}@127.0.0.1:{self.port}/{database}"


@contextmanager
def running() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir="/tmp"))  # short: a socket's path has a limit
    try:
        if user := whose():
            shutil.chown(folder, user)
        server = Postgres(folder)
        server.start()
        server.as_root(f"CREATE ROLE {ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def beside(url: str, like: str = "template1") -> Iterator[str]:
    """A database on the server of `url`, for as long as it is used; the address of it. It is empty, or a copy
    of the one called `like`."""
    name = f"aula_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")  # type: ignore[call-overload]
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def main(command: list[str]) -> int:
    with running() as server:
        environment = {**os.environ, "DATABASE_URL": server.new_database("aula")}
        return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
