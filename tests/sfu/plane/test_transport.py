"""A participant's transport from its first check to its end."""

import asyncio
import gc
import random
import weakref

import pytest
from aiortc import RTCDtlsFingerprint, RTCDtlsParameters

from signaling.sfu import ice, rtcp
from signaling.sfu.plane import Plane
from signaling.sfu.transport import CONNECT_TIME
from tests.sfu.light import FINGERPRINTS, rtp
from tests.sfu.plane.conftest import AUDIO, PORTS, SEND_AUDIO, SEND_VIDEO, VIDEO, Notes
from tests.sfu.plane.pictures import vp8


async def test_who_is_not_heard_for_thirty_seconds_is_gone(plane, teacher):
    now = plane.clock()
    teacher.transport.report(now + ice.CONSENT - 1)
    assert not teacher.transport.closed
    teacher.transport.report(now + ice.CONSENT + 1)
    await asyncio.wait_for(teacher.notes.gone.wait(), 1)
    assert teacher.notes.reasons == ["consent expired"]


async def test_a_check_renews_consent(plane, teacher):
    teacher.transport.heard_at -= ice.CONSENT - 1
    await teacher.client.check(teacher.transport.ice)
    teacher.transport.report(plane.clock() + ice.CONSENT - 1)
    assert not teacher.transport.closed


async def test_who_never_finishes_dtls_is_gone_after_thirty_seconds(plane, join):
    participant = await join(connected=False)
    participant.transport.heard_at = plane.clock() + CONNECT_TIME
    participant.transport.report(plane.clock() + CONNECT_TIME + 1)
    await asyncio.wait_for(participant.notes.gone.wait(), 1)
    assert participant.notes.reasons == ["never connected"]


async def test_another_certificate_than_the_announced_one_is_refused(plane, join):
    participant = await join(connected=False)
    notes = Notes()
    transport = plane.open(notes)
    wrong = FINGERPRINTS[0][:-2] + ("00" if FINGERPRINTS[0][-2:] != "00" else "01")
    transport.start(fingerprints=[wrong], setup="active", sctp_port=None)
    await participant.client.connect(transport.ice, plane.fingerprint)
    await participant.client.until(notes.gone.is_set)
    assert notes.happened == ["closed"]
    assert notes.reasons == ["DTLS handshake failed"]


async def test_media_before_dtls_is_dropped(plane, join):
    participant = await join(connected=False)
    await participant.client.check(participant.transport.ice)
    participant.client.sock.send(rtp(ssrc=1, sequence=1, payload=bytes(20)))
    await participant.client.until(lambda: plane.drops["srtp_early"] == 1)


async def test_forged_and_replayed_media_is_dropped_by_name(plane, teacher):
    teacher.transport.receive(AUDIO)
    sealed = teacher.client.dtls._tx_srtp.protect(rtp(ssrc=1001, sequence=1, payload=b"x", payload_type=111))
    teacher.client.sock.send(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    teacher.client.sock.send(sealed)
    teacher.client.sock.send(sealed)
    teacher.client.sock.send(b"\x80\x00short")
    teacher.client.sock.send(bytes([200]) * 30)
    await teacher.client.until(lambda: plane.drops["unknown_protocol"] == 1)
    expected = {"srtp_auth": 1, "srtp_replay": 1, "rtp_malformed": 1}
    assert {name: plane.drops[name] for name in expected} == expected


async def test_a_crowd_of_random_datagrams_harms_nobody(plane, teacher, student):
    dice = random.Random(1)
    for i in range(2000):
        teacher.client.sock.send(dice.randbytes(dice.randrange(200)))
        if i % 100 == 0:
            await asyncio.sleep(0.001)
    heard = student.transport.send(teacher.transport.receive(AUDIO), SEND_AUDIO)
    teacher.client.send(rtp(ssrc=1001, sequence=1, payload=b"calm", payload_type=111))
    await student.client.until(lambda: bool(student.client.media(heard.ssrc)))
    assert plane.drops["internal"] == 0


async def test_a_bug_of_one_transport_closes_it_and_nobody_else(plane, teacher, student, monkeypatch, caplog):
    def bug(now):
        raise ZeroDivisionError

    monkeypatch.setattr(teacher.transport, "feedback", bug)
    monkeypatch.setattr(student.transport, "feedback", lambda now: told.append(now))
    told: list[float] = []
    plane.pending = {teacher.transport, student.transport}
    await teacher.notes.gone.wait()
    assert teacher.notes.reasons == ["internal error"]
    assert told
    assert not student.transport.closed
    assert caplog.text.count("A timer of a transport failed") == 1


async def test_closing_a_publisher_closes_what_others_get_of_it(teacher, student):
    seen = student.transport.send(teacher.transport.receive(VIDEO), SEND_VIDEO)
    teacher.client.send(rtp(ssrc=2001, sequence=1, payload=vp8(key=True)))
    await student.client.until(lambda: bool(student.client.media(seen.ssrc)))
    teacher.transport.close()
    assert seen.closed
    assert not student.transport.listening
    await asyncio.wait_for(teacher.notes.gone.wait(), 1)
    assert not student.transport.closed


async def test_who_is_told_to_go_can_close_before_the_line_ends_under_them(teacher):
    teacher.transport.close("removed")
    await asyncio.wait_for(teacher.notes.gone.wait(), 1)
    assert teacher.client.dtls.state == "connected"
    await teacher.client.until(lambda: teacher.client.dtls.state == "closed")


async def test_the_peer_may_end_dtls_itself(teacher):
    await teacher.client.dtls.stop()
    await asyncio.wait_for(teacher.notes.gone.wait(), 2)
    assert teacher.notes.reasons == ["the peer ended DTLS"]


async def test_who_left_leaves_nothing_of_openssl_behind(teacher, student):
    connection = weakref.ref(teacher.transport._association._dtls._ssl)
    gc.disable()  # aiortc's objects are a ring: they go with the next full collection, whenever that is
    try:
        teacher.transport.close("left")
        await student.client.until(lambda: connection() is None)
    finally:
        gc.enable()


async def test_an_ssrc_is_never_used_again(teacher, student):
    track = teacher.transport.receive(AUDIO)
    ssrcs = []
    for _ in range(50):
        listener = student.transport.send(track, SEND_AUDIO)
        ssrcs.append(listener.ssrc)
        listener.close()
    assert len(set(ssrcs)) == 50


async def test_starting_twice_is_harmless(teacher):
    handshake = teacher.transport._task
    teacher.transport.start(fingerprints=FINGERPRINTS, setup="active", sctp_port=None)
    assert teacher.transport._task is handshake
    assert teacher.notes.happened == ["connected"]


async def test_we_can_be_the_active_side_of_dtls(plane, join):
    participant = await join(connected=False)
    notes = Notes()
    transport = plane.open(notes)
    client = participant.client
    await client.check(transport.ice)
    transport.start(fingerprints=FINGERPRINTS, setup="passive", sctp_port=None)
    client.dtls._set_role("server")
    algorithm, value = plane.fingerprint.split(" ")
    async with asyncio.timeout(5):
        await client.dtls.start(RTCDtlsParameters([RTCDtlsFingerprint(algorithm, value)]))
        await notes.ready.wait()


@pytest.mark.parametrize("participants", [20])
async def test_a_plane_closes_within_three_seconds(participants):
    plane = Plane(hosts=["127.0.0.1"], port=next(PORTS))
    await plane.start()
    notes = [Notes() for _ in range(participants)]
    for note in notes:
        plane.open(note).start(fingerprints=FINGERPRINTS, setup="active", sctp_port=5000)
    async with asyncio.timeout(3):
        await plane.close()
    assert all(note.happened == ["closed"] for note in notes)
    assert not plane.transports
    assert not plane.ufrags


async def test_who_only_publishes_on_one_of_two_transports_has_the_others_round_trip(plane):
    publishes, receives = plane.open(Notes()), plane.open(Notes())
    publishes.partner = receives
    assert publishes.client_rtt is None
    receives.measured(0.3)
    assert publishes.client_rtt == 0.3
    publishes.measured(0.2)
    assert publishes.client_rtt == 0.2


async def test_a_datagram_full_of_nacks_is_read_in_part(plane):
    transport = plane.open(Notes())
    transport.inbound._control(5 * rtcp.nack(1, 2, range(0, 17 * 57)), transport.clock())
    assert plane.drops["rtcp_costly"] == 4
