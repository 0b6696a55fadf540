"""What one MP4 of a class costs: a screen of 1280×720 that always moves, two cameras, two voices.

CPU of the composing process, on one core. A screen that stands still, as slides do, costs a part of it.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path

import av
from av.packet import Packet

from bench import clip, report
from bench.process import SERVER_CORE
from classrooms.compose.job import Job, Kind, Source

SCREEN = clip.Encoding(1280, 720, 1_500_000)
MOST = 0.5  # of the class's length


@dataclass(frozen=True)
class Made:
    """Seconds of CPU and by the clock, MiB in memory and of the file."""

    cpu: float
    clock: float
    memory: float
    size: float


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--minutes", type=float, default=5.0, help="of the class")


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when the film takes less than half of the class's length of one core."""
    with tempfile.TemporaryDirectory() as folder:
        tracks = await asyncio.to_thread(recorded, Path(folder), options.minutes * 60)
        kinds: tuple[Kind, ...] = ("video", "audio", "analysis")
        made = {kind: await asyncio.to_thread(compose, Path(folder), kind, tracks) for kind in kinds}
    rows = [
        {
            "what": kind,
            "cpu": f"{each.cpu:.1f}",
            "of the class": f"{each.cpu / options.minutes / 60:.3f}",
            "clock": f"{each.clock:.1f}",
            "memory": f"{each.memory:.0f}",
            "file": f"{each.size:.1f}",
        }
        for kind, each in made.items()
    ]
    head = ("made", "CPU, s", "of the class", "clock, s", "memory, MiB", "file, MiB")
    print(report.table(f"A class of {options.minutes:g} min", head, [tuple(row.values()) for row in rows]))
    samples = {kind: vars(each) for kind, each in made.items()}
    print(f"\nWritten to {report.write('compose', parameters=vars(options), samples=samples, rows=rows)}")
    share = made["video"].cpu / options.minutes / 60
    print(f"Target: < {MOST} of the class on one core: {'reached' if share < MOST else 'MISSED'}")
    return share < MOST


def compose(folder: Path, kind: Kind, tracks: list[Source]) -> Made:
    path = folder / f"made.{'jpg' if kind == 'analysis' else 'mp4'}"
    job = Job(kind, str(path), tracks)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = ["taskset", "-c", str(SERVER_CORE), sys.executable, "-m", "classrooms.compose"]
    subprocess.run(command, input=json.dumps(job.dump()).encode(), stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Made(cpu, time.monotonic() - began, after.ru_maxrss / 1024, path.stat().st_size / 2**20)


def recorded(folder: Path, seconds: float) -> list[Source]:
    """Tracks as a class leaves them."""

    def track(source: str, person: str) -> Source:
        path = folder / f"{source}-{person}.webm"
        if source == "microphone":
            sound(path, seconds)
        else:
            pictures(path, SCREEN if source == "screen_share" else clip.LECTURE, seconds)
        return Source(path.stem, str(path), source, person, person == "teacher", 0.0, seconds)

    kinds = [("screen_share", "teacher"), ("camera", "teacher"), ("microphone", "teacher")]
    return [track(*each) for each in [*kinds, ("camera", "student"), ("microphone", "student")]]


def pictures(path: Path, encoding: clip.Encoding, seconds: float) -> None:
    with av.open(str(path), "w") as container:
        size = {"width": encoding.width, "height": encoding.height}
        stream = container.add_mux_stream("vp8", time_base=Fraction(1, 90_000), **size)
        frames = islice(cycle(clip.frames(encoding)), round(seconds * clip.FRAME_RATE))
        for number, frame in enumerate(frames):
            packet = Packet(b"".join(frame.parts))
            packet.pts = packet.dts = round(number * 90_000 / clip.FRAME_RATE)
            packet.time_base, packet.is_keyframe, packet.stream = Fraction(1, 90_000), frame.key, stream
            container.mux(packet)


def sound(path: Path, seconds: float) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="stereo")
        for number, data in enumerate(islice(cycle(clip.sound()), round(seconds * 50))):
            packet = Packet(data)
            packet.pts = packet.dts = number * 960
            packet.time_base, packet.is_keyframe, packet.stream = Fraction(1, 48_000), True, stream
            container.mux(packet)
