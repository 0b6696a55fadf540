"""What light clients send is what browsers send: VP8 that decodes, SRTP, reports."""

from __future__ import annotations

import struct

import av
import pytest

from bench import clip, rtcp
from bench.streams import Flow, Outgoing


@pytest.mark.parametrize("encoding", [clip.LESSON, clip.LECTURE, *clip.LAYERS.values()], ids=str)
def test_the_clip_decodes_into_its_pictures(encoding: clip.Encoding) -> None:
    decoder = av.CodecContext.create("vp8", "r")
    frames = clip.frames(encoding)
    pictures = [picture for frame in frames for picture in decoder.decode(av.Packet(b"".join(frame.parts)))]
    assert len(pictures) == clip.FRAME_RATE * clip.SECONDS
    assert {(picture.width, picture.height) for picture in pictures} == {(encoding.width, encoding.height)}
    octets = sum(len(part) for frame in frames for part in frame.parts)
    assert octets * 8 / clip.SECONDS == pytest.approx(encoding.bit_rate, rel=0.15)


def test_the_clip_is_two_hundred_packets_a_second_after_one_key_frame() -> None:
    frames = clip.frames()
    packets = sum(len(frame.parts) for frame in frames) / clip.SECONDS
    assert packets == pytest.approx(200, rel=0.05)
    assert [frame.key for frame in frames].count(True) == 1
    assert frames[0].key


def test_the_sound_is_four_seconds_of_packets_of_one_size() -> None:
    assert len(clip.sound()) == pytest.approx(clip.SECONDS * 50, abs=1)
    assert {len(packet) for packet in clip.sound()} == {80}


def test_parts_of_a_frame_differ_by_one_byte_at_most_and_fit() -> None:
    for size in (1, clip.PAYLOAD_LIMIT, clip.PAYLOAD_LIMIT + 1, 41_371):
        frame = bytes(range(256)) * 200
        parts = clip.split(frame[:size])
        assert b"".join(parts) == frame[:size]
        assert max(map(len, parts)) <= clip.PAYLOAD_LIMIT
        assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize(
    ("first", "picture", "written"),
    [(True, 0x1234, "90f092343400"), (False, 0x7FFF, "80f0ffffff00"), (True, 0, "90f080000000")],
)
def test_the_payload_descriptor_has_the_long_picture_id(first: bool, picture: int, written: str) -> None:
    assert clip.descriptor(first=first, picture=picture).hex() == written


@pytest.mark.parametrize(
    ("packet", "read"),
    [
        ("81ce0002 00000001 0000002a", [rtcp.Asked(42, key_frame=True)]),
        ("84ce0004 00000001 00000000 0000002a 05000000", [rtcp.Asked(42, key_frame=True)]),
        ("81cd0003 00000001 0000002a ffff0003", [rtcp.Asked(42, missing=(65535, 0, 1))]),
        ("80c80006 00000007 1111222233334444 00000000 00000000 00000000", [rtcp.Reported(7, 0x22223333)]),
        ("8fcd0005 00000001 0000002a 00000000 00000000 00000000", []),
        ("80c9", []),
    ],
    ids=["PLI", "FIR", "NACK", "SR", "TWCC", "cut short"],
)
def test_reports_are_read(packet: str, read: list[object]) -> None:
    assert list(rtcp.read(bytes.fromhex(packet))) == read


def test_a_flow_reports_loss_since_its_last_report() -> None:
    flow = Flow(96, first=65534, highest=65534)
    for sequence in (65534, 65535, 1, 2):  # 0 was lost
        flow.count(sequence)
    _, lost, highest = struct.unpack_from("!III", flow.block(5, now=0.0))
    assert (lost >> 24, lost & 0xFFFFFF, highest) == (256 // 5, 1, 65538)
    _, lost, _ = struct.unpack_from("!III", flow.block(5, now=1.0))
    assert (lost >> 24, lost & 0xFFFFFF) == (0, 1)


def test_a_packet_asked_for_again_travels_as_rtx() -> None:
    stream = Outgoing(ssrc=1, payload_type=96, mid="1", rtx_ssrc=2, rtx_payload_type=97, sequence=500)
    header = struct.pack("!BBHII", 0x90, 0x80 | 96, 500, 9000, 1)
    stream.keep(header + b"\xbe\xde\0\x02" + bytes(8) + b"payload")
    again = stream.again(500)
    assert again is not None
    assert struct.unpack_from("!BBHII", again) == (0x90, 0x80 | 97, 0, 9000, 2)
    assert again[24:] == struct.pack("!H", 500) + b"payload"
    assert stream.again(501) is None


def test_arrivals_are_reported_as_transport_wide_feedback() -> None:
    feedback = rtcp.TransportFeedback(7)
    ticks = [65535, 0, 2, 3]  # 1 was lost, 3 came 100 ms after 2
    arrivals = [(number, 64.0 + at) for number, at in zip(ticks, (0.0, 0.001, 0.002, 0.102), strict=True)]
    written = feedback.write(arrivals)
    base, count, reference = struct.unpack_from("!HHI", written, 12)
    assert (base, count, reference >> 8, reference & 255) == (65535, 5, 1000, 0)
    assert written[20:28].hex() == "2002000120014001"  # two small, one lost, one small, one large
    assert written[28:33].hex() == "0004040190"  # steps of 250 µs
    assert len(written) % 4 == 0
    assert len(written) == 4 * (struct.unpack_from("!H", written, 2)[0] + 1)


def test_a_loss_between_two_feedbacks_is_reported_by_the_second() -> None:
    feedback = rtcp.TransportFeedback(7)
    feedback.write([(10, 1.0)])
    base, count = struct.unpack_from("!HH", feedback.write([(12, 1.1), (9, 1.1)]), 12)
    assert (base, count) == (11, 2)
