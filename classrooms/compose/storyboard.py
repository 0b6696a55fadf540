"""Small pictures for the time line, in one JPEG: ten in a row, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame

from classrooms.compose.job import Job
from classrooms.compose.pictures import Canvas
from classrooms.compose.scenes import Scene, scenes
from classrooms.compose.speaking import turns
from classrooms.recorded.timeline import class_time, length_of

WIDTH, HEIGHT, COLUMNS = 160, 90, 10
MOST = 200  # pictures
PLAIN = 4.0  # of 255: a picture whose colours stray less from their mean shows nothing
OFTEN = 5.0  # seconds from one to the next, at least


def storyboard(job: Job) -> float:
    """Write `job.path`; answers how many seconds lie between two of its pictures, 0: there are none."""
    all = job.stretches
    length = length_of(all)
    if not job.pictures or not length:
        return 0.0
    every = max(OFTEN, length / MOST)
    planned = scenes(job.tracks, turns(job.tracks), all, WIDTH, HEIGHT)
    canvas = Canvas({track.id: track for track in job.pictures}, WIDTH, HEIGHT)
    tiles = []
    try:
        for index in range(int(length / every) + 1):
            since = min(index * every, length - 0.01)
            moments = (class_time(all, since + n) for n in range(int(every)) if n == 0 or since + n < length)
            tiles.append(tile(canvas, planned, moments))
    finally:
        canvas.close()
    Path(job.path).write_bytes(jpeg(sheet(tiles)))
    return every


def tile(canvas: Canvas, planned: list[Scene], moments: Iterator[float]) -> np.ndarray:
    """What is large at the first of `moments` that shows something; else at the very first."""
    drawn = (picture(canvas, planned, moment) for moment in moments)
    first = next(drawn)
    return first if shows(first) else next(filter(shows, drawn), first)


def picture(canvas: Canvas, planned: list[Scene], moment: float) -> np.ndarray:
    scene = next((each for each in planned if each.start <= moment < each.end), None)
    if scene is not None:
        canvas.draw(scene, moment)
    return canvas.frame().to_ndarray(format="rgb24")


def shows(pixels: np.ndarray) -> bool:
    """Whether it is more than one plain colour, such as the black that a camera begins with."""
    return bool(pixels.std(axis=(0, 1)).max() > PLAIN)


def sheet(tiles: list[np.ndarray]) -> np.ndarray:
    """All of them; the last row is filled up with black."""
    blank = np.zeros_like(tiles[0])
    tiles = tiles + [blank] * (-len(tiles) % COLUMNS)
    rows = [np.concatenate(tiles[at : at + COLUMNS], axis=1) for at in range(0, len(tiles), COLUMNS)]
    return np.concatenate(rows, axis=0)


def jpeg(pixels: np.ndarray) -> bytes:
    """Of RGB, shape (height, width, 3)."""
    codec = av.CodecContext.create("mjpeg", "w")
    codec.height, codec.width = pixels.shape[:2]
    codec.pix_fmt, codec.time_base = "yuvj420p", Fraction(1, 1)
    codec.options = {"qscale": "4"}
    frame = VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuvj420p")
    frame.pts = 0
    return b"".join(bytes(packet) for packet in [*codec.encode(frame), *codec.encode(None)])
