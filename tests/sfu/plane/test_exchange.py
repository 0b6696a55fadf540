"""Two participants exchange media over real UDP through a plane."""

import asyncio
import struct
from dataclasses import replace

import numpy as np
from aiortc import RTCDataChannel, RTCDataChannelParameters

from signaling.sfu import rtcp
from tests.sfu.light import LightClient, rtp
from tests.sfu.plane.conftest import (
    AUDIO,
    AUDIO_LEVEL,
    MID,
    RID,
    SEND_AUDIO,
    SEND_VIDEO,
    SEND_VIDEO_PLAIN,
    SIMULCAST,
    TRANSPORT_CC,
    VIDEO,
)
from tests.sfu.plane.pictures import vp8


async def test_what_one_participant_says_and_shows_reaches_the_other(teacher, student):
    voice = teacher.transport.receive(AUDIO)
    camera = teacher.transport.receive(VIDEO)
    heard = student.transport.send(voice, SEND_AUDIO)
    seen = student.transport.send(camera, SEND_VIDEO)
    for i in range(20):
        teacher.client.send(
            rtp(
                ssrc=1001,
                sequence=i,
                timestamp=960 * i,
                payload=b"opus%d" % i,
                payload_type=111,
                extensions={AUDIO_LEVEL: bytes([0x80 | 20]), TRANSPORT_CC: struct.pack("!H", 2 * i)},
            )
        )
        teacher.client.send(
            rtp(
                ssrc=2001,
                sequence=500 + i,
                timestamp=3000 * i,
                payload=vp8(picture=i, key=i == 0),
                marker=True,
                extensions={TRANSPORT_CC: struct.pack("!H", 2 * i + 1)},
            )
        )
    await student.client.until(lambda: len(student.client.packets) >= 40)
    voices, pictures = student.client.media(heard.ssrc), student.client.media(seen.ssrc)
    assert [p.payload for p in voices] == [b"opus%d" % i for i in range(20)]
    assert {p.payload_type for p in voices} == {63}
    assert [p.payload for p in pictures] == [vp8(picture=i, key=i == 0) for i in range(20)]
    assert {p.payload_type for p in pictures} == {100}
    assert all(p.marker for p in pictures)
    for packets in (voices, pictures):
        first = packets[0].sequence
        assert first < 0x8000
        assert [p.sequence for p in packets] == list(range(first, first + 20))
    assert voice.speaking
    assert voice.level > 0
    assert [track.mid for track in teacher.notes.started] == ["0", "1"]


async def test_media_flows_over_ipv6(join):
    teacher, student = await join(host="::1"), await join(host="::1")
    heard = student.transport.send(teacher.transport.receive(AUDIO), SEND_AUDIO)
    teacher.client.send(rtp(ssrc=1001, sequence=7, payload=b"six", payload_type=111))
    await student.client.until(lambda: bool(student.client.media(heard.ssrc)))
    assert teacher.transport.remote[0] == "::1"


async def test_a_lost_packet_is_sent_again_over_rtx(teacher, student):
    seen = student.transport.send(teacher.transport.receive(VIDEO), SEND_VIDEO)
    for i in range(5):
        teacher.client.send(
            rtp(ssrc=2001, sequence=i, timestamp=3000 * i, payload=vp8(picture=i, key=i == 0))
        )
    await student.client.until(lambda: len(student.client.media(seen.ssrc)) == 5)
    lost = student.client.media(seen.ssrc)[2]
    student.client.send_rtcp(rtcp.nack(1, seen.ssrc, [lost.sequence]))
    await student.client.until(lambda: bool(student.client.media(seen.rtx_ssrc)))
    (again,) = student.client.media(seen.rtx_ssrc)
    assert again.payload_type == 101
    assert again.payload == struct.pack("!H", lost.sequence) + lost.payload
    assert again.timestamp == lost.timestamp


async def test_without_rtx_a_packet_is_repeated_byte_for_byte(teacher, student):
    seen = student.transport.send(teacher.transport.receive(VIDEO), SEND_VIDEO_PLAIN)
    for i in range(5):
        teacher.client.send(
            rtp(ssrc=2001, sequence=i, timestamp=3000 * i, payload=vp8(picture=i, key=i == 0))
        )
    await student.client.until(lambda: len(student.client.media(seen.ssrc)) == 5)
    lost = student.client.media(seen.ssrc)[2]
    repeats = []
    student.client.lose = lambda sealed: repeats.append(sealed) or True  # before SRTP's replay check
    student.client.send_rtcp(rtcp.nack(1, seen.ssrc, [lost.sequence]))
    await student.client.until(lambda: bool(repeats))
    assert repeats == [lost.sealed]


async def test_the_publisher_is_asked_for_what_it_lost_and_its_rtx_fills_the_gap(teacher, student):
    seen = student.transport.send(teacher.transport.receive(VIDEO), SEND_VIDEO)
    for i in (0, 1, 3):
        teacher.client.send(
            rtp(ssrc=2001, sequence=i, timestamp=3000 * i, payload=vp8(picture=i, key=i == 0))
        )
    asked = rtcp.Nack(2001, (2,))
    await teacher.client.until(lambda: asked in read(teacher.client.controls))
    original = vp8(picture=2)
    teacher.client.send(
        rtp(ssrc=2002, sequence=90, timestamp=6000, payload=struct.pack("!H", 2) + original, payload_type=97)
    )
    await student.client.until(lambda: len(student.client.media(seen.ssrc)) == 4)
    first, *_, late = student.client.media(seen.ssrc)
    assert (late.sequence, late.payload, late.timestamp) == (first.sequence + 2, original, 6000)


async def test_simulcast_layers_are_told_apart_by_mid_and_rid(teacher, student):
    track = teacher.transport.receive(SIMULCAST)
    seen = student.transport.send(track, SEND_VIDEO)
    for i in range(3):
        for ssrc, rid in ((31, b"q"), (32, b"h"), (33, b"f")):
            extensions = {MID: b"2", RID: rid} if i == 0 else {}
            if i == 1:
                teacher.client.send_rtcp(
                    rtcp.sender_report(ssrc, ntp=3_900_000_000.0, timestamp=0, packets=1, octets=1)
                )
            teacher.client.send(
                rtp(
                    ssrc=ssrc,
                    sequence=100 + i,
                    timestamp=3000 * i,
                    payload=vp8(picture=i, key=True, body=rid),
                    extensions=extensions,
                )
            )
    await student.client.until(lambda: any(p.payload.endswith(b"f") for p in student.client.packets))
    assert [layer.ssrc for layer in track.layers] == [31, 32, 33]
    assert seen.layer == 2
    sequences = [p.sequence for p in student.client.media(seen.ssrc)]
    assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))


async def test_reports_go_both_ways_and_measure_the_round_trip(teacher, student):
    seen = student.transport.send(teacher.transport.receive(VIDEO), SEND_VIDEO)
    for i in range(4):
        teacher.client.send(
            rtp(ssrc=2001, sequence=i, timestamp=3000 * i, payload=vp8(picture=i, key=i == 0))
        )
    ntp = 3_900_000_000.25
    teacher.client.send_rtcp(rtcp.sender_report(2001, ntp=ntp, timestamp=9000, packets=4, octets=400))
    await teacher.client.until(lambda: any(isinstance(i, rtcp.Report) for i in read(teacher.client.controls)))
    block = next(i.block for i in read(teacher.client.controls) if isinstance(i, rtcp.Report))
    assert (block.ssrc, block.fraction, block.lost) == (2001, 0, 0)
    await student.client.until(
        lambda: any(isinstance(i, rtcp.SenderReport) for i in read(student.client.controls))
    )
    report = next(i for i in read(student.client.controls) if isinstance(i, rtcp.SenderReport))
    assert report.ssrc == seen.ssrc
    first = student.client.media(seen.ssrc)[0]
    assert abs((report.timestamp - first.timestamp - 9000) / 90000 - (report.ntp - ntp)) < 0.001
    middle = int(report.ntp * 65536) & 0xFFFFFFFF
    answer = rtcp.Block(seen.ssrc, 64, 3, first.sequence + 3, 900, middle, 0)
    student.client.send_rtcp(rtcp.receiver_report(9, [answer]))
    await student.client.until(lambda: student.transport.rtt is not None)
    assert 0 <= student.transport.rtt < 1.5
    assert (seen.stats.fraction_lost, seen.stats.lost, seen.stats.jitter) == (0.25, 3, 0.01)


async def test_transport_wide_feedback_comes_within_a_tenth_of_a_second(teacher):
    teacher.transport.receive(AUDIO)
    for i in (0, 1, 3):
        extensions = {TRANSPORT_CC: struct.pack("!H", i)}
        teacher.client.send(rtp(ssrc=1001, sequence=i, payload=b"x", payload_type=111, extensions=extensions))
    await teacher.client.until(
        lambda: any(c[1] == 205 and c[0] & 31 == 15 for c in teacher.client.controls), 0.3
    )


async def test_whatever_is_sent_carries_the_transports_next_number(teacher, student):
    """Media of two tracks, repeats and probes share one count, and each is on record."""
    voice, camera = teacher.transport.receive(AUDIO), teacher.transport.receive(VIDEO)
    heard = student.transport.send(voice, replace(SEND_AUDIO, transport_cc=TRANSPORT_CC))
    seen = student.transport.send(camera, replace(SEND_VIDEO, transport_cc=TRANSPORT_CC))
    for i in range(5):
        teacher.client.send(rtp(ssrc=1001, sequence=i, payload=b"opus", payload_type=111))
        teacher.client.send(rtp(ssrc=2001, sequence=i, timestamp=9, payload=vp8(picture=i, key=i == 0)))
    await student.client.until(lambda: len(student.client.packets) == 10)
    lost = student.client.media(seen.ssrc)[2]
    student.client.send_rtcp(rtcp.nack(1, seen.ssrc, [lost.sequence]))
    await student.client.until(lambda: len(student.client.packets) == 11)
    assert student.transport.probe(600, 5) == 600
    await student.client.until(lambda: len(student.client.packets) == 14)
    assert [int.from_bytes(p.extensions[TRANSPORT_CC], "big") for p in student.client.packets] == list(
        range(14)
    )
    assert student.transport.log.last == 13
    times, sizes = student.transport.log.read(0, 14)
    assert sizes.tolist() == [p.size for p in student.client.packets]
    assert (np.diff(times) >= 0).all()
    assert 0 <= student.transport.clock() - times[-1] < 5
    assert {p.payload for p in student.client.media(heard.ssrc)} == {b"opus"}
    assert [p.payload for p in student.client.media(seen.rtx_ssrc)[1:]] == [b"", b"", b""]


async def test_a_class_hears_what_one_says_and_who_moves_hears_on(plane, teacher, join):
    """Enough listeners for arrays, with keys of their own; one changes his address on the way."""
    voice = teacher.transport.receive(AUDIO)
    students = [await join() for _ in range(5)]
    heard = [
        student.transport.send(voice, replace(SEND_AUDIO, transport_cc=TRANSPORT_CC)) for student in students
    ]
    for i in range(10):
        teacher.client.send(rtp(ssrc=1001, sequence=i, payload=b"opus%d" % i, payload_type=111))
    for student in students:
        await student.client.until(lambda client=student.client: len(client.packets) == 10)
        numbers = [int.from_bytes(p.extensions[TRANSPORT_CC], "big") for p in student.client.packets]
        assert numbers == list(range(10))
    moved = await LightClient.open(("127.0.0.1", plane.candidates[0].port))
    moved.dtls._rx_srtp = students[2].client.dtls._rx_srtp
    await moved.check(students[2].transport.ice)
    students[3].transport.close()
    for i in range(10, 20):
        teacher.client.send(rtp(ssrc=1001, sequence=i, payload=b"opus%d" % i, payload_type=111))
    for client in (students[0].client, students[1].client, students[4].client):
        await client.until(lambda client=client: len(client.packets) == 20)
        assert [p.payload for p in client.packets] == [b"opus%d" % i for i in range(20)]
    await moved.until(lambda: len(moved.packets) == 10)
    assert [p.payload for p in moved.packets] == [b"opus%d" % i for i in range(10, 20)]
    assert len(students[3].client.packets) == 10
    assert heard[0].stats.packets == 20
    moved.wire.close()


async def test_sound_with_transport_wide_numbers_is_not_repeated(plane, teacher, student):
    """Its index must not come again with another number in the header."""
    voice = teacher.transport.receive(AUDIO)
    heard = student.transport.send(voice, replace(SEND_AUDIO, transport_cc=TRANSPORT_CC))
    teacher.client.send(rtp(ssrc=1001, sequence=1, payload=b"opus", payload_type=111))
    await student.client.until(lambda: len(student.client.packets) == 1)
    student.client.send_rtcp(rtcp.nack(1, heard.ssrc, [student.client.packets[0].sequence]))
    await student.client.until(lambda: plane.drops["nack_without_rtx"] == 1)


async def test_a_data_channel_carries_messages_both_ways(join):
    student = await join(sctp=True)
    channel = RTCDataChannel(student.client.sctp, RTCDataChannelParameters(label="_reliable"))
    said = asyncio.get_running_loop().create_future()
    channel.on("message", said.set_result)
    await student.client.until(lambda: bool(student.notes.channels) and channel.readyState == "open")
    (ours,) = student.notes.channels
    assert ours.label == "_reliable"
    ours.on("message", lambda text: ours.send(text.upper()))
    channel.send("hello")
    async with asyncio.timeout(2):
        assert await said == "HELLO"


def read(controls: list[bytes]) -> list[rtcp.Item]:
    return [item for control in controls for item in rtcp.parse(control)[0]]
