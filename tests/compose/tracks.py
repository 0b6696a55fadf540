"""Recorded tracks with a known content: a picture that says its second, sound that says when it flashes."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from classrooms.compose.job import Source

RATE = 48000
FLASH = 0.1  # seconds, at the beginning of each second of the class


def source(path: Path, kind: str, *, person: str = "tom", start: float = 0.0, **more: Any) -> Source:
    """A track of the file at `path`, which begins at `start` of the class."""
    with av.open(str(path)) as container:
        length = float(container.duration or 0) / av.time_base
    facts = {"teaches": person == "tom", "end": start + length} | more
    return Source(id=path.stem, path=str(path), source=kind, person=person, start=start, **facts)


def film(
    path: Path,
    *,
    seconds: float,
    start: float = 0.0,
    size: tuple[int, int] = (320, 180),
    rate: int = 20,
    codec: str = "libvpx",
    luma: Callable[[float], int] | None = None,
) -> Path:
    """White for FLASH at each full second of the class, else grey; or as `luma` says of a moment."""
    width, height = size
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"deadline": "realtime", "cpu-used": "8"} if codec == "libvpx" else {"bf": "0"}
        stream.codec_context.gop_size = rate * 60
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for index in range(round(seconds * rate)):
            moment = start + index / rate
            bright = luma(moment) if luma else 235 if moment % 1 < FLASH else 80
            picture = np.full((height * 3 // 2, width), 128, np.uint8)
            picture[:height] = bright
            frame = VideoFrame.from_ndarray(picture, format="yuv420p")
            frame.pts, frame.time_base = round(index * 1000 / rate), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def tone(
    path: Path,
    *,
    seconds: float,
    start: float = 0.0,
    pitch: float = 1000.0,
    sounds: Callable[[float], bool] = lambda moment: moment % 1 < FLASH,
    level: float = 0.5,
) -> Path:
    """A tone for FLASH at each full second of the class, else silence; or when `sounds` says so."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libopus", rate=RATE, layout="mono")
        step = RATE // 100
        for index in range(round(seconds * 100)):
            moment = start + index / 100
            count = np.arange(index * step, (index + 1) * step)
            wave = level * np.sin(2 * math.pi * pitch * count / RATE) * sounds(moment)
            frame = AudioFrame.from_ndarray(wave[None, :].astype(np.float32), format="flt", layout="mono")
            frame.sample_rate, frame.pts = RATE, index * step
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def flashes(path: Path, area: tuple[float, float, float, float] = (0, 0, 1, 1)) -> list[float]:
    """Seconds at which a part of the picture (left, top, right, bottom; 0 to 1) becomes bright."""
    found, was = [], False
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            plane = frame.to_ndarray(format="gray")
            height, width = plane.shape
            left, top, right, bottom = area
            part = plane[int(top * height) : int(bottom * height), int(left * width) : int(right * width)]
            bright = float(part.mean()) > 150
            if bright and not was:
                found.append(float(frame.time or 0))
            was = bright
    return found


def beeps(path: Path, pitch: float = 1000.0) -> list[float]:
    """Seconds at which a tone of about `pitch` begins."""
    found, was = [], False
    for at, power in powers(path, pitch):
        loud = power > 0.01
        if loud and not was:
            found.append(at)
        was = loud
    return found


def powers(path: Path, pitch: float, window: float = 0.01) -> list[tuple[float, float]]:
    """How strong `pitch` is, for each window."""
    samples = heard(path)
    size = round(RATE * window)
    wave = np.exp(-2j * math.pi * pitch * np.arange(size) / RATE)
    return [
        (at / RATE, float(abs(np.dot(samples[at : at + size], wave)) / size))
        for at in range(0, len(samples) - size, size)
    ]


def heard(path: Path) -> np.ndarray:
    """All samples of its sound, mono, from 0 on."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        parts: list[np.ndarray] = []
        for frame in container.decode(audio=0):
            at = round(float(frame.time or 0) * RATE)
            have = sum(len(part) for part in parts)
            if at - have > 50:
                parts.append(np.zeros(at - have, np.float32))
            frame.pts = None
            parts += [each.to_ndarray()[0] for each in resampler.resample(frame)]
    return np.concatenate(parts)
