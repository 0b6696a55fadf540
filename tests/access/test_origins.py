"""Every WebSocket of the web process, found in its routing, and pages of other sites that would open it.

The media process's sockets (`/rtc`, `/rtc/v1`, WHIP and WHEP beside them) ask for no Origin by design: no
cookie is looked at there, a token in the address or header lets in (tests/sfu/protocol/test_auth.py), and
native clients bring one as pages of any host do. The socket for those who watch the process asks for the
secret.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from classrooms.models import ClassSession
from signaling.routing import routes
from signaling.sfu.server import SOCKET_PATHS
from tests.conftest import Guest, Person
from tests.socket.conftest import Clock, Page, cast, clock, invited, live, wire

__all__ = ["cast", "clock", "invited", "live"]

SOCKETS = {  # by the routing's patterns: how each is opened
    "^ws/sessions/(?P<session>[0-9a-f]{32})/(?P<as_guest>guest/)?$": (
        "ws/sessions/{}/",
        "ws/sessions/{}/guest/",
    ),
    "": (),  # turns everybody away
}
WRONG = [
    "null",
    "http://other.localhost",
    "http://localhost",
    "http://evil.example",
    "http://demo.localhost.evil.example",
    "http://evil-demo.localhost",
    "http://x.demo.localhost",
    "http://demo.localhost:8001",
    "http://demo.localhost:443",
    "https://demo.localhost:80",
    "ws://demo.localhost",
    "file://demo.localhost",
    "chrome-extension://demo.localhost",
    "//demo.localhost",
    "demo.localhost",
    "http://demo.localhost@evil.example",
    "http://evil@demo.localhost",
    "http://demo.localhost.",
    "http://demo.localhost%2eevil.example",
    "http://demo.localhost\t.evil.example",
    "http://demo.localhost, http://evil.example",
    "http://xn--dmo-dma.localhost",
    "http://d\u0435mo.localhost",
    "http://[",
    "http://",
    "*",
    "",
]
RIGHT = [
    "http://demo.localhost",
    "https://demo.localhost",
    "http://DEMO.localhost",
    "http://demo.localhost:80",
]


@pytest.fixture
async def opened() -> AsyncIterator[None]:
    """The thread in which sockets read the database lets go of it."""
    yield
    await sync_to_async(connections.close_all)()


def test_every_socket_is_declared() -> None:
    assert {str(each.pattern) for each in routes} == set(SOCKETS)
    assert set(SOCKET_PATHS) == {"/rtc", "/rtc/v1"}


OPENED = [path for paths in SOCKETS.values() for path in paths]


async def opens(page: Page) -> bool:
    return (await page.open())[0]


def a_socket(who: Any, path: str, live: ClassSession, clock: Clock, origin: str) -> Page:
    said = origin.encode().decode("latin1")  # as its octets come
    return Page(wire(who, f"/{path.format(live.public_id)}", clock, origin=said))


@pytest.mark.parametrize("path", OPENED)
@pytest.mark.usefixtures("opened")
async def test_a_page_of_another_site_opens_none(
    path: str, student: Person, invited: Guest, live: ClassSession, clock: Clock
) -> None:
    who = invited if "guest" in path else student
    assert len(WRONG) >= 20
    for origin in WRONG:
        assert not await opens(a_socket(who, path, live, clock, origin)), origin
    two = a_socket(who, path, live, clock, RIGHT[0])
    two.socket.scope["headers"].append((b"origin", b"http://evil.example"))
    assert not await opens(two)


@pytest.mark.parametrize("path", OPENED)
@pytest.mark.parametrize("origin", RIGHT)
@pytest.mark.usefixtures("opened")
async def test_its_own_page_opens_it(
    path: str, origin: str, student: Person, invited: Guest, live: ClassSession, clock: Clock
) -> None:
    page = a_socket(invited if "guest" in path else student, path, live, clock, origin)
    assert await opens(page)
    await page.close()
