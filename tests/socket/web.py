"""Real web processes for the classroom socket: daphne on a database, with a class that is on now."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from websockets.asyncio.client import ClientConnection, connect

from aula.frames import FRAME_LIMITS

ROOT = Path(__file__).resolve().parent.parent.parent
APPLICATION = "aula.asgi:application"
SLOWEST_START = 60.0  # seconds
SEED = """
import json, sys
from datetime import timedelta
import django
django.setup()
from accounts.models import Membership, User
from classrooms.models import ClassSession, Course
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from accounts.sessions import HOST
from django.utils import timezone
from tenants.models import Tenant
from tenants.scope import tenant_scope

def signed_in(name, role):
    user = User.objects.create(email=f"{name}@demo.test", name=name)
    member = Membership.objects.create(tenant=tenant, user=user, role=role)
    store = SessionStore()
    store.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: "accounts.backends.EmailBackend",
                  HASH_SESSION_KEY: user.get_session_auth_hash(), HOST: "demo.localhost"})
    store.create()
    return member, store.session_key

tenant = Tenant.objects.create(slug="demo", name="Demo")
with tenant_scope(tenant):
    teacher, key = signed_in("teacher", "teacher")
    keys = [key] + [signed_in(f"student{n}", "student")[1] for n in range(int(sys.argv[1]))]
    course = Course.objects.create(tenant=tenant, title="Load")
    now = timezone.now()
    session = ClassSession.objects.create(tenant=tenant, course=course, title="Load", teacher=teacher,
        entry="school", starts_at=now, ends_at=now + timedelta(hours=1))
print(json.dumps({"session": session.public_id, "keys": keys}))
"""
TALK = """
import sys
import django
django.setup()
from classrooms.models import ChatMessage, ClassSession, Participant
from django.utils import timezone
from tenants.models import Tenant
from tenants.scope import tenant_scope

tenant, most = Tenant.objects.get(), int(sys.argv[1])
with tenant_scope(tenant):
    session = ClassSession.objects.get()
    by = Participant.objects.create(tenant=tenant, session=session, membership=session.teacher, name="Ash",
        role="teacher", left_at=timezone.now())
    ChatMessage.objects.bulk_create(
        ChatMessage(tenant=tenant, session=session, number=n + 1, by=by, key=f"k{n}", text=sys.argv[2],
            said_at=timezone.now())
        for n in range(most))
    ClassSession.objects.update(last_seq=most)
"""


def migrate(url: str) -> None:
    environment = {**os.environ, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "aula.settings", "DATABASE_URL": url}
    command = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


class School:
    """A migrated database with one teacher, `students`, and a class open to all of them. It is a file unless
    DATABASE_URL says otherwise; in tests the fixture `new_school` makes it where the suite's is."""

    def __init__(self, var: Path, students: int, *, migrated: bool = False, **environment: str) -> None:
        self.environment = {
            **os.environ,
            "DEBUG": "1",
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "aula.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "VAR_DIR": str(var),
            "DATABASE_URL": f"sqlite:///{var / 'aula.sqlite3'}",
            "MEDIA_API_URL": "http://127.0.0.1:9",
            **environment,
        }
        if not migrated:
            self.run("manage.py", "migrate", "-v", "0")
        seeded = json.loads(self.run("-c", SEED, str(students)))
        self.session: str = seeded["session"]
        self.teacher, *self.students = seeded["keys"]

    def ask(self, words: str) -> list[Any]:
        """SQL to the database itself: a process of Django's would take longer to start than much that is
        waited for."""
        url = self.environment["DATABASE_URL"]
        if url.startswith("sqlite"):
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)) as file, file:
                return file.execute(words).fetchall()
        with psycopg.connect(url) as connection:
            connection.execute("SELECT set_config('aula.tenant', 'every', false)")
            found = connection.execute(words)  # type: ignore[call-overload]
            return found.fetchall() if found.description else []

    @contextmanager
    def held(self) -> Iterator[None]:
        """Whatever changes the class waits meanwhile."""
        url = self.environment["DATABASE_URL"]
        if url.startswith("sqlite"):
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as file:
                file.execute("BEGIN IMMEDIATE")
                yield
            return
        with psycopg.connect(url) as connection:
            connection.execute("SELECT set_config('aula.tenant', 'every', false)")
            connection.execute("SELECT 1 FROM classrooms_classsession FOR UPDATE")
            yield

    @contextmanager
    def tasks(self) -> Iterator[subprocess.Popen[bytes]]:
        """The process that works in the background."""
        command = [sys.executable, "manage.py", "runtasks"]
        with subprocess.Popen(command, cwd=ROOT, env=self.environment) as process:
            try:
                yield process
            finally:
                process.kill()

    def run(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, timeout=SLOWEST_START, stdout=subprocess.PIPE
        )
        return done.stdout.decode()


class Web:
    """One web process on `port`."""

    def __init__(self, school: School, port: int) -> None:
        self.school, self.port = school, port
        self.process = subprocess.Popen(
            [sys.executable, "-m", "daphne", "-v", "0", "-p", str(port), *FRAME_LIMITS, APPLICATION],
            cwd=ROOT,
            env=school.environment,
        )

    def wait_until_ready(self) -> None:
        until = time.monotonic() + SLOWEST_START
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("daphne did not start")

    def open(self, key: str, session: str = "") -> connect:
        """A socket of the person whose session cookie is `key`, to the school's class or to another."""
        host = f"demo.localhost:{self.port}"
        return connect(
            f"ws://{host}/ws/sessions/{session or self.school.session}/",
            host="127.0.0.1",
            origin=f"http://{host}",  # type: ignore[arg-type]
            additional_headers={"cookie": f"sessionid={key}"},
            open_timeout=30,
            max_size=2**22,
            proxy=None,
        )

    def kill(self) -> None:
        """Without a word, as when a machine dies."""
        self.process.kill()
        self.process.wait(timeout=10)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)


def wait_until(true: Callable[[], bool], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


async def send(socket: ClientConnection, type: str, **fields: Any) -> None:
    await socket.send(json.dumps({"type": type, **fields}))


async def get(socket: ClientConnection, *types: str) -> dict[str, Any]:
    """The next message of one of these types."""
    while True:
        message = json.loads(await socket.recv())
        if message["type"] in types:
            return message
