"""The media process as it is run: what it says at its door, what it writes down, how it ends."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from livekit import api
from livekit.protocol import rtc
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.sfu.protocol.doubles import KEY, SECRET, join_request
from tests.sfu.protocol.engine import ROOT, WITHIN, Engine, free_port, joined, running_engine, until
from tests.sfu.protocol.test_joining import GZIP, wrapped

WRONG = "another-secret-of-thirty-two-characters"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running_engine(tmp_path_factory.mktemp("engine")) as engine:
        yield engine


def address(engine: Engine, path: str = "/rtc/v1", who: str = "teacher", **token: str) -> str:
    request = wrapped(gzip.compress(join_request().SerializeToString()), GZIP)
    return f"{engine.url}{path}?access_token={engine.token(who, **token)}&join_request={request}"


async def hear_to_the_end(socket: ClientConnection) -> None:
    while True:
        await hear(socket)


async def hear(socket: ClientConnection) -> rtc.SignalResponse:
    message = await asyncio.wait_for(socket.recv(), 10)
    assert isinstance(message, bytes)
    return rtc.SignalResponse.FromString(message)


@pytest.mark.parametrize("path", ["/rtc/v1", "/rtc", "//rtc/v1", "///rtc"])
async def test_a_socket_with_a_genuine_token_is_welcomed(engine: Engine, path: str) -> None:
    async with connect(address(engine, path, room=f"demo{path}")) as socket:
        kinds = [(await hear(socket)).WhichOneof("message") for _ in range(3)]
        assert kinds == ["join", "refresh_token", "answer"]


@pytest.mark.parametrize(
    ("path", "token", "status", "reason"),
    [
        ("/rtc/v1", {"secret": WRONG}, 401, "signature is wrong"),
        ("/rtc/v1", {"room": "x" * 300}, 401, "too long"),
        ("/nothing", {}, 404, "no socket here"),
    ],
)
async def test_a_refused_socket_says_why_in_its_handshake(
    engine: Engine, path: str, token: dict[str, str], status: int, reason: str
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await asyncio.wait_for(connect(address(engine, path, **token)).__aenter__(), 10)
    assert refused.value.response.status_code == status
    assert reason in refused.value.response.body.decode()


async def test_a_page_of_its_own_host_is_welcomed_and_one_of_another_site_is_not(engine: Engine) -> None:
    async with connect(address(engine, room="demo.own"), origin="http://127.0.0.1:8000"):  # type: ignore[arg-type]
        pass
    for path in ("/rtc/v1", "/watch"):
        with pytest.raises(InvalidStatus) as refused:
            await asyncio.wait_for(connect(address(engine, path), origin="null").__aenter__(), 10)  # type: ignore[arg-type]
        assert refused.value.response.status_code == 403


@pytest.mark.parametrize("path", ["//rtc/v1/validate", "//healthz"])
def test_pages_are_found_behind_doubled_slashes(engine: Engine, path: str) -> None:
    assert engine.get(path)[0] in (200, 401)


async def test_an_address_of_forty_kilobytes_is_welcomed(engine: Engine) -> None:
    """Many tracks announced with a long offer; browsers' addresses are around 3 kB."""
    async with connect(f"{address(engine, room='demo.long')}&more={'x' * 40_000}") as socket:
        assert (await hear(socket)).WhichOneof("message") == "join"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /rtc/v1?access_token=" + b"x" * 70_000, b"414 "),
        (b"GET /rtc/v1?access_token=" + b"x" * 300_000 + b" HTTP/1.1\r\n\r\n", b"414 "),
        (b"GET /rtc/v1 HTTP/1.1\r\nCookie: " + b"x" * 70_000, b"431 "),
    ],
)
async def test_what_is_longer_than_that_is_refused_in_words(
    engine: Engine, request_: bytes, status: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", engine.port)
    writer.write(request_)
    async with asyncio.timeout(10):
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"64 KiB" in answer
    writer.close()


@pytest.mark.parametrize(
    ("length", "body"),
    [
        (b"Content-Length: 30000000", b""),
        (b"Content-Length: 1048577", b"x" * 100_000),
        (b"Transfer-Encoding: chunked", b"10000\r\n%b\r\n" % (b"x" * 65_536) * 40),
    ],
    ids=["none of it sent", "some of it sent", "in chunks"],
)
async def test_a_body_that_is_too_large_is_refused_before_it_is_all_there(
    engine: Engine, length: bytes, body: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", engine.port)
    writer.write(b"POST /twirp/livekit.RoomService/ListRooms HTTP/1.1\r\nHost: x\r\n%b\r\n\r\n" % length)
    writer.write(body)
    async with asyncio.timeout(8):  # a body that does not come is waited for for ten seconds
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"1024 KiB" in answer
    writer.close()


async def test_a_client_that_sends_no_join_request_is_offered_what_it_receives(engine: Engine) -> None:
    headers = {"Authorization": f"Bearer {engine.token('old')}"}
    async with connect(f"{engine.url}/rtc?auto_subscribe=1&protocol=9", additional_headers=headers) as socket:
        heard = [await hear(socket) for _ in range(3)]
    assert [message.WhichOneof("message") for message in heard] == ["join", "refresh_token", "offer"]
    assert heard[0].join.subscriber_primary
    assert "a=setup:actpass" in heard[2].offer.sdp


@pytest.mark.parametrize("frame", [b"\xff\xff\xff", b"x" * (1024 * 1024 + 1)])
async def test_a_malformed_or_oversized_frame_ends_that_socket_alone(engine: Engine, frame: bytes) -> None:
    async with (
        connect(address(engine, room="demo.frames")) as bystander,
        connect(address(engine, room="other.frames")) as socket,
    ):
        await socket.send(frame)
        with pytest.raises(ConnectionClosed):
            await hear_to_the_end(socket)
        await bystander.send(rtc.SignalRequest(ping=5).SerializeToString())
        async with asyncio.timeout(10):
            while (await hear(bystander)).WhichOneof("message") != "pong":
                pass


async def test_a_client_that_does_not_read_is_given_up(engine: Engine) -> None:
    """Each of its requests is answered with a copy of it."""
    request = rtc.SignalRequest(update_metadata=rtc.UpdateParticipantMetadata(metadata="x" * 1_000_000))
    with socket.create_connection(("127.0.0.1", engine.port)) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        async with connect(address(engine, room="demo.deaf"), sock=sock, max_queue=1) as client:
            async with asyncio.timeout(30):
                while "stopped reading" not in engine.log:
                    await client.send(request.SerializeToString())
                    await asyncio.sleep(1.4)  # faster would be a flood, which ends it as well
            with pytest.raises(ConnectionClosed):
                await hear_to_the_end(client)


async def test_no_token_and_no_secret_ever_reaches_the_log(tmp_path: Path) -> None:
    with running_engine(tmp_path) as engine:
        async with joined(engine, "teacher") as teacher, joined(engine, "student") as student:
            await teacher.publish_camera()
            await until(lambda: student.see("teacher/camera") > 1, "the teacher's picture")
        for token in (engine.token("a"), engine.token("b", secret=WRONG), "x.y.z"):
            await asyncio.to_thread(engine.get, f"/rtc/v1/validate?access_token={token}")
            with pytest.raises(InvalidStatus):
                await connect(f"{engine.url}/rtc/v1?access_token={token}&join_request=*").__aenter__()
        engine.ask_to_stop()
        assert await asyncio.to_thread(engine.process.wait, 6) == 0
        assert "stages: join room=demo.biology participant=PA_" in engine.log
        assert SECRET not in engine.log
        assert not re.search(r"eyJ|access_token|x\.y\.z|join_request", engine.log)
        assert "Traceback" not in engine.log


async def leaves(socket: ClientConnection) -> rtc.LeaveRequest:
    async with asyncio.timeout(WITHIN):
        while (message := await hear(socket)).WhichOneof("message") != "leave":
            pass
    return message.leave


async def test_the_end_is_clean_with_people_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_DRAIN_SECONDS", "0.2")
    with running_engine(tmp_path) as engine:
        async with joined(engine, "teacher") as teacher:
            await teacher.publish_camera()
            async with connect(address(engine, room="demo.other")) as socket:
                engine.ask_to_stop()
                assert (await leaves(socket)).action == rtc.LeaveRequest.Action.RECONNECT
                assert await asyncio.to_thread(engine.process.wait, WITHIN) == 0
        assert "Traceback" not in engine.log


async def test_while_it_drains_rooms_go_on_but_no_new_one_is_opened_and_a_second_signal_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDIA_DRAIN_SECONDS", "600")
    with running_engine(tmp_path) as engine:
        async with watching(engine) as watcher, connect(address(engine, room="demo.on")) as socket:
            assert json.loads(await asyncio.wait_for(watcher.recv(), WITHIN))["state"] == "up"
            engine.ask_to_stop()
            said = json.loads(await asyncio.wait_for(watcher.recv(), WITHIN))
            assert said == {"state": "leaving", "seconds": 600.0}
            assert (await asyncio.to_thread(engine.get, "/readyz"))[0] == 503
            assert (await asyncio.to_thread(engine.get, "/healthz"))[0] == 200
            with pytest.raises(InvalidStatus) as refused:
                await connect(address(engine, room="demo.new")).__aenter__()
            assert refused.value.response.status_code == 503
            async with connect(address(engine, who="student", room="demo.on")):
                pass
            engine.ask_to_stop()
            assert (await leaves(socket)).action == rtc.LeaveRequest.Action.RECONNECT
            assert await asyncio.to_thread(engine.process.wait, WITHIN) == 0


def watching(engine: Engine, secret: str = SECRET) -> connect:
    token = api.AccessToken(KEY, secret).with_grants(api.VideoGrants(room_list=True)).to_jwt()
    return connect(f"{engine.url}/watch", additional_headers={"Authorization": f"Bearer {token}"})


async def test_whoever_watches_learns_of_a_sudden_end_from_the_closed_connection(tmp_path: Path) -> None:
    with running_engine(tmp_path) as engine:
        async with watching(engine) as watcher:
            await asyncio.wait_for(watcher.recv(), WITHIN)
            engine.process.kill()
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(watcher.recv(), WITHIN)


async def test_only_who_knows_the_secret_may_watch(engine: Engine) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await watching(engine, secret=WRONG).__aenter__()
    assert refused.value.response.status_code == 401


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to fail."""
    variables = {
        "DEBUG": "1",
        "MEDIA_BIND": f"127.0.0.1:{free_port(1)}",  # type: ignore[arg-type]
        "MEDIA_UDP_PORT": str(free_port(2)),  # type: ignore[arg-type]
        **environment,
    }
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "manage.py", "runsfu"]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_start_that_cannot_be_says_what_is_in_the_way(engine: Engine) -> None:
    taken = run(MEDIA_BIND=f"127.0.0.1:{engine.port}")
    assert taken.returncode != 0
    assert f"127.0.0.1:{engine.port} cannot be used" in taken.stderr
    for value in ("7880", "localhost:", "x:99999"):
        wrong = run(MEDIA_BIND=value)
        assert wrong.returncode != 0
        assert "MEDIA_BIND" in wrong.stderr or "host:port" in wrong.stderr


def test_what_is_sent_to_a_socket_that_closed_just_now_goes_nowhere() -> None:
    """In a process of its own: daphne installs Twisted's reactor when it is imported."""
    program = """
from signaling.media_server import MediaSocketProtocol
protocol = MediaSocketProtocol()
protocol.state, protocol.client_addr = protocol.STATE_CLOSED, None
protocol.serverSend(b"too late", True)
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=30)
