"""Every WebSocket of the web process and of the media process, and pages of other sites that would open it.

At the media process no cookie is looked at: a token lets in whichever school's page, or native client, brings
it. WHIP and WHEP beside its sockets are for encoders and players on pages of any host.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.db import DatabaseError, connections

from classrooms.models import ClassSession
from signaling import media_origins, media_watch
from signaling.media_asgi import sockets
from signaling.media_watch import Watchers
from signaling.routing import routes
from signaling.sfu.server import SOCKET_PATHS
from tenants.models import Tenant
from tests.conftest import Guest, Person
from tests.sfu.protocol.doubles import School, make_school, make_token
from tests.socket.conftest import PATIENCE, Clock, Page, cast, clock, invited, live, wire

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


# The media process

MEDIA = "media.localhost:7880"
ANOTHER_SCHOOLS = "http://other.localhost"
ALSO_A_SCHOOLS = {  # the web process may be at any port, and behind TLS; the media process does not know
    ANOTHER_SCHOOLS,
    "http://demo.localhost:8001",
    "http://demo.localhost:443",
    "https://demo.localhost:80",
    "http://demo.localhost.",
}
NONE = {""}  # what a native client says
WRONG_OF_MEDIA = [origin for origin in WRONG if origin not in ALSO_A_SCHOOLS | NONE]
RIGHT_OF_MEDIA = [*RIGHT, *sorted(ALSO_A_SCHOOLS), "http://media.localhost:8000", "https://class.demo.test"]


class MediaDoor:
    """The media process's sockets as they are put together, in front of rooms without network."""

    def __init__(self, school: School) -> None:
        self.application = sockets(school.rooms, Watchers(school.rooms))

    async def answer(self, path: str, *origins: str) -> str | int:
        """What comes of a socket with a genuine token: "accept", or the status it is refused with."""
        token = make_token(video={"roomList": True})
        headers = [(b"host", MEDIA.encode()), (b"authorization", f"Bearer {token}".encode())]
        headers += [(b"origin", origin.encode()) for origin in origins]
        scope = {"type": "websocket", "path": path, "query_string": b"", "headers": headers}
        socket = ApplicationCommunicator(self.application, scope)
        await socket.send_input({"type": "websocket.connect"})
        answer = await socket.receive_output(timeout=PATIENCE)
        if answer["type"] == "websocket.accept":
            await socket.send_input({"type": "websocket.disconnect", "code": 1001})
        await socket.wait(timeout=PATIENCE)
        kind = answer["type"].removeprefix("websocket.")
        return answer["status"] if kind == "http.response.start" else kind


@pytest.fixture
def door(cast: None, tenant: Tenant, other_tenant: Tenant) -> MediaDoor:
    tenant.domains.create(host="class.demo.test")
    return MediaDoor(make_school())


@pytest.mark.parametrize("path", [*sorted(SOCKET_PATHS), media_watch.PATH])
@pytest.mark.usefixtures("opened")
async def test_a_page_of_another_site_opens_no_media_socket_with_a_genuine_token(
    path: str, door: MediaDoor
) -> None:
    assert len(WRONG_OF_MEDIA) >= 20
    for origin in WRONG_OF_MEDIA:
        assert await door.answer(path, origin) == 403, origin
    assert await door.answer(path, RIGHT[0], "http://evil.example") == 403
    assert await door.answer(path) == "accept"


@pytest.mark.parametrize("path", sorted(SOCKET_PATHS))
@pytest.mark.usefixtures("opened")
async def test_pages_of_schools_and_of_the_media_servers_own_host_open_it(path: str, door: MediaDoor) -> None:
    for origin in RIGHT_OF_MEDIA:
        assert await door.answer(path, origin) == "accept", origin


@pytest.mark.usefixtures("opened")
async def test_no_page_watches_the_media_process(door: MediaDoor) -> None:
    for origin in RIGHT_OF_MEDIA:
        assert await door.answer(media_watch.PATH, origin) == 403, origin


@pytest.mark.usefixtures("opened")
async def test_a_school_that_was_suspended_opens_it_no_more_once_it_is_looked_up_again(
    door: MediaDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await door.answer("/rtc", RIGHT[0]) == "accept"
    await Tenant.objects.aupdate(is_active=False)
    assert await door.answer("/rtc", RIGHT[0]) == "accept"
    monkeypatch.setattr(media_origins, "KEPT", 0.0)
    assert await door.answer("/rtc", RIGHT[0]) == 403


@pytest.mark.usefixtures("opened")
async def test_while_the_database_is_away_what_was_known_of_a_host_counts(
    door: MediaDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(host: str) -> None:
        raise DatabaseError

    assert await door.answer("/rtc", RIGHT[0]) == "accept"
    assert await door.answer("/rtc", WRONG[3]) == 403
    monkeypatch.setattr(media_origins, "KEPT", 0.0)
    monkeypatch.setattr(media_origins, "tenant_for_host", away)
    assert await door.answer("/rtc", RIGHT[0]) == "accept"
    assert await door.answer("/rtc", WRONG[3]) == 403
    assert await door.answer("/rtc", ANOTHER_SCHOOLS) == 503
    assert await door.answer("/rtc", f"https://{MEDIA}") == "accept"
    assert await door.answer("/rtc") == "accept"
