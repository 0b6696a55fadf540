"""RTP as publishers send it."""

import pytest

from signaling.sfu.rtp import parse, unwrap_rtx
from tests.sfu.light import rtp


def read(data: bytes):
    return parse(memoryview(b"before" + data), 6, len(data))


def test_a_packet_is_read_with_its_extensions_and_without_its_padding():
    extensions = {4: b"1", 10: b"q", 3: b"\x12\x34"}
    packet = read(
        rtp(
            ssrc=9,
            sequence=65_535,
            timestamp=7,
            payload=b"vp8",
            marker=True,
            extensions=extensions,
            padding=20,
        )
    )
    assert (packet.ssrc, packet.sequence, packet.timestamp, packet.payload_type) == (9, 65_535, 7, 96)
    assert (packet.marker, packet.payload, packet.extensions) == (0x80, b"vp8", extensions)


def test_contributing_sources_are_passed_over():
    packet = bytearray(rtp(ssrc=9, sequence=1) + bytes(8) + b"payload")
    packet[0] |= 2
    assert read(bytes(packet)).payload == b"payload"


def test_two_byte_extensions_are_read():
    block = bytes([1, 0, 20, 3]) + b"abc" + b"\0"
    packet = bytes([0x90]) + rtp(ssrc=9, sequence=1)[1:] + b"\x10\x00\x00\x02" + block + b"payload"
    assert read(packet).extensions == {1: b"", 20: b"abc"}
    assert read(packet).payload == b"payload"


def test_a_packet_of_padding_only_has_no_payload():
    assert read(rtp(ssrc=9, sequence=1, padding=200)).payload == b""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        rtp(ssrc=1, sequence=1)[:11],
        bytes([0x8F]) + rtp(ssrc=1, sequence=1)[1:],
        bytes([0x90]) + rtp(ssrc=1, sequence=1)[1:],
        rtp(ssrc=1, sequence=1, extensions={1: b"abcd"})[:16],
        bytes([0x90]) + rtp(ssrc=1, sequence=1)[1:] + b"\xbe\xde\x00\x01\x1f\x00\x00\x00",
        bytes([0x90]) + rtp(ssrc=1, sequence=1)[1:] + b"\x10\x00\x00\x01\x00\x00\x01\x09",
        bytes([0xA0]) + rtp(ssrc=1, sequence=1, payload=b"\x00")[1:],
        bytes([0xA0]) + rtp(ssrc=1, sequence=1, payload=b"\x09")[1:],
    ],
)
def test_what_is_cut_off_is_an_error(data):
    with pytest.raises(ValueError, match="RTP"):
        read(data)


def test_a_retransmission_becomes_the_packet_it_repeats():
    packet = read(
        rtp(ssrc=2, sequence=900, timestamp=7, payload=b"\x00\x05vp8", payload_type=97, marker=True)
    )
    original = unwrap_rtx(packet, ssrc=1, payload_type=96)
    assert (original.ssrc, original.sequence, original.timestamp) == (1, 5, 7)
    assert (original.payload_type, original.marker, original.payload) == (96, 0x80, b"vp8")


@pytest.mark.parametrize("payload", [b"", b"\x00", b"\x00\x05"])
def test_a_probe_on_the_rtx_stream_is_no_packet(payload):
    with pytest.raises(ValueError, match="RTX"):
        unwrap_rtx(read(rtp(ssrc=2, sequence=1, payload=payload)), ssrc=1, payload_type=96)
