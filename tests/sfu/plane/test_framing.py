"""Datagrams on a byte stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.sfu.framing import Frames, framed

DATAGRAMS = st.lists(st.binary(min_size=1, max_size=1500), max_size=20)


@given(DATAGRAMS, st.lists(st.integers(1, 2000), max_size=50))
def test_datagrams_come_out_as_they_went_in_however_the_stream_is_cut(datagrams, cuts):
    stream, frames, seen = b"".join(map(framed, datagrams)), Frames(1500), []
    for length in [*cuts, len(stream) + 1]:
        seen += [bytes(frame) for frame in frames.cut(stream[:length])]
        stream = stream[length:]
    assert seen == datagrams


def test_empty_frames_are_left_out():
    assert [bytes(frame) for frame in Frames(1500).cut(b"\0\0\0\1x\0\0")] == [b"x"]


def test_a_frame_longer_than_any_datagram_ends_the_stream():
    frames = Frames(1500)
    with pytest.raises(ValueError, match="1501"):
        list(frames.cut((1501).to_bytes(2, "big")))
