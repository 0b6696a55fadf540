"""One MP4 of it all: H.264 and AAC, or AAC alone; one H.264 track is copied, not made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from av.video.frame import PictureType

from classrooms.compose.job import Job, Source
from classrooms.compose.pictures import Canvas
from classrooms.compose.scenes import Scene, scenes
from classrooms.compose.sound import RATE, Mixer, as_frame
from classrooms.compose.speaking import turns
from classrooms.recorded.timeline import Stretch, length_of

WIDTH, HEIGHT = 1280, 720
FRAMES = 25  # a second
CLOCK = 90000
STEP = 0.4  # seconds of sound, then the pictures of that time
KEY_EVERY = 4.0  # seconds: a player that seeks waits for no more than that to be decoded
STILL = 1.0  # seconds after which a picture that stays is said again
BITRATE = 128_000  # of sound
ENCODER = {"preset": "superfast", "crf": "23", "threads": "1", "x264-params": "scenecut=0"}
TOLD = Callable[[float], None]


@dataclass(frozen=True)
class Step:
    """A short time inside one stretch: `start` to `end` of the class, `seen` by the viewer."""

    start: float
    end: float
    seen: float


def steps(all: list[Stretch]) -> Iterator[Step]:
    for stretch in all:
        at = stretch.start
        while at < stretch.end:
            end = min(at + STEP, stretch.end)
            yield Step(at, end, stretch.begins + at - stretch.start)
            at = end


def make(job: Job, tell: TOLD) -> None:
    """Write `job.path`; `tell` hears which part of it is done. Raises OSError, av.FFmpegError."""
    all = job.stretches
    length = length_of(all)
    with av.open(job.path, "w", format="mp4", options={"movflags": "+faststart"}) as film:
        picture = picture_of(film, job) if job.kind == "video" else None
        sound = Sound(film, job)
        try:
            for step in steps(all):
                sound.go(step)
                if picture is not None:
                    picture.go(step)
                tell(min(1.0, step.seen / length))
            if picture is not None:
                picture.finish()
            sound.finish()
        finally:
            sound.close()
            if picture is not None:
                picture.close()


def picture_of(film: av.container.OutputContainer, job: Job) -> Drawn | Copied | None:
    if not job.pictures:
        return None
    if len(job.pictures) == 1 and is_h264(job.pictures[0]):
        return Copied(film, job.pictures[0])
    return Drawn(film, job)


def is_h264(track: Source) -> bool:
    with av.open(track.path) as container:
        return container.streams.video[0].codec_context.name == "h264"


class Drawn:
    """Pictures put together and encoded; one is left out where nothing changes."""

    def __init__(self, film: av.container.OutputContainer, job: Job) -> None:
        self._film = film
        self._scenes = iter(scenes(job.tracks, turns(job.tracks), job.stretches, WIDTH, HEIGHT))
        self._scene: Scene | None = next(self._scenes, None)
        self._canvas = Canvas({track.id: track for track in job.pictures}, WIDTH, HEIGHT)
        self._stream: Any = film.add_stream("libx264", rate=FRAMES, options=dict(ENCODER))
        self._stream.width, self._stream.height, self._stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        self._stream.time_base = self._stream.codec_context.time_base = Fraction(1, CLOCK)
        self._stream.codec_context.gop_size = FRAMES * 60  # key frames are set below
        self._tick = 0
        self._key_at = self._said_at = -KEY_EVERY

    def go(self, step: Step) -> None:
        while (seen := self._tick / FRAMES) < step.seen + step.end - step.start:
            self._draw(step.start + seen - step.seen, seen)
            self._tick += 1

    def finish(self) -> None:
        self._film.mux(self._stream.encode(None))

    def close(self) -> None:
        """Idempotent."""
        self._canvas.close()

    def _draw(self, moment: float, seen: float) -> None:
        begins = False
        while self._scene is not None and self._scene.end <= moment:
            self._scene, begins = next(self._scenes, None), True
        if self._scene is None or moment < self._scene.start:
            return
        changed = self._canvas.draw(self._scene, moment)
        if not changed and seen - self._said_at < STILL:
            return
        frame = self._canvas.frame()
        frame.pts, frame.time_base = round(seen * CLOCK), Fraction(1, CLOCK)
        if begins or seen - self._key_at >= KEY_EVERY:
            frame.pict_type, self._key_at = PictureType.I, seen
        self._said_at = seen
        self._film.mux(self._stream.encode(frame))


class Copied:
    """The packets of one H.264 track, as they are."""

    def __init__(self, film: av.container.OutputContainer, track: Source) -> None:
        self._film, self._track = film, track
        self._container = av.open(track.path)
        source = self._container.streams.video[0]
        self._stream = film.add_stream_from_template(source)
        self._packets = (packet for packet in self._container.demux(source) if packet.size)
        self._next = next(self._packets, None)

    def go(self, step: Step) -> None:
        while self._next is not None and self._time(self._next) < step.end - self._track.start:
            self._mux(self._next, step.seen + self._track.start - step.start)
            self._next = next(self._packets, None)

    def finish(self) -> None:
        """Nothing is left: a track ends where its stretch does."""

    def close(self) -> None:
        """Idempotent."""
        self._container.close()

    def _time(self, packet: av.Packet[Any]) -> float:
        return float((packet.pts or 0) * (packet.time_base or 0))

    def _mux(self, packet: av.Packet[Any], shift: float) -> None:
        packet.pts = packet.dts = round((self._time(packet) + shift) * CLOCK)
        packet.time_base = Fraction(1, CLOCK)
        packet.stream = self._stream
        self._film.mux(packet)


class Sound:
    """Everybody's, encoded."""

    def __init__(self, film: av.container.OutputContainer, job: Job) -> None:
        self._film = film
        self._mixer = Mixer(job.tracks)
        self._stream: Any = film.add_stream("aac", rate=RATE, layout="stereo", bit_rate=BITRATE)
        self._number = 0

    def go(self, step: Step) -> None:
        """As many samples as there are up to the step's end for the viewer, so that nothing drifts."""
        first = round(step.start * RATE)
        count = round((step.seen + step.end - step.start) * RATE) - self._number
        if count > 0:
            samples = self._mixer.read(first, count)
            self._film.mux(self._stream.encode(as_frame(samples, self._number)))
            self._number += count

    def finish(self) -> None:
        self._film.mux(self._stream.encode(None))

    def close(self) -> None:
        """Idempotent."""
        self._mixer.close()
