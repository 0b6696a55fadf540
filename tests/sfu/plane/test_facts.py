"""What aiortc and aioice do not do for an SFU: the ten facts, each as the plane answers it."""

import asyncio
import struct
import threading
from dataclasses import replace

from aioice import stun
from aiortc import RTCDataChannel, RTCDataChannelParameters
from aiortc.rtcsctptransport import crc32c

from signaling.sfu import rtcp
from signaling.sfu.dtls import MOST_CHUNKS
from signaling.sfu.history import ANSWERS, MOST_ANSWERS
from signaling.sfu.routes import MOST_SSRCS, MOST_UNBOUND
from signaling.sfu.uptrack import STALL
from tests.sfu.light import LightClient, rtp
from tests.sfu.plane.conftest import (
    AUDIO,
    MID,
    RID,
    SEND_AUDIO,
    SEND_VIDEO,
    SIMULCAST,
    TRANSPORT_CC,
    VIDEO,
)
from tests.sfu.plane.pictures import vp8


async def heard(teacher, student) -> bool:
    """Whether what the teacher says still reaches the student."""
    voice = teacher.transport.receive(AUDIO)
    ssrc = student.transport.send(voice, SEND_AUDIO).ssrc
    teacher.client.send(rtp(ssrc=1001, sequence=1, payload=b"still here", payload_type=111))
    await student.client.until(lambda: bool(student.client.media(ssrc)))
    return student.client.media(ssrc)[0].payload == b"still here"


async def test_fact_1_an_empty_or_oversized_datagram_ends_nobody(plane, teacher, student):
    teacher.client.sock.send(b"")
    teacher.client.sock.send(bytes([22]) * 1501)
    teacher.client.sock.send(bytes([128]) * 60_000)
    assert await heard(teacher, student)
    assert (plane.drops["empty"], plane.drops["oversized"]) == (1, 2)


async def test_fact_2_a_forged_alert_from_a_stranger_cannot_fail_a_handshake(plane, join):
    participant = await join(connected=False)
    await participant.client.check(participant.transport.ice)
    stranger = await LightClient.open(("127.0.0.1", plane.candidates[0].port))
    fatal_alert = bytes([21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 40])
    for _ in range(20):
        stranger.sock.send(fatal_alert)
    await participant.client.connect(participant.transport.ice, plane.fingerprint)
    await participant.client.until(participant.notes.ready.is_set)
    assert plane.drops["stranger"] == 20
    stranger.wire.close()


async def test_fact_3_a_malformed_stun_attribute_is_counted_and_nothing_else(plane, teacher, student):
    short_priority = struct.pack("!HH", 0x0024, 2) + b"\0\0\0\0"
    request = struct.pack("!HHI12s", 1, len(short_priority), stun.COOKIE, b"transaction!") + short_priority
    for datagram in (request, request[:19], b"\0", b"\1" * 40, b"\3" * 1500):
        teacher.client.sock.send(datagram)
    assert await heard(teacher, student)
    assert plane.drops["stun_malformed"] == 5
    assert plane.drops["internal"] == 0


async def test_fact_4_nacks_are_answered_at_most_three_times_what_is_missing_and_spaced(
    plane, teacher, student, monkeypatch
):
    monkeypatch.setattr("signaling.sfu.history.AGE", 60.0)  # however busy the machine is
    seen = student.transport.send(teacher.transport.receive(VIDEO), SEND_VIDEO)
    for i in range(50):
        teacher.client.send(
            rtp(ssrc=2001, sequence=i, timestamp=3000 * i, payload=vp8(picture=i, key=i == 0))
        )
    await student.client.until(lambda: len(student.client.media(seen.ssrc)) == 50)
    first = student.client.media(seen.ssrc)[0].sequence
    everything = rtcp.nack(1, seen.ssrc, [(first + i) & 0xFFFF for i in range(50)])
    for _ in range(10):
        student.client.send_rtcp(everything)
    await student.client.until(lambda: plane.drops["nack_refused"] + plane.drops["nack_spent"] >= 450)
    assert len(student.client.media(seen.rtx_ssrc)) <= 50
    student.client.send_rtcp(rtcp.nack(1, seen.ssrc, [(first + i) & 0xFFFF for i in range(4000)]))
    await student.client.until(lambda: plane.drops["rtcp_costly"])
    now = student.transport.clock()
    before = seen.stats.resent
    for later in range(1, 20):
        seen.nacked((first,), now + later)
    assert 0 < seen.stats.resent - before < MOST_ANSWERS
    assert seen.stats.resent <= 50 * ANSWERS


async def test_fact_5_ssrcs_are_bounded_and_closing_is_quick_whatever_was_sent(plane, teacher):
    tracks = [teacher.transport.receive(replace(SIMULCAST, mid=str(mid))) for mid in range(20, 24)]
    ssrc = 5000
    for track in tracks:
        for rid in (b"q", b"h", b"f"):
            ssrc += 1
            extensions = {MID: track.mid.encode(), RID: rid}
            teacher.client.send(rtp(ssrc=ssrc, sequence=1, payload=vp8(key=True), extensions=extensions))
    for stranger in range(200):
        teacher.client.send(rtp(ssrc=9000 + stranger, sequence=1, payload=b"who"))
    await teacher.client.until(lambda: plane.drops["unroutable"] == 200)
    bound = [layer for track in tracks for layer in track.layers if layer.ssrc is not None]
    assert len(bound) == MOST_SSRCS
    assert plane.drops["ssrc_limit"] == 4
    blocks = [rtcp.Block(n, 0, 0, 0, 0, 0, 0) for n in range(31)]
    teacher.client.send_rtcp(rtcp.receiver_report(1, blocks))
    teacher.client.send_rtcp(rtcp.receiver_report(1, blocks[:20]) * 2)
    await teacher.client.until(lambda: any(c[1] == rtcp.RR for c in teacher.client.controls))
    teacher.transport.close()
    teacher.transport.close()
    async with asyncio.timeout(2):
        await teacher.notes.gone.wait()
        await plane.close()
        await plane.close()
    assert teacher.notes.happened.count("closed") == 1


async def test_fact_6_a_malformed_remb_from_the_peer_closes_nothing(plane, teacher, student):
    cut = struct.pack("!BBHII4sBBH", 0x8F, 206, 4, 1, 0, b"REMB", 200, 0xFF, 0xFFFF)
    student.client.send_rtcp(cut)
    student.client.send_rtcp(bytes([0x80, 201, 0xFF, 0xFF, 0, 0, 0, 0]))
    student.client.send_rtcp(bytes([0x9F, 200, 0, 1, 0, 0, 0, 0]))
    assert await heard(teacher, student)
    await student.client.until(lambda: plane.drops["rtcp_malformed"] == 3)
    good = struct.pack("!BBHII4sBBHI", 0x8F, 206, 5, 1, 0, b"REMB", 1, 3 << 2, 50_000, 7)
    student.client.send_rtcp(good)
    await student.client.until(lambda: student.transport.estimate == 400_000)


async def test_fact_7_old_and_new_ice_credentials_work_side_by_side_after_a_restart(plane, teacher, student):
    old = student.transport.ice
    new = student.transport.restart_ice()
    assert new.ufrag != old.ufrag
    moved = await LightClient.open(("127.0.0.1", plane.candidates[0].port))
    await moved.check(new)
    assert student.transport.remote == moved.wire.get_extra_info("sockname")
    await student.client.check(old)  # nominated late with the old ufrag, as Chromium does
    assert student.transport.remote == student.client.wire.get_extra_info("sockname")
    assert await heard(teacher, student)
    moved.wire.close()


async def test_fact_8_simulcast_is_routed_by_mid_and_rid_and_no_thread_decodes(teacher):
    threads = threading.active_count()
    track = teacher.transport.receive(SIMULCAST)
    for ssrc, rid in ((33, b"f"), (31, b"q"), (32, b"h")):
        packet = rtp(ssrc=ssrc, sequence=1, payload=vp8(key=True), extensions={MID: b"2", RID: rid})
        teacher.client.send(packet)
    await teacher.client.until(lambda: all(layer.ssrc is not None for layer in track.layers))
    assert [(layer.rid, layer.ssrc) for layer in track.layers] == [("q", 31), ("h", 32), ("f", 33)]
    assert all(layer.flowing for layer in track.layers)
    assert threading.active_count() == threads


async def test_fact_9_history_is_deep_feedback_is_sent_and_a_stall_is_noticed(teacher):
    track = teacher.transport.receive(VIDEO)
    for i in range(600):
        extensions = {TRANSPORT_CC: struct.pack("!H", i)}
        packet = rtp(ssrc=2001, sequence=i, payload=vp8(picture=i, key=i == 0), extensions=extensions)
        teacher.client.send(packet)
        if i % 50 == 49:
            await asyncio.sleep(0.005)
    (layer,) = track.layers
    await teacher.client.until(lambda: layer.history.highest == 0x10000 + 599)
    deep = [layer.history.get(0x10000 + i, layer.history.get(0x10000 + 599, 0).arrival) for i in range(600)]
    assert sum(packet is not None for packet in deep) >= 500
    await teacher.client.until(lambda: any(c[1] == 205 and c[0] & 31 == 15 for c in teacher.client.controls))
    assert not track.stalled
    later = teacher.transport.clock() + STALL + 1
    track.clock = lambda: later
    assert track.stalled
    track.muted = True
    assert not track.stalled


async def test_fact_10_data_channels_run_over_aiortc_and_survive_what_it_asserts_on(plane, join):
    student = await join(sctp=True)
    channel = RTCDataChannel(student.client.sctp, RTCDataChannelParameters(label="_lossy", ordered=False))
    await student.client.until(lambda: channel.readyState == "open" and bool(student.notes.channels))
    two_chunks = bytes.fromhex("1388138800000000") + bytes(4)
    init = bytes.fromhex("01000014") + bytes(16)
    await student.client.dtls._send_data(checksummed(two_chunks + init + init))
    heard = asyncio.get_running_loop().create_future()
    student.notes.channels[0].on("message", heard.set_result)
    channel.send("after all")
    async with asyncio.timeout(2):
        assert await heard == "after all"
    assert plane.drops["sctp_malformed"] == 1
    assert "closed" not in student.notes.happened


async def test_fact_10_a_peer_that_never_completes_its_messages_is_let_go(plane, join):
    student = await join(sctp=True)
    sctp = student.client.sctp
    channel = RTCDataChannel(sctp, RTCDataChannelParameters(label="_lossy", ordered=False))
    await student.client.until(lambda: channel.readyState == "open" and bool(student.notes.channels))
    head = struct.pack("!HHL", 5000, 5000, sctp._remote_verification_tag) + bytes(4)
    chunks = [  # the first part of a message each, of no more than an octet
        struct.pack("!BBHLHHL", 0, 6, 17, (sctp._local_tsn + n) & 0xFFFFFFFF, 9, 0, 51) + bytes(4)
        for n in range(MOST_CHUNKS + 50)
    ]
    for at in range(0, len(chunks), 50):
        await student.client.dtls._send_data(checksummed(head + b"".join(chunks[at : at + 50])))
        await asyncio.sleep(0.002)
    async with asyncio.timeout(3):
        await student.notes.gone.wait()
    assert plane.drops["sctp_hoard"] == 1


async def test_fact_5_control_packets_of_any_sender_leave_no_state(plane, teacher):
    freed = []
    forget = teacher.transport.inbound.opener.forget
    teacher.transport.inbound.opener.forget = lambda ssrc: (freed.append(ssrc), forget(ssrc))
    for sender in range(300):
        teacher.client.send_rtcp(rtcp.receiver_report(70_000 + sender, []))
    await teacher.client.until(lambda: len(freed) >= 300 - MOST_UNBOUND)
    assert freed[:2] == [70_000, 70_001]
    assert len(freed) == 300 - MOST_UNBOUND


def checksummed(packet: bytes) -> bytes:
    return packet[:8] + struct.pack("<L", crc32c(packet[:8] + bytes(4) + packet[12:])) + packet[12:]
