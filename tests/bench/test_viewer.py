"""The oracle of layer switches sees what is wrong, and nothing where nothing is."""

from __future__ import annotations

import struct

import pytest

from bench import clip, switches
from bench.aula import Aula
from bench.clip import Encoding
from bench.sdp import VIDEO
from bench.viewer import Viewer

LOW, HIGH = clip.LAYERS["q"], clip.LAYERS["h"]


def packets(encoding: Encoding, count: int, *, sequence: int = 65_530, picture: int = 7) -> list[bytes]:
    """The first pictures of a clip as plain RTP."""
    made = []
    for number, frame in enumerate(clip.frames(encoding)[:count]):
        for part, data in enumerate(frame.parts):
            marker = part + 1 == len(frame.parts)
            head = struct.pack(
                "!BBHII",
                0x80,
                VIDEO | marker << 7,
                sequence + len(made) & 0xFFFF,
                (picture + number) * 3600,
                5,
            )
            made.append(head + clip.descriptor(first=part == 0, picture=picture + number) + data)
    return made


def seen(sent: list[bytes]) -> Viewer:
    viewer = Viewer((LOW, HIGH))
    for packet in sent:
        viewer.take(packet)
    return viewer


def test_an_unbroken_stream_has_no_faults_and_a_switch_is_counted() -> None:
    low = packets(LOW, 5)
    high = packets(HIGH, 5, sequence=65_530 + len(low), picture=12)
    viewer = seen(low + high)
    assert viewer.faults == []
    assert (viewer.pictures, viewer.switches, viewer.size) == (10, 1, (HIGH.width, HIGH.height))


def changed(sent: list[bytes], at: int, where: int, value: int) -> list[bytes]:
    return [*sent[:at], sent[at][:where] + bytes([value]) + sent[at][where + 1 :], *sent[at + 1 :]]


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (lambda sent: sent[:9] + sent[10:], "sequence number"),
        (lambda sent: changed(sent, -1, 15, 99), "PictureID"),
        (lambda sent: changed(sent, -1, 16, 99), "TL0PICIDX"),
        (lambda sent: changed(sent, -1, 7, 0), "timestamp"),
        (lambda sent: changed(sent, -1, 30, sent[-1][30] ^ 1), "never sent"),
        (lambda sent: sent[1:], "follows None"),
    ],
)
def test_each_kind_of_fault_is_named(broken, fault: str) -> None:
    sent = packets(LOW, 12)
    assert len(sent) == 12 + sum(len(frame.parts) - 1 for frame in clip.frames(LOW)[:12])
    starts = [packet for packet in sent if packet[12] & 0x10]
    assert any(fault in said for said in seen(broken(starts if len(starts) == len(sent) else sent)).faults)


async def test_switches_between_layers_are_decoded_without_a_fault() -> None:
    async with Aula() as server:
        viewers, waits = await switches.watch(server, listeners=2, switches=6)
    assert [fault for viewer in viewers for fault in viewer.faults] == []
    assert sum(viewer.switches for viewer in viewers) >= 6
    assert len(waits) >= 6
