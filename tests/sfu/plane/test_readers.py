"""Every codec's reader against octets that no encoder wrote."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signaling.sfu.readers import READERS, reader
from signaling.sfu.rtp import Packet
from tests.sfu.plane import captured

DESCRIPTOR = bytes.fromhex(captured.AV1[0][3])
HEADS = [bytes.fromhex(row[2]) for row in (*captured.VP9, *captured.AV1, *captured.H264)]
payloads = st.one_of(
    st.binary(min_size=1, max_size=60),
    st.builds(lambda head, at, octet: head[:at] + octet + head[at + 1 :], st.sampled_from(HEADS),
              st.integers(0, 40), st.binary(min_size=1, max_size=1)),
)  # fmt: skip
dependencies = st.one_of(st.none(), st.just(DESCRIPTOR), st.binary(max_size=40))


@pytest.mark.parametrize("mime", READERS)
@settings(max_examples=50)
@given(packets=st.lists(st.tuples(payloads, dependencies, st.integers(0, 0xFFFFFFFF)), max_size=6))
def test_what_makes_no_sense_is_refused_and_nothing_worse(mime, packets):
    read = reader(mime)
    for payload, dependency, timestamp in packets:
        packet = Packet(payload_type=96, marker=0, sequence=1, timestamp=timestamp, ssrc=1, payload=payload)
        packet.dependency = dependency
        try:
            frame = read.read(packet)
        except ValueError:
            continue
        slot = bytearray(packet.payload)
        frame.patch(memoryview(slot), 0, (1, 1, 1))
        assert len(slot) == len(packet.payload)
        frame.extension(0, 0)


def test_sound_has_no_reader():
    assert reader("audio/opus") is None
