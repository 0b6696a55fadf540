"""What aiortc's SCTP may be given."""

import struct
from contextlib import suppress

import pytest
from aiortc.rtcsctptransport import (
    CookieEchoChunk,
    DataChunk,
    ForwardTsnChunk,
    HeartbeatChunk,
    InitChunk,
    SackChunk,
    ShutdownChunk,
    parse_packet,
    serialize_packet,
)
from google_crc32c import value as crc32c
from hypothesis import given
from hypothesis import strategies as st

from signaling.sfu.sctp import ABANDONED, is_sane

HEADER = struct.pack("!HHII", 5000, 5000, 1, 0)


def chunk(kind: int, body: bytes, length: int | None = None) -> bytes:
    return struct.pack("!BBH", kind, 0, 4 + len(body) if length is None else length) + body


def init() -> InitChunk:
    chunk = InitChunk()
    chunk.initiate_tag, chunk.advertised_rwnd, chunk.initial_tsn = 1, 2, 3
    chunk.outbound_streams = chunk.inbound_streams = 65535
    chunk.params = [(0xC000, b""), (0x8008, b"\xc0\x82\x0f")]
    return chunk


def heartbeat() -> HeartbeatChunk:
    chunk = HeartbeatChunk()
    chunk.params = [(1, b"some state")]
    return chunk


def sack(*gaps: tuple[int, int]) -> SackChunk:
    chunk = SackChunk()
    chunk.cumulative_tsn, chunk.advertised_rwnd, chunk.gaps, chunk.duplicates = 1, 2, list(gaps), [3]
    return chunk


def data() -> DataChunk:
    chunk = DataChunk(flags=3)
    chunk.tsn, chunk.stream_id, chunk.stream_seq, chunk.protocol, chunk.user_data = 1, 0, 0, 51, b"odd"
    return chunk


@pytest.mark.parametrize(
    "chunk",
    [init(), heartbeat(), sack(), sack((2, 3), (5, 5)), data(), CookieEchoChunk(body=b"x" * 24)],
    ids=lambda chunk: type(chunk).__name__,
)
def test_what_clients_send_is_let_through(chunk):
    assert is_sane(serialize_packet(5000, 5000, 1, chunk), outstanding=3)


def test_several_chunks_in_one_packet_are_each_looked_at():
    good = bytes(data()) + bytes(ForwardTsnChunk()) + bytes(ShutdownChunk())
    assert is_sane(HEADER + good, 0)
    assert not is_sane(HEADER + good + chunk(4, struct.pack("!HH", 1, 0)), 0)


@pytest.mark.parametrize("kind", [1, 2, 4, 5, 6, 9, 130])
@pytest.mark.parametrize("length", [0, 1, 3])
def test_a_parameter_that_would_never_end_is_kept_out(kind, length):
    before = bytes(16) if kind in (1, 2) else b""
    assert not is_sane(HEADER + chunk(kind, before + struct.pack("!HH", 1, length)), 0)


@pytest.mark.parametrize(
    ("gaps", "outstanding"),
    [
        (((1, 65535),), 100),
        (((2, 200), (2, 200)), 3),
        (((1, ABANDONED + 1),), 0),
        (((0, 65535),) * 200, 9),
    ],
)
def test_acknowledgements_of_what_was_never_sent_are_kept_out(gaps, outstanding):
    assert not is_sane(serialize_packet(5000, 5000, 1, sack(*gaps)), outstanding)


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        HEADER,
        HEADER + chunk(0, b"", 3),
        HEADER + chunk(0, b"", 9),
        HEADER + chunk(3, bytes(11)),
        HEADER + chunk(3, struct.pack("!IIHH", 1, 2, 5, 0)),
    ],
)
def test_cut_off_packets_are_kept_out(packet):
    assert not is_sane(packet, 100)


@given(st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=60), st.integers(0, 80)), max_size=6))
def test_what_is_let_through_ends(chunks):
    packet = HEADER + b"".join(
        chunk(kind, body + bytes(-len(body) % 4), None if length > 40 else length)
        for kind, body, length in chunks
    )
    packet = packet[:8] + struct.pack("<I", crc32c(packet)) + packet[12:]
    if is_sane(packet, 0):
        with suppress(ValueError, struct.error):  # which the guard counts
            parse_packet(packet)
