"""The dependency descriptor and AV1 payloads, as Chromium writes them and as nobody should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.sfu import av1, dependency
from signaling.sfu.bits import Bits
from tests.sfu.plane import captured

DESCRIPTORS = [bytes.fromhex(value) for *_, value in captured.AV1]
KEY = DESCRIPTORS[0]


@pytest.fixture
def frames():
    reader = av1.Reader()
    return [reader.read(packet) for packet in captured.packets(captured.AV1)]


def test_the_layers_of_every_packet_are_read(frames):
    assert [(frame.spatial, frame.temporal) for frame in frames] == [
        *((0, 0), (1, 0), (2, 0), (2, 0)),
        *((0, 2), (1, 2), (2, 2)),
        *((0, 1), (1, 1), (2, 1), (2, 1)),
        *((0, 0), (1, 0), (2, 0), (2, 0), (2, 0), (2, 0)),
    ]


def test_a_newcomer_enters_where_the_lowest_layer_of_a_key_picture_begins(frames):
    assert [i for i, frame in enumerate(frames) if frame.key] == [0, 11]
    assert (frames[0].width, frames[0].height) == (1280, 720)


def test_frames_of_a_key_picture_alone_predict_from_nothing_before(frames):
    assert [i for i, frame in enumerate(frames) if frame.independent] == [0, 1, 2, 11, 12, 13]


def test_the_structure_names_layers_targets_and_sizes():
    structure = dependency.Reader().read(KEY).structure
    assert structure.sizes == ((320, 180), (640, 360), (1280, 720))
    assert structure.targets == tuple((s, t) for s in range(3) for t in range(3))
    assert (len(structure.templates), structure.chains, structure.offset) == (15, 3, 0)
    assert structure.templates[1].references == (12,)


@pytest.mark.parametrize(
    ("limits", "mask"), [((0, 0), 0b1), ((0, 7), 0b111), ((1, 1), 0b011011), ((7, 7), 0b111111111)]
)
def test_a_restricted_descriptor_says_which_targets_are_active(limits, mask):
    reader = dependency.Reader()
    value = dependency.restricted(KEY, reader.read(KEY), *limits)
    again = dependency.Reader().read(value)
    assert again.structure == reader.structure
    bits = Bits(value)
    bits.read(24 + 5)
    dependency._structure(bits)
    assert (value[3] >> 6 & 1, bits.read(9)) == (1, mask)
    twice = dependency.restricted(value, again, *limits)
    assert twice == value


def test_descriptors_without_a_structure_are_passed_on_as_they_are():
    reader = dependency.Reader()
    reader.read(KEY)
    assert dependency.restricted(DESCRIPTORS[1], reader.read(DESCRIPTORS[1]), 0, 0) == DESCRIPTORS[1]


def test_without_its_structure_a_frame_is_of_the_lowest_layer_and_nobody_enters_there():
    frame = av1.Reader().read(captured.packets(captured.AV1)[2])
    assert (frame.spatial, frame.temporal, frame.key, frame.independent) == (0, 0, False, False)


@pytest.mark.parametrize(
    ("aggregation", "starts", "key"), [(0x18, True, True), (0x10, True, False), (0x90, False, False)]
)
def test_without_a_descriptor_the_aggregation_header_says_where_frames_begin(aggregation, starts, key):
    packet = captured.packets(captured.AV1)[0]
    packet.dependency, packet.payload = None, bytes((aggregation, 0))
    frame = av1.Reader().read(packet)
    assert (frame.starts, frame.key, frame.extension(0, 0)) == (starts, key, None)


def custom(references: str = "") -> bytes:
    """A descriptor with references of its own: size 2 bits, value, 0 as the end."""
    bits = f"{0b11000010:08b}{7:016b}" + "00010" + references + "00"
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def test_a_frame_may_name_its_own_references():
    reader = dependency.Reader()
    reader.read(KEY)
    assert reader.read(custom("01" + "0010" + "10" + "00010000")).references == (3, 17)


@pytest.mark.parametrize("size", [0, 1, 2, 4, 10, 40, len(KEY) - 10])
def test_a_descriptor_that_is_cut_off_is_an_error(size):
    with pytest.raises(ValueError, match="short"):
        dependency.Reader().read(KEY[:size])


@given(st.lists(st.binary(max_size=120), max_size=4))
def test_no_octets_do_worse_than_to_be_refused(values):
    reader = dependency.Reader()
    for value in [KEY, *values]:
        try:
            descriptor = reader.read(value)
        except ValueError:
            continue
        assert len(dependency.restricted(value, descriptor, 0, 0)) <= len(value) + 4


@pytest.mark.parametrize(
    ("limit", "bits", "value"), [(1, "", 0), (5, "00", 0), (5, "10", 2), (5, "110", 3), (5, "111", 4)]
)
def test_numbers_below_a_limit_take_as_few_bits_as_they_need(limit, bits, value):
    padded = bits + "0" * (8 - len(bits))
    reader = Bits(bytes((int(padded, 2),)))
    assert (reader.below(limit), reader.at) == (value, len(bits))
