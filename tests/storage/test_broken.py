"""A storage that breaks while a file is on its way to a browser: the web process goes on."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator

import pytest

from tests.conftest import NewSchool
from tests.journeys.aula import free_port
from tests.socket.web import School, Web
from tests.storage.swift import Swift
from tests.storage.wire import Wire

SIZE = 30_000_000
ADD = """
import sys, django
django.setup()
from django.core.files.base import ContentFile
from django.utils import timezone
from classrooms.materials import add_material
from classrooms.models import ClassSession
from tenants.models import Tenant
from tenants.scope import tenant_scope
import os
file = ContentFile(os.urandom(int(sys.argv[1])), "film.webm")
file.content_type = "video/webm"
with tenant_scope(Tenant.objects.get()):
    session = ClassSession.objects.get()
    print(add_material(session=session, by=session.teacher, file=file, at=timezone.now()).get_absolute_url())
"""


@pytest.fixture
def school(swift: Swift, wire: Wire, url: str, tmp_path, new_school: NewSchool) -> School:
    return new_school(tmp_path, STORAGE_URL=url)


@pytest.fixture
def web(school: School) -> Iterator[Web]:
    web = Web(school, free_port())
    web.wait_until_ready()
    yield web
    web.stop()


def asked(web: Web, path: str) -> http.client.HTTPResponse:
    line = http.client.HTTPConnection("127.0.0.1", web.port, timeout=20)
    who = {"Host": f"demo.localhost:{web.port}", "Cookie": f"sessionid={web.school.teacher}"}
    line.request("GET", path, headers=who | {"Connection": "close"})
    return line.getresponse()


def test_a_browser_is_cut_off_and_the_process_goes_on(school: School, web: Web, wire: Wire) -> None:
    path = school.run("-c", ADD, str(SIZE)).strip()
    with asked(web, path) as whole:
        assert len(whole.read()) == SIZE
    for _ in range(2):
        wire.breaks_at_received = wire.received + 5_000_000
        with asked(web, path) as broken:
            assert broken.headers["Content-Length"] == str(SIZE)
            began = time.monotonic()
            with pytest.raises((http.client.IncompleteRead, ConnectionError)):
                broken.read()
            assert time.monotonic() - began < 10
        wire.breaks_at_received = None
    with asked(web, path) as whole:
        assert len(whole.read()) == SIZE
