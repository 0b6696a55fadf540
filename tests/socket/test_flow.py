"""A large file on its way to a slow reader waits on the disk, not in the memory of the web process."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator

import psutil
import pytest
from autobahn.exception import Disconnected
from daphne.server import Server

from aula.flow import wait_for_readers
from tests.conftest import NewSchool
from tests.journeys.aula import free_port
from tests.socket.web import Web

SIZE = 150_000_000
KEEP = """
import sys
import django
django.setup()
from django.core.files.base import ContentFile
from django.utils import timezone
from classrooms.models import ClassSession, Material
from tenants.models import Tenant
from tenants.scope import tenant_scope

tenant = Tenant.objects.get()
with tenant_scope(tenant):
    session = ClassSession.objects.get()
    material = Material(tenant=tenant, session=session, name="film.mp4", size=int(sys.argv[1]),
                        added_at=timezone.now())
    material.file.save("", ContentFile(bytes(int(sys.argv[1]))), save=False)
    material.save()
    print(material.get_absolute_url())
"""


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, new_school: NewSchool) -> Iterator[Web]:
    school = new_school(tmp_path_factory.mktemp("web"))
    web = Web(school, free_port())
    web.wait_until_ready()
    yield web
    web.stop()


@pytest.fixture(scope="module")
def path(web: Web) -> str:
    return web.school.run("-c", KEEP, str(SIZE)).strip()


def asked(web: Web, path: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", web.port), timeout=20)
    cookie = f"Cookie: sessionid={web.school.teacher}"
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: demo.localhost\r\n{cookie}\r\n\r\n".encode())
    return line


def memory(web: Web) -> int:
    return int(psutil.Process(web.process.pid).memory_info().rss)


def test_who_does_not_read_costs_no_memory(web: Web, path: str) -> None:
    with asked(web, path) as line:
        assert b" 200 " in line.recv(4096)
        before = memory(web)
        time.sleep(3)
        assert memory(web) - before < SIZE / 10


def test_who_reads_gets_all_of_it(web: Web, path: str) -> None:
    with asked(web, path) as line:
        got = line.recv(4096)
        count = len(got.split(b"\r\n\r\n", 1)[1])
        while count < SIZE and (piece := line.recv(1 << 20)):
            count += len(piece)
    assert count == SIZE


def test_who_hangs_up_leaves_nothing_open(web: Web, path: str) -> None:
    with asked(web, path) as line:
        assert b" 200 " in line.recv(4096)
        process = psutil.Process(web.process.pid)
        assert any("materials" in file.path for file in process.open_files())
    for _ in range(100):
        if not any("materials" in file.path for file in process.open_files()):
            return
        time.sleep(0.1)
    raise AssertionError(json.dumps([file.path for file in process.open_files()]))


class Closed:
    """A socket whose reader has gone, a moment before daphne marks it so (daphne.ws_protocol)."""

    def handle_reply(self, message: dict[str, object]) -> None:
        raise Disconnected("Attempt to send on a closed protocol")


async def test_what_is_said_to_a_socket_that_has_just_closed_is_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Server, "handle_reply", Server.handle_reply)  # put back afterwards
    wait_for_readers()
    server, closed = Server.__new__(Server), Closed()
    server.connections = {closed: {}}
    await server.handle_reply(closed, {"type": "websocket.send", "text": "hello"})
