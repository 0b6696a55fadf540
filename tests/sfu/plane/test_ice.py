"""Connectivity checks: who may bring an address, and where media then goes."""

import struct

import pytest
from aioice import stun

from signaling.sfu import ice, moves
from signaling.sfu.moves import SILENT
from signaling.sfu.plane import TAKEOVER
from signaling.sfu.spec import IceCredentials
from signaling.sfu.transport import UNCHECKED
from tests.sfu.light import LightClient, rtp
from tests.sfu.plane.conftest import AUDIO, SEND_AUDIO


async def another(plane) -> LightClient:
    return await LightClient.open(("127.0.0.1", plane.candidates[0].port))


def address(client):
    return client.wire.get_extra_info("sockname")


async def test_a_check_is_answered_with_the_address_it_came_from(plane, join):
    participant = await join(connected=False)
    answer = await participant.client.check(participant.transport.ice)
    assert answer.message_class == stun.Class.RESPONSE
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == address(participant.client)
    assert answer.check_message_integrity(participant.transport.ice.pwd.encode())
    assert "FINGERPRINT" in answer.attributes


@pytest.mark.parametrize(
    ("ufrag", "pwd", "reason"),
    [
        (None, "wrong" * 6, "stun_unsigned"),
        ("nobody", None, "stun_unknown_user"),
        ("", None, "stun_unknown_user"),
    ],
)
async def test_a_check_with_wrong_credentials_gets_no_answer(plane, join, ufrag, pwd, reason):
    participant = await join(connected=False)
    own = participant.transport.ice
    wrong = IceCredentials(own.ufrag if ufrag is None else ufrag, pwd or own.pwd)
    with pytest.raises(TimeoutError):
        await participant.client.check(wrong)
    assert plane.drops[reason] == 1
    assert participant.transport.remote is None


async def test_media_is_taken_from_every_authenticated_address_and_sent_to_the_nominated_one(plane, teacher):
    track = teacher.transport.receive(AUDIO)
    second = await another(plane)
    await second.check(teacher.transport.ice, nominate=False)
    assert teacher.transport.remote == address(teacher.client)
    second.sock.send(
        teacher.client.dtls._tx_srtp.protect(rtp(ssrc=1001, sequence=1, payload_type=111, payload=b"x"))
    )
    await teacher.client.until(lambda: track.layers[0].flowing)
    await second.check(teacher.transport.ice)
    assert teacher.transport.remote == address(second)
    second.wire.close()


async def test_an_address_cannot_be_taken_from_a_participant_who_is_there(plane, teacher, join, monkeypatch):
    attacker = await join(connected=False)
    with pytest.raises(TimeoutError):
        await teacher.client.check(attacker.transport.ice)
    assert plane.drops["address_taken"] == 1
    later = plane.clock() + TAKEOVER + 1
    monkeypatch.setattr(plane, "clock", lambda: later)
    for port in plane._ports:
        port._clock = plane.clock
    await teacher.client.check(attacker.transport.ice)
    assert attacker.transport.remote == address(teacher.client)


async def test_addresses_and_credentials_of_one_transport_are_bounded(plane, join):
    participant = await join(connected=False)
    first = participant.transport.ice
    clients = [await another(plane) for _ in range(ice.ADDRESSES + 4)]
    for client in clients:
        await client.check(first)
    assert len(participant.transport.addresses) == ice.ADDRESSES
    for _ in range(ice.GENERATIONS):
        participant.transport.restart_ice()
    with pytest.raises(TimeoutError):
        await clients[0].check(first)
    await clients[0].check(participant.transport.ice)
    for client in clients:
        client.wire.close()


async def test_no_check_is_ever_sent_to_a_client(plane, teacher):
    before = len(teacher.client.controls)
    assert not teacher.client._answers
    assert before == len([c for c in teacher.client.controls if c[1] >= 200])


@pytest.mark.parametrize(
    "message",
    [
        stun.Message(stun.Method.BINDING, stun.Class.INDICATION),
        stun.Message(stun.Method.ALLOCATE, stun.Class.REQUEST),
        stun.Message(stun.Method.BINDING, stun.Class.RESPONSE),
    ],
)
def test_only_binding_requests_are_checks(message):
    with pytest.raises(ValueError, match="Binding"):
        ice.parse_check(bytes(message))


SENDER = struct.pack("!BBHI", 0x80, 201, 1, 7)  # an empty receiver report


@pytest.fixture
def later(plane, monkeypatch):
    """Let the plane's clock be ahead."""

    def later(seconds):
        ahead = plane.clock() + seconds
        monkeypatch.setattr(plane, "clock", lambda: ahead)
        for port in plane._ports:
            monkeypatch.setattr(port, "_clock", plane.clock)

    return later


async def test_a_packet_of_its_keys_shows_that_a_silent_client_has_moved(plane, teacher, student, later):
    voice = student.transport.send(teacher.transport.receive(AUDIO), SEND_AUDIO)
    place = ("127.0.0.1", plane.candidates[0].port)
    for step in range(20):
        later(SILENT + 0.1)
        await student.client.move(place)
        if step % 2:
            student.client.send_rtcp(SENDER)
        else:
            student.client.send(rtp(ssrc=77, sequence=step, payload=b"x", payload_type=111))
        await teacher.client.until(lambda: plane.drops["moved"] == step + 1)  # noqa: B023
        assert student.transport.remote == address(student.client)
        teacher.client.send(rtp(ssrc=1001, sequence=step + 1, payload=b"x", payload_type=111))
        await student.client.until(lambda: len(student.client.media(voice.ssrc)) == step + 1)  # noqa: B023
    assert len(student.transport.addresses) <= ice.ADDRESSES
    assert plane.drops["stranger"] == plane.drops["srtp_auth"] == 0


@pytest.mark.parametrize(("nominate", "stays"), [(None, False), (False, True), (True, True)])
async def test_media_turns_back_from_where_packets_came_from_unless_a_check_comes_too(
    plane, student, later, nominate, stays
):
    home, place = student.transport.remote, ("127.0.0.1", plane.candidates[0].port)
    later(SILENT + 0.1)
    await student.client.move(place)
    student.client.send_rtcp(SENDER)
    await student.client.until(lambda: plane.drops["moved"] == 1)
    elsewhere = student.transport.remote
    assert elsewhere == address(student.client) != home
    if nominate is not None:
        await student.client.check(student.transport.ice, nominate=nominate)
    student.transport.report(plane.clock() + UNCHECKED - 1)
    assert student.transport.remote == elsewhere
    student.transport.report(plane.clock() + UNCHECKED + 1)
    assert student.transport.remote == (elsewhere if stays else home)
    assert plane.drops["move_unchecked"] == (0 if stays else 1)


async def test_media_turns_back_at_once_when_a_check_shows_that_the_client_is_still_there(
    plane, student, later
):
    home, client = student.transport.remote, student.client
    thief = await another(plane)
    later(SILENT + 0.1)
    thief.sock.send(client.dtls._tx_srtp.protect_rtcp(SENDER))
    await client.until(lambda: plane.drops["moved"] == 1)
    assert student.transport.remote == address(thief)
    await client.check(student.transport.ice, nominate=False)
    assert student.transport.remote == home
    assert plane.drops["move_unchecked"] == 1
    thief.wire.close()


async def test_who_is_still_heard_at_its_own_address_has_not_moved(plane, student, later):
    later(SILENT + 0.1)
    student.client.send_rtcp(SENDER)
    home = address(student.client)
    await student.client.until(lambda: plane.clock() - student.transport.packet_at < SILENT)
    await student.client.move(("127.0.0.1", plane.candidates[0].port))
    student.client.send_rtcp(SENDER)
    await student.client.until(lambda: plane.drops["stranger"] == 1)
    assert student.transport.remote == home


async def test_neither_forged_nor_repeated_packets_move_anybody(plane, teacher, student, later):
    sealed = student.client.dtls._tx_srtp.protect_rtcp(SENDER)
    student.client.sock.send(sealed)
    await student.client.until(lambda: student.transport.packet_at > student.transport._opened_at)
    later(SILENT + 0.1)
    home = student.transport.remote
    thief = await another(plane)
    for datagram in (sealed, bytes([0x80, 201]) + bytes(40), bytes([0x80, 111]) + bytes(40), b"\x80\xc9"):
        thief.sock.send(datagram)
    await student.client.until(lambda: plane.drops["stranger"] == 4)
    assert student.transport.remote == home
    thief.wire.close()


async def test_a_flood_of_strangers_is_not_searched_for_owners(plane, student, later, monkeypatch):
    later(SILENT + 0.1)
    asked = []
    monkeypatch.setattr(student.transport.inbound, "proves", lambda datagram: asked.append(datagram))
    thief = await another(plane)
    for _ in range(5 * moves.RATE):
        thief.sock.send(bytes([0x80, 201]) + bytes(40))
    await student.client.until(lambda: plane.drops["stranger"] == 5 * moves.RATE)
    assert 0 < len(asked) <= moves.RATE
    thief.wire.close()
