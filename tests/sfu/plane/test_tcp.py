"""ICE-TCP: who may stay connected, what passes, and what somebody costs who does not read."""

import asyncio
import errno
import socket
import struct

import pytest

from signaling.sfu import tcp
from signaling.sfu.framing import framed
from signaling.sfu.tcp import TcpPort
from signaling.sfu.udp import endpoint
from tests.sfu.light import LightClient, rtp
from tests.sfu.plane.conftest import AUDIO, SEND_AUDIO, SEND_VIDEO, VIDEO
from tests.sfu.plane.pictures import vp8

BIG = bytes(1100)


@pytest.fixture
def port(plane) -> TcpPort:
    return next(port for port in plane._ports if isinstance(port, TcpPort))


@pytest.fixture
def place(plane) -> tuple[str, int]:
    return "127.0.0.1", next(c.port for c in plane.candidates if c.protocol == "tcp")


def address(client):
    return client.wire.get_extra_info("sockname")


def say(client, sequence, payload=b"x"):
    client.send(rtp(ssrc=1001, sequence=sequence, payload=payload, payload_type=111))


@pytest.mark.parametrize(("teachers", "students"), [(True, True), (True, False), (False, True)])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_media_passes_over_tcp_and_between_tcp_and_udp(join, teachers, students, host):
    teacher = await join(tcp=teachers, host=host)
    student = await join(tcp=students, host=host)
    heard = student.transport.send(teacher.transport.receive(AUDIO), SEND_AUDIO)
    for sequence in range(1, 101):
        say(teacher.client, sequence, b"%d" % sequence)
    await student.client.until(lambda: len(student.client.media(heard.ssrc)) == 100)
    assert [p.payload for p in student.client.media(heard.ssrc)] == [b"%d" % n for n in range(1, 101)]


async def test_a_check_over_tcp_is_answered_with_the_address_of_the_connection(join):
    participant = await join(connected=False, tcp=True)
    answer = await participant.client.check(participant.transport.ice)
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == address(participant.client)
    assert participant.transport.remote == address(participant.client)


async def test_data_channels_work_over_tcp(join):
    student = await join(tcp=True, sctp=True)
    assert student.transport.connected


async def test_a_participant_moves_from_udp_to_tcp_and_back_without_losing_a_packet(plane, join, place):
    teacher, student = await join(), await join()
    heard = student.transport.send(teacher.transport.receive(AUDIO), SEND_AUDIO)
    for step, tcp_next in enumerate([True, False, True]):
        say(teacher.client, step + 1)
        await student.client.until(lambda: len(student.client.media(heard.ssrc)) == step + 1)  # noqa: B023
        for client, transport in ((teacher.client, teacher.transport), (student.client, student.transport)):
            await client.move(place, tcp=tcp_next)
            await client.check(transport.ice)
            assert transport.remote == address(client)
    say(teacher.client, 4)
    await student.client.until(lambda: len(student.client.media(heard.ssrc)) == 4)
    assert not any(plane.drops[name] for name in ("srtp_auth", "srtp_replay", "tcp_gone"))


async def open_raw(place) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(*place)


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        (framed(b"\x16\xfe\xfd" + bytes(40)), "tcp_stranger"),
        (framed(b"\x80" + bytes(40)), "tcp_stranger"),
        (framed(b"\x00\x01" + bytes(18)), "tcp_stranger"),
        (b"GET / HTTP/1.1\r\n\r\n", "tcp_malformed"),
    ],
)
async def test_whose_first_frame_is_no_check_in_order_is_sent_away_at_once(plane, place, first, reason):
    reader, writer = await open_raw(place)
    writer.write(first)
    async with asyncio.timeout(2):
        assert await reader.read(100) == b""
    assert plane.drops[reason] == 1
    writer.close()


async def test_a_check_with_a_wrong_password_ends_the_connection(plane, join):
    participant = await join(connected=False, tcp=True)
    with pytest.raises(TimeoutError):
        await participant.client.check(participant.transport.ice, pwd="wrong" * 6)
    async with asyncio.timeout(2):
        await participant.client.wire.ended.wait()
    assert plane.drops["stun_unsigned"] == plane.drops["tcp_stranger"] == 1


async def until(condition):
    async with asyncio.timeout(2):
        while not condition():  # noqa: ASYNC110 (a port tells nobody of its newcomers)
            await asyncio.sleep(0.01)


async def swept(plane, port, seconds, monkeypatch):
    now = plane.clock() + seconds
    monkeypatch.setattr(port, "_clock", lambda: now)
    port._sweep()


async def test_who_says_nothing_is_sent_away_after_five_seconds(plane, port, place, monkeypatch):
    reader, writer = await open_raw(place)
    await until(lambda: bool(port.streams))
    await swept(plane, port, tcp.FIRST_WITHIN - 1, monkeypatch)
    assert port.streams
    await swept(plane, port, tcp.FIRST_WITHIN + 1, monkeypatch)
    async with asyncio.timeout(2):
        assert await reader.read(100) == b""
    assert not port.streams
    writer.close()


async def test_the_connection_of_a_closed_transport_is_closed_too(plane, port, join, monkeypatch):
    student = await join(tcp=True)
    assert len(port.streams) == 1
    await swept(plane, port, tcp.FIRST_WITHIN + 1, monkeypatch)
    assert len(port.streams) == 1
    student.transport.close()
    await swept(plane, port, tcp.FIRST_WITHIN + 1, monkeypatch)
    assert not port.streams


async def test_a_silent_connection_ends_with_its_consent(plane, port, join, monkeypatch):
    await join(tcp=True)
    await swept(plane, port, tcp.IDLE + 1, monkeypatch)
    assert not port.streams


async def test_a_name_vouched_for_is_not_inherited_by_the_next_connection(plane, port, join, place):
    student = await join(tcp=True)
    own = address(student.client)
    linger = struct.pack("ii", 1, 0)  # a reset, so that its port is free at once
    student.client.wire.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    student.client.wire.transport.abort()
    await student.client.until(lambda: not port.streams)
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(own)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, place)
    reader, writer = await asyncio.open_connection(sock=sock)
    writer.write(framed(b"\x80" + bytes(40)))
    async with asyncio.timeout(2):
        assert await reader.read(100) == b""
    assert plane.drops["tcp_stranger"] == 1
    writer.close()


@pytest.mark.parametrize("limit", ["MOST_STRANGERS", "MOST_OF_ADDRESS", "most"])
async def test_connections_are_limited_for_each_address_and_in_total(plane, port, place, monkeypatch, limit):
    if limit == "most":
        monkeypatch.setattr(port, limit, 3)
    else:
        monkeypatch.setattr(tcp, limit, 3)
    opened = [await open_raw(place) for _ in range(3)]
    reader, writer = await open_raw(place)
    async with asyncio.timeout(2):
        assert await reader.read(100) == b""
    assert plane.drops["tcp_limit"] == 1
    for _, writer_ in [*opened, (reader, writer)]:
        writer_.close()


class Exhausted:
    """A listening socket of a process that has no file left."""

    def __init__(self) -> None:
        self.asked = 0

    def accept(self):
        self.asked += 1
        raise OSError(errno.EMFILE, "Too many open files")


async def test_without_files_left_nobody_is_taken_until_the_next_sweep(plane, port, place, monkeypatch):
    exhausted = Exhausted()
    with monkeypatch.context() as patch:
        patch.setattr(port, "sock", exhausted)
        port._timer.cancel()
        _, writer = await open_raw(place)
        await until(lambda: plane.drops["tcp_limit"] > 0)
        for _ in range(50):
            await asyncio.sleep(0)
        assert (exhausted.asked, plane.drops["tcp_limit"]) == (1, 1)
    port._sweep()
    await until(lambda: len(port.streams) == 1)
    writer.close()


async def test_strangers_do_not_keep_a_school_of_known_people_out(port, join, place, monkeypatch):
    monkeypatch.setattr(tcp, "MOST_STRANGERS", 2)
    for _ in range(4):
        await join(tcp=True)
    assert len(port.streams) == 4


async def test_who_does_not_read_costs_only_itself(plane, port, join):
    teacher, slow, quick = await join(), await join(tcp=True), await join(tcp=True)
    track = teacher.transport.receive(VIDEO)
    seen = [person.transport.send(track, SEND_VIDEO) for person in (slow, quick)]
    slow.client.wire.transport.pause_reading()
    for sequence in range(1, 9001):
        teacher.client.send(rtp(ssrc=2001, sequence=sequence, payload=vp8(key=sequence == 1) + BIG))
        if sequence % 50 == 0:
            await quick.client.until(lambda: len(quick.client.media(seen[1].ssrc)) >= sequence)  # noqa: B023
    assert len(quick.client.media(seen[1].ssrc)) == 9000
    assert plane.drops["tcp_slow_reader"] > 1000
    assert all(len(stream.waiting) <= tcp.WAITING + 1502 for stream in port.streams.values())
    slow.client.wire.transport.resume_reading()
    await slow.client.until(lambda: not any(stream.waiting for stream in port.streams.values()))
    assert len(slow.client.media(seen[0].ssrc)) > 100


async def test_many_small_pieces_make_the_same_datagrams(plane, join, place):
    teacher, student = await join(tcp=True), await join()
    heard = student.transport.send(teacher.transport.receive(AUDIO), SEND_AUDIO)
    sealed = teacher.client.dtls._tx_srtp.protect(
        rtp(ssrc=1001, sequence=7, payload=b"whole", payload_type=111)
    )
    for octet in framed(sealed):
        teacher.client.wire.transport.write(bytes([octet]))
        await asyncio.sleep(0)
    await student.client.until(lambda: bool(student.client.media(heard.ssrc)))
    assert student.client.media(heard.ssrc)[0].payload == b"whole"


def test_a_name_reads_as_the_address_of_the_connection_and_is_never_a_udp_peers():
    for host in ("192.0.2.7", "2001:db8::7"):
        names = {tcp.name_of(host, 4711, number) for number in (1, 2)}
        assert len(names) == 2
        assert {endpoint(name) for name in names} == {(host, 4711)}
        assert {len(name) for name in names} == {16 if ":" not in host else 28}
        assert all(name[1] & 0x80 for name in names)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.8", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_one_site_is_an_ipv4_address_or_an_ipv6_network(one, other, same):
    assert (tcp.origin(one) == tcp.origin(other)) is same


async def test_the_port_closes_with_its_connections(plane, port, join):
    student = await join(tcp=True)
    await plane.close()
    async with asyncio.timeout(2):
        await student.client.wire.ended.wait()
    port.close()
    assert not port.streams


async def test_a_lightclient_over_tcp_is_refused_where_nobody_listens(place):
    with pytest.raises(OSError, match=r"[Cc]onnect"):
        await LightClient.open_tcp((place[0], 1))


async def test_a_crowd_by_tcp_and_by_udp_gets_every_packet(plane, port, join):
    """Enough of them that packets are composed for all at once."""
    teacher = await join()
    track = teacher.transport.receive(VIDEO)
    crowd = [await join(tcp=number % 2 == 0) for number in range(20)]
    seen = [person.transport.send(track, SEND_VIDEO) for person in crowd]
    for sequence in range(1, 201):
        teacher.client.send(rtp(ssrc=2001, sequence=sequence, payload=vp8(key=sequence == 1) + BIG))
        if sequence % 20 == 0:
            for person, listener in zip(crowd, seen, strict=True):
                await person.client.until(lambda: len(person.client.media(listener.ssrc)) >= sequence)  # noqa: B023
    for person, listener in zip(crowd, seen, strict=True):
        assert len({packet.sequence for packet in person.client.media(listener.ssrc)}) == 200
    assert port.sent >= 10 * 200
    assert port.received > 10
    assert not any(plane.drops[name] for name in ("tcp_slow_reader", "tcp_gone", "send_buffer_full"))
