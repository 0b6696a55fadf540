"""H.264 payloads: where a newcomer can enter, and how large the pictures are."""

import pytest

from signaling.sfu.h264 import Reader
from signaling.sfu.rtp import Packet
from tests.sfu.plane import captured

SPS = "6742c00c8c8d40a0cbcf35060606078442350000"
SPS_720P = "67640028acd9405005bb011000000300100000030320f162d960"  # x264, High
PPS, IDR, SLICE, AUD, SEI = "68ce3c80", "6588840033ff", "419a2405", "0910", "0605ffffaa"


def stap(*units: str) -> str:
    return "78" + "".join(f"{len(unit) // 2:04x}{unit}" for unit in units)


def packet(payload: str, timestamp: int = 0, marker: int = 0) -> Packet:
    return Packet(
        payload_type=96,
        marker=marker,
        sequence=1,
        timestamp=timestamp,
        ssrc=1,
        payload=bytes.fromhex(payload),
    )


def test_the_packets_of_a_real_encoder_are_understood():
    reader = Reader()
    frames = [reader.read(packet) for packet in captured.packets(captured.H264)]
    assert [i for i, frame in enumerate(frames) if frame.key] == [0, 5]
    assert [i for i, frame in enumerate(frames) if frame.starts] == [0, 3, 4, 5]
    assert [i for i, frame in enumerate(frames) if frame.ends] == [2, 3, 4]
    assert (frames[0].width, frames[0].height) == (320, 180)


@pytest.mark.parametrize(
    ("payload", "key"),
    [
        pytest.param(SPS, True, id="parameter set alone"),
        pytest.param(stap(SPS, PPS), True, id="parameter sets together"),
        pytest.param(stap(AUD, SPS, PPS, IDR), True, id="everything in one packet"),
        pytest.param(IDR, True, id="IDR of a stream that sends no parameter sets"),
        pytest.param("7c85" + IDR[2:], True, id="first fragment of an IDR"),
        pytest.param("7c05" + IDR[2:], False, id="later fragment of an IDR"),
        pytest.param("7c45" + IDR[2:], False, id="last fragment of an IDR"),
        pytest.param("7c81" + SLICE[2:], False, id="first fragment of a slice"),
        pytest.param(SLICE, False, id="slice"),
        pytest.param(SEI, False, id="supplementary information"),
        pytest.param(stap(SEI, SLICE), False, id="slice with information"),
    ],
)
def test_a_newcomer_enters_at_parameter_sets_or_an_idr(payload, key):
    assert Reader().read(packet(payload)).key == key


def test_the_idr_after_parameter_sets_is_no_place_to_enter():
    reader = Reader()
    assert reader.read(packet(SPS)).key
    assert not reader.read(packet(PPS)).key
    assert not reader.read(packet(IDR)).key
    assert not reader.read(packet(IDR, timestamp=3000)).key


def test_a_late_packet_does_not_begin_a_picture_anew():
    reader = Reader()
    frames = [reader.read(packet(SLICE, timestamp)) for timestamp in (6000, 3000, 6000, 0xFFFFFFFF, 9000)]
    assert [frame.starts for frame in frames] == [True, False, False, False, True]


@pytest.mark.parametrize(
    ("unit", "size"),
    [(SPS, (320, 180)), (SPS_720P, (1280, 720)), (SPS[:12], (0, 0)), ("67ffffffff", (0, 0))],
)
def test_the_size_stands_in_the_parameter_set(unit, size):
    frame = Reader().read(packet(unit))
    assert (frame.width, frame.height) == size


@pytest.mark.parametrize("payload", ["", "67", "78", "78ffff67", "780000", "7800016700", "780004"])
def test_a_payload_that_is_cut_off_is_an_error_or_nothing(payload):
    try:
        frame = Reader().read(packet(payload))
    except ValueError:
        return
    assert not frame.width


def test_temporal_layers_stand_in_the_dependency_descriptor_alone():
    reader, first = Reader(), packet(stap(SPS, PPS))
    first.dependency = bytes.fromhex(captured.AV1[0][3])
    reader.read(first)
    second = packet(SLICE, 3000)
    second.dependency = bytes.fromhex("c30004")
    assert reader.read(second).temporal == 2
