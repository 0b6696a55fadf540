"""Another system that receives webhooks, answers as the test says, and checks signatures by the
specification's own library."""

from __future__ import annotations

import http.server
import json
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook as Checker

from accounts.models import Role
from classrooms.hooks import actions, sending
from classrooms.models import Webhook
from tenants.scope import tenant_scope
from tests.socket.conftest import cast, clock, inside, live, page

__all__ = ["cast", "clock", "inside", "live", "page"]


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/hooks":
            self.server.holds.wait(20)  # type: ignore[attr-defined]
        self.server.got.append((dict(self.headers), body))  # type: ignore[attr-defined]
        self.server.asked.put(self.path)  # type: ignore[attr-defined]
        statuses = self.server.statuses  # type: ignore[attr-defined]
        self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Quiet."""


class Timetable:
    """Another system. `answers` are the statuses of its next answers; the last one stays. While `holds` is
    not set it takes its time."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.url = f"http://127.0.0.1:{server.server_port}/hooks"
        self.secret = ""
        self.holds: threading.Event = server.holds

    def wait_for(self, path: str, within: float = 20) -> None:
        """Until it has been asked there; seconds."""
        while self.server.asked.get(timeout=within) != path:
            pass

    def answers(self, *statuses: int) -> None:
        self.server.statuses[:] = statuses

    @property
    def got(self) -> list[dict[str, Any]]:
        """What came, each with a good signature."""
        return [self.checked(*each) for each in self.server.got]

    def checked(self, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        lower = {name.lower(): value for name, value in headers.items()}
        at = datetime.fromtimestamp(int(lower["webhook-timestamp"]), UTC)  # by the clock of the test
        signed = Checker(self.secret).sign(lower["webhook-id"], at, body.decode())
        assert lower["webhook-signature"] == signed
        return {"id": lower["webhook-id"], **json.loads(body)}

    @property
    def types(self) -> list[str]:
        return [each["type"] for each in self.got]


@pytest.fixture
def timetable(settings: Any) -> Iterator[Timetable]:
    settings.OUTGOING_PRIVATE = True
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.got, server.statuses = [], [200]  # type: ignore[attr-defined]
        server.asked, server.holds = queue.Queue(), threading.Event()  # type: ignore[attr-defined]
        server.holds.set()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Timetable(server)
        server.shutdown()


@pytest.fixture
def webhook(transactional_db: None, admin: Any, timetable: Timetable, now: Any) -> Webhook:
    with tenant_scope(admin.member.tenant):
        made, timetable.secret = actions.make_webhook(
            by=admin.member, name="Timetable", url=timetable.url, wanted=[], at=now
        )
    return made


@pytest.fixture
def other_webhook(
    transactional_db: None, person: Any, other_tenant: Any, timetable: Any, now: Any
) -> Webhook:
    """The other school's, at the same machine."""
    owner = person(other_tenant, Role.OWNER, "Olga Other").member
    url = timetable.url.replace("/hooks", "/other")
    with tenant_scope(other_tenant):
        made, _ = actions.make_webhook(by=owner, name="Other", url=url, wanted=[], at=now)
    return made


@pytest.fixture
def turns(now: Any) -> Callable[..., int]:
    """Tell all that is due, so long after the test's beginning; how much that was."""

    def turns(after: timedelta = timedelta()) -> int:
        count = 0
        with ThreadPoolExecutor(1) as pool:
            tellers = sending.Tellers(pool)
            while found := tellers.turn(now + after):
                count += found
                wait(tellers.busy)
        return count

    return turns
