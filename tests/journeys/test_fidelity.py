"""What is recorded is what was said and shown: a known pattern, read back by another program."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.journeys.aula import Aula
from tests.journeys.steps import end_for_everyone, enter, open_class
from tests.journeys.test_direct import goes
from tests.journeys.test_recording import ready, record
from tests.sfu.egress.films import longest_gap, probe

pytestmark = [pytest.mark.journey, pytest.mark.alone]
PATTERN = (Path(__file__).parent / "pattern.js").read_text()
SECONDS = int(os.environ.get("FIDELITY_SECONDS", "15"))  # sixty in `make soak`
RATE = 48_000
LOSS = 5  # per cent
WINDOW = 100  # pictures


@contextmanager
def loss(port: int) -> Iterator[None]:
    """A part of what goes to the media server, and of what comes from there, is lost on the way."""
    drop = f"numgen random mod 100 < {LOSS} drop"
    rules = f"""table inet aula_loss {{ chain input {{ type filter hook input priority 0;
        udp dport {port} {drop}
        udp sport {port} {drop}
    }}
    }}"""
    subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
    try:
        yield
    finally:
        subprocess.run(["nft", "delete", "table", "inet", "aula_loss"], check=True)


def brightness(path: Path) -> list[tuple[float, float]]:
    """Time and mean brightness, 0 to 1, of every picture, as FFmpeg decodes it."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-vf", "scale=64:36,format=gray"]
    passed = ["-fps_mode", "passthrough", "-enc_time_base", "1:1000", "-f", "rawvideo", "-"]
    made = subprocess.run([*command, *passed], capture_output=True, check=True)
    assert not made.stderr
    times = probe(path)["times"]
    pixels = np.frombuffer(made.stdout, np.uint8).reshape(len(times), -1)
    return list(zip(times, (pixels.mean(axis=1) - 16) / (235 - 16), strict=True))


def beeps(path: Path) -> list[float]:
    """Seconds at which the tone begins, as FFmpeg decodes it; gaps in the file are silence."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-af", "aresample=async=1:first_pts=0"]
    made = subprocess.run(
        [*command, "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"], capture_output=True, check=True
    )
    assert not made.stderr
    samples = np.frombuffer(made.stdout, np.float32)
    size = RATE // 200
    loud = np.abs(samples[: len(samples) // size * size].reshape(-1, size)).mean(axis=1) > 0.05
    starts = np.flatnonzero(loud[1:] & ~loud[:-1]) + 1
    found: list[float] = []
    for start in starts:
        if not found or start / 200 - found[-1] > 0.3:
            found.append(start / 200)
    return found


def offsets(tones: list[float], pictures: list[tuple[float, float]]) -> list[float]:
    """By how much pictures come after the sound of their moment: the median of every few seconds, because a
    busy browser draws and sounds a little late itself. Near a full second nobody can tell."""
    seconds = np.array(tones)
    told = [at - part for at, part in pictures if 0.1 < part < 0.9 and tones[0] < at < tones[-1] + 1]
    apart = [second - seconds[np.argmin(np.abs(seconds - second))] for second in told]
    return [float(np.median(apart[at : at + WINDOW])) for at in range(0, len(apart), WINDOW)]


@pytest.mark.parametrize("lost", [0, LOSS])
def test_every_second_of_a_class_is_kept_with_sound_and_picture_in_step(
    lost: int, aula: Aula, signed_in: Callable[..., Page]
) -> None:
    teacher, student = signed_in("teacher@demo.test"), signed_in("student@demo.test")
    for page in (teacher, student):
        page.add_init_script(PATTERN)
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student.goto(aula.url(path))
    enter(student, "Join class")
    goes(teacher, "direct")
    record(teacher)
    for page in (teacher, student):
        goes(page, "server")
    if lost:
        with loss(aula.udp_port):
            teacher.wait_for_timeout(SECONDS * 1000)
    else:
        teacher.wait_for_timeout(SECONDS * 1000)
    end_for_everyone(teacher)
    found = ready(aula, path, 4)
    assert len(found) == 4
    for person in {row[1] for row in found}:
        check_person(aula, [row for row in found if row[1] == person], lost)


def seconds_of(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def check_person(aula: Aula, rows: list[tuple[str, ...]], lost: int) -> None:
    files = {row[0]: aula.folder / "files" / row[3] for row in rows}
    begins = {row[0]: seconds_of(row[4]) for row in rows}
    lengths = {row[0]: seconds_of(row[5]) - seconds_of(row[4]) for row in rows}
    for source, file in files.items():
        assert probe(file)["duration"] == pytest.approx(lengths[source], abs=0.2)
        assert lengths[source] > SECONDS - 2
    heard = beeps(files["microphone"])
    assert longest_gap(heard) < 1.2, heard
    pictures = brightness(files["camera"])
    assert longest_gap([at for at, _ in pictures]) < 1.0
    apart = offsets(
        [at + begins["microphone"] for at in heard], [(at + begins["camera"], part) for at, part in pictures]
    )
    assert max(map(abs, apart)) < 0.08, apart
