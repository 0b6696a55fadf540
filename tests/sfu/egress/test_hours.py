"""Two hours of a person whose clocks run wrong: what becomes of it lies where it was captured, to the end.

Nothing of the sender's agrees: its clock with ours, and those of its camera and its microphone with that.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random

import av
import pytest

from signaling.sfu.egress.clocks import Skew
from signaling.sfu.egress.packets import pack_packet, pack_report
from tests.sfu.egress.logs import EPOCH, encoded, head, opus_rows, split_vp8

HOURS = 2 * 3600.0  # seconds
SENDER = 60e-6  # the sender's clock is fast by that much
FPS = 10


@dataclass(frozen=True)
class Stream:
    """`rate`: ticks in a second of our clock, as they really are; a frame `every` so many seconds."""

    mime: str
    rate: float
    every: float
    start: float
    frames: list[list[bytes]]


CAMERA = Stream(
    "video/VP8",
    90_000 * (1 - 120e-6),
    1 / FPS,
    0.3,
    [split_vp8(frame) for frame, _ in encoded("video/VP8", 4.0, FPS, keys=40)],
)
MICROPHONE = Stream(
    "audio/opus", 48_000 * (1 + 80e-6), 0.02, 0.0, [[row[1][24:]] for row in opus_rows(4.0) if row[1][0] == 1]
)


@dataclass(frozen=True)
class Long:
    """`off`: by how many seconds each packet of the file lies wrong, at its end; `memory` in MiB."""

    mime: str
    off: float
    frames: int
    memory: float


def log_of(stream: Stream, seconds: float) -> Iterator[bytes]:
    """Records as a recorder writes them, with what our clock makes of the sender's."""
    random, skew, number, reported = Random(7), Skew(), 0, -9.0
    for index, parts in zip(range(round((seconds - stream.start) / stream.every)), cycle(stream.frames)):
        captured = stream.start + index * stream.every
        stamp = round(captured * stream.rate) & 0xFFFFFFFF
        ntp = EPOCH + 500 + captured * (1 + SENDER)
        arrival = EPOCH + captured + 0.02 + random.expovariate(100)
        offset = skew.observe(arrival, ntp)
        if captured - reported >= 5:
            reported = captured
            yield pack_report(0, stamp, arrival, ntp, offset)
        for part, payload in enumerate(parts):
            marker = 0x80 if part == len(parts) - 1 else 0
            starts = not index % len(stream.frames) and not part
            yield pack_packet(0, number, stamp, arrival, payload, marker=marker, starts=starts)
            number += 1


def made(stream: Stream, seconds: float, folder: Path) -> Long:
    """Written, finished by the program for it, and held against when it was captured."""
    log = folder / f"{stream.mime[:5]}.packets"
    with log.open("wb") as file:
        file.write(head(stream.mime, path=stream.mime[:5]).pack())
        for record in log_of(stream, seconds):
            file.write(record)
    finish = "import resource, sys; from signaling.sfu.egress.finish import main; main(*sys.argv[1:]); "
    finish += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    command = [sys.executable, "-c", finish, str(log), str(folder)]
    told, memory = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    facts = json.loads(told)
    times = []
    with av.open(str(folder / facts["path"])) as container:
        times = [
            float(packet.pts * packet.time_base) for packet in container.demux() if packet.pts is not None
        ]
    last = facts["started"] - EPOCH + times[-1]
    captured = stream.start + (len(times) - 1) * stream.every
    return Long(stream.mime, last - captured, len(times), int(memory) / 1024)


def test_after_two_hours_sound_and_picture_are_in_step_and_memory_has_not_grown(tmp_path):
    short = [made(stream, 300, tmp_path) for stream in (CAMERA, MICROPHONE)]
    picture, sound = (made(stream, HOURS, tmp_path) for stream in (CAMERA, MICROPHONE))
    assert picture.frames == pytest.approx(HOURS * FPS, abs=5)
    assert sound.frames == pytest.approx(HOURS * 50, abs=5)
    assert abs(picture.off - sound.off) < 0.02
    assert max(abs(picture.off), abs(sound.off)) < 0.08
    assert picture.memory - short[0].memory < 40
    assert sound.memory - short[1].memory < 40
