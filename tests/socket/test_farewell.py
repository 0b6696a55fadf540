"""A page that is busy while its socket closes still hears why."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Close
from websockets.http11 import Response
from websockets.uri import parse_uri

from signaling.classroom.page import SIGNED_OUT
from tests.conftest import NewSchool
from tests.journeys.aula import free_port
from tests.sfu.protocol.engine import Engine, running_engine
from tests.sfu.protocol.test_runsfu import address
from tests.socket.web import Web

BUSY = 2.0  # seconds that a page does not answer


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with running_engine(tmp_path) as engine:
        yield engine


async def goodbye(url: str, port: int, *, origin: str | None = None, said: bytes = b"") -> Close | None:
    """What a client is told at last that says `said`, and answers the close only after BUSY seconds."""
    client = ClientProtocol(parse_uri(url), origin=origin)  # type: ignore[arg-type]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with closing(writer):
        client.send_request(client.connect())
        while not client.close_rcvd:
            writer.writelines(client.data_to_send())
            if data := await reader.read(65536):
                client.receive_data(data)
            else:
                client.receive_eof()
            for event in client.events_received():
                if said and isinstance(event, Response):
                    client.send_binary(said)
        with pytest.raises(TimeoutError):  # the line is still open
            await asyncio.wait_for(reader.read(1), BUSY)
        writer.writelines(client.data_to_send())
        with suppress(ConnectionResetError):
            assert await reader.read() == b""  # and now the server has closed it
        return client.close_rcvd


async def test_a_busy_page_learns_from_the_classroom_why_its_socket_closed(
    new_school: NewSchool, tmp_path: Path
) -> None:
    web = Web(new_school(tmp_path), free_port())
    try:
        web.wait_until_ready()
        host = f"demo.localhost:{web.port}"
        url = f"ws://{host}/ws/sessions/{web.school.session}/"
        async with asyncio.timeout(30):
            last = await goodbye(url, web.port, origin=f"http://{host}")
        assert last
        assert last.code == SIGNED_OUT
    finally:
        web.kill()


async def test_a_busy_client_learns_from_the_media_server_that_it_closed_in_order(engine: Engine) -> None:
    async with asyncio.timeout(30):
        last = await goodbye(address(engine), engine.port, said=b"\xff\xff\xff")
    assert last
    assert last.code == 1000
