"""Decoded pictures at any moment, drawn where the scene wants them (planes of I420)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from classrooms.compose.job import Source
from classrooms.compose.scenes import Place, Scene

Plane = np.ndarray[Any, np.dtype[np.uint8]]
DARK = (16, 128, 128)  # video black
FAR = 10.0  # seconds: from there on it is quicker to look for a key frame than to decode all between


class Cursor:
    """One track's pictures, going forward: which one is seen at a moment."""

    def __init__(self, track: Source) -> None:
        self.track = track
        self._container = av.open(track.path)
        self._stream = self._container.streams.video[0]
        self._stream.codec_context.thread_count = 1  # one core is what a composition may take
        self._frames = self._decode()
        self._now: VideoFrame | None = None
        self._next: VideoFrame | None = next(self._frames, None)

    def at(self, moment: float) -> VideoFrame | None:
        """What is seen at `moment` (seconds of the class, never going back); the first one a little early."""
        time = moment - self.track.start
        if self._next is not None and time - seconds(self._next) > FAR:
            self._jump(time)
        while self._next is not None and (self._now is None or seconds(self._next) <= time):
            self._now, self._next = self._next, next(self._frames, None)
        return self._now

    def close(self) -> None:
        """Idempotent."""
        self._container.close()

    def _jump(self, time: float) -> None:
        before = self._next
        self._container.seek(int(time * av.time_base), backward=True)
        self._frames = self._decode()
        found = next(self._frames, None)
        while found is not None and before is not None and seconds(found) < seconds(before):
            found = next(self._frames, None)
        self._next = found

    def _decode(self) -> Iterator[VideoFrame]:
        """What cannot be decoded is left out."""
        for packet in self._container.demux(self._stream):
            try:
                yield from (frame for frame in packet.decode() if isinstance(frame, VideoFrame))
            except av.FFmpegError:
                continue


def seconds(frame: VideoFrame) -> float:
    return float(frame.time or 0.0)


class Canvas:
    """The picture that is put together; knows what has changed since it was taken last."""

    def __init__(self, tracks: dict[str, Source], width: int, height: int) -> None:
        self.width, self.height = width, height
        self._tracks = tracks
        self._cursors: dict[str, Cursor] = {}
        self._picture = np.empty((height * 3 // 2, width), np.uint8)
        self._planes = planes(self._picture, width, height)
        self._scene: Scene | None = None
        self._drawn: dict[str, tuple[VideoFrame, tuple[Plane, ...]]] = {}

    def draw(self, scene: Scene, moment: float) -> bool:
        """Make it what is seen at `moment`; whether anything is another than before."""
        changed = scene is not self._scene
        if changed:
            self._begin(scene)
        covered = changed
        for place in scene.places:
            frame = self._cursors[place.track].at(moment)
            known = self._drawn.get(place.track)
            if frame is None or (known is not None and known[0] is frame and not covered):
                continue
            if known is None or known[0] is not frame:
                known = frame, fitted(frame, place)
                self._drawn[place.track] = known
            self._put(place, known[1])
            covered = changed = True  # what lies on it is put there again
        return changed

    def frame(self) -> VideoFrame:
        """As it is now."""
        return VideoFrame.from_ndarray(self._picture, format="yuv420p")

    def close(self) -> None:
        """Idempotent."""
        for cursor in self._cursors.values():
            cursor.close()
        self._cursors.clear()

    def _begin(self, scene: Scene) -> None:
        self._scene = scene
        self._drawn.clear()
        for plane, value in zip(self._planes, DARK, strict=True):
            plane[:] = value
        wanted = {place.track for place in scene.places}
        for track in [each for each in self._cursors if self._tracks[each].end <= scene.start]:
            self._cursors.pop(track).close()
        for track in wanted - self._cursors.keys():
            self._cursors[track] = Cursor(self._tracks[track])

    def _put(self, place: Place, parts: tuple[Plane, ...]) -> None:
        """In the middle of its place."""
        high, wide = parts[0].shape
        x = place.x + (place.width - wide) // 4 * 2
        y = place.y + (place.height - high) // 4 * 2
        for plane, part, scale in zip(self._planes, parts, (1, 2, 2), strict=True):
            top, left = y // scale, x // scale
            plane[top : top + part.shape[0], left : left + part.shape[1]] = part


def planes(picture: Plane, width: int, height: int) -> tuple[Plane, ...]:
    """Views of one buffer: written there, they are in the picture."""
    flat, full = picture.reshape(-1), width * height
    quarters = flat[full : full + full // 4], flat[full + full // 4 :]
    return flat[:full].reshape(height, width), *(each.reshape(height // 2, width // 2) for each in quarters)


def fitted(frame: VideoFrame, place: Place) -> tuple[Plane, ...]:
    """Scaled so that it is seen whole, or so that it fills its place."""
    ratios = place.width / frame.width, place.height / frame.height
    ratio = min(ratios) if place.whole else max(ratios)
    wide, high = max(2, round(frame.width * ratio / 2) * 2), max(2, round(frame.height * ratio / 2) * 2)
    scaled = frame.reformat(
        width=wide,
        height=high,
        format="yuv420p",
        dst_colorspace=Colorspace.ITU601,
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.BILINEAR,
    )
    return tuple(
        cut(view(scaled, index), place.height // scale, place.width // scale)
        for index, scale in enumerate((1, 2, 2))
    )


def view(frame: VideoFrame, index: int) -> Plane:
    """A plane without what its lines are filled up with."""
    plane = frame.planes[index]
    lines: Plane = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return lines[:, : plane.width]


def cut(plane: Plane, height: int, width: int) -> Plane:
    """Its middle, at most so large."""
    top, left = max(0, (plane.shape[0] - height) // 2), max(0, (plane.shape[1] - width) // 2)
    return plane[top : top + height, left : left + width]
