"""Transport-wide feedback as listeners send it: read right, and refused where it is wrong."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.sfu import feedback, twcc

TICKS = st.integers(0, 40_000)


@given(
    st.integers(0, 0xFFFF),
    st.lists(st.one_of(st.none(), st.integers(-8, 400)), min_size=1, max_size=300).filter(
        lambda steps: any(step is not None for step in steps)
    ),
)
def test_what_our_own_writer_says_is_read_back(base, steps):
    at, arrivals = 1000.0, []
    for step in steps:
        at += 0 if step is None else step * feedback.TICK
        arrivals.append(None if step is None else at)
    read = feedback.read(twcc.build(base, arrivals, 0.0, 7))
    assert read.base == base
    assert [None if at is None else round(at / feedback.TICK) for at in arrivals] == read.arrivals


def packet(count, chunks, deltas=b"", base=5, reference=2):
    head = struct.pack("!HHI", base, count, reference << 8)
    return head + b"".join(struct.pack("!H", chunk) for chunk in chunks) + deltas


@pytest.mark.parametrize(
    ("fci", "arrivals"),
    [
        (packet(3, [0x2003], bytes([1, 2, 3])), [513, 515, 518]),
        (packet(2, [0x4002], struct.pack("!hh", -4, 9)), [508, 517]),
        (packet(3, [0x0002, 0x2001], bytes([4])), [None, None, 516]),
        (packet(3, [0xA000 >> 0 & 0xBFFF], bytes([4])), [516, None, None]),
        (packet(3, [0xC000 | 1 << 12 | 2 << 8], bytes([4]) + struct.pack("!h", 300)), [516, None, 816]),
        (packet(9, [0xC000 | 1 << 12, 0x2002], bytes([4, 1, 1])), [516, *[None] * 6, 517, 518]),
    ],
)
def test_every_kind_of_chunk_is_read(fci, arrivals):
    assert feedback.read(fci).arrivals == arrivals


@pytest.mark.parametrize(
    "fci",
    [
        b"",
        packet(0, [0x2001], b"\1"),
        packet(6000, [0x3FFF]),
        packet(3, [0x2003], b"\1"),
        packet(3, []),
        packet(2, [0x4002], b"\0\0\0"),
        packet(2, [0x6002], b"\0\0\0\0"),
        packet(2, [0x2000, 0x2002], b"\1\1"),
        packet(3, [0xA000], b""),
    ],
)
def test_feedback_that_is_cut_off_or_absurd_is_refused(fci):
    with pytest.raises((ValueError, struct.error)):
        feedback.read(fci)


@given(st.binary(max_size=200))
def test_no_octets_raise_anything_else(fci):
    try:
        read = feedback.read(fci)
    except (ValueError, struct.error):
        return
    assert 0 < len(read.arrivals) <= feedback.MOST
