"""`python -m signaling.sfu.egress.finish LOG ROOT`: a packet log becomes a file that players take.

`… LOG ROOT so-far`: the same of what is there, while the log is being written; it stays.

WebM for VP8, VP9, AV1 and Opus, Matroska for H.264; nothing is decoded but one key frame, for its size. The
file appears whole or not at all, then the log goes. Prints one line of JSON: what was made (`Finished`).
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import struct
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
from av.packet import Packet as Muxed

from signaling.sfu.egress.av1size import size_of
from signaling.sfu.egress.clocks import BEHIND, Timeline, Unwrap, is_plausible, points_of
from signaling.sfu.egress.durable import sync
from signaling.sfu.egress.frames import Frame, frames
from signaling.sfu.egress.packets import MADE, SO_FAR, Head, Logged, NoLog, Report, read_head, read_records

MILLISECOND = 1000


@dataclass(frozen=True)
class Finished:
    """Times are seconds since 1970, by the clock of the engine that recorded. `path` is relative to the
    root; empty: nothing playable had come. `strays`: frames that lie where they arrived, because what their
    sender said of them cannot be."""

    egress_id: str
    room: str
    room_sid: str
    track: str
    identity: str
    source: str
    mime: str
    path: str
    started: float
    ended: float
    size: int = 0
    sha256: str = ""
    width: int = 0
    height: int = 0
    frames: int = 0
    strays: int = 0


def finish(log: Path, root: Path) -> Finished:
    """Raises NoLog, OSError (BlockingIOError: somebody else is at it); the log is kept then.

    What was made is also written beside the file, before the log goes: whoever asked may be gone by then.
    """
    with log.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return _finish(log, root, read_head(file))


def finish_so_far(log: Path, root: Path) -> Finished:
    """Of what had been written when it began; nothing if the recording was finished meanwhile. Raises NoLog,
    OSError."""
    with log.open("rb") as file:
        head = read_head(file)
    made = make(log, root, so_far_of(head), log.stat().st_size)
    if log.exists():
        return made
    target_of(root, so_far_of(head)).unlink(missing_ok=True)
    return replace(made, path="")


def _finish(log: Path, root: Path, head: Head) -> Finished:
    """A power cut leaves the log, or all that was made of it: what is made is on the disk before it goes."""
    made = make(log, root, head)
    if made.path:
        sync(root / made.path)
        sync((root / made.path).parent)
    _tell(log, made)
    so_far = target_of(root, so_far_of(head))
    so_far.unlink(missing_ok=True)
    log.unlink()
    so_far.unlink(missing_ok=True)  # one that came meanwhile; who is later sees that the log has gone
    return made


def make(log: Path, root: Path, head: Head, end: int | None = None) -> Finished:
    """The file, of what lies before octet `end` of the log."""
    timelines = timelines_of(log, head.rate, end)
    target = target_of(root, head)
    draft = target.with_suffix(".part")
    draft.parent.mkdir(parents=True, exist_ok=True)
    made = Muxer(head, draft)
    try:
        for frame, at in timed(log, head, timelines, end):
            made.add(frame, at)
        made.close()
    except BaseException:
        made.close()
        draft.unlink(missing_ok=True)
        raise
    common = {name: getattr(head, name) for name in ("egress_id", "room", "room_sid", "track")}
    common |= {"identity": head.identity, "source": head.source, "mime": head.mime}
    if not made.count:
        draft.unlink(missing_ok=True)
        return Finished(**common, path="", started=head.started, ended=head.started)
    size, digest = draft.stat().st_size, digest_of(draft)
    os.replace(draft, target)
    return Finished(
        **common,
        path=str(target.relative_to(root)),
        started=made.started,
        ended=made.started + made.length,
        size=size,
        sha256=digest,
        width=made.width,
        height=made.height,
        frames=made.count,
        strays=made.strays,
    )


def so_far_of(head: Head) -> Head:
    return replace(head, path=f"{head.path}-{SO_FAR}")


def target_of(root: Path, head: Head) -> Path:
    return root / f"{head.path}{'.mkv' if is_h264(head) else '.webm'}"


def _tell(log: Path, made: Finished) -> None:
    draft = log.with_suffix(".telling")
    draft.write_text(json.dumps(asdict(made)))
    sync(draft)
    os.replace(draft, log.with_suffix(MADE))
    sync(log.parent)


def records(log: Path, end: int | None) -> Iterator[Logged | Report]:
    with log.open("rb") as file:
        read_head(file)
        yield from read_records(file, end)


Timelines = dict[int, tuple[Unwrap, Timeline]]
"""By stream: its timestamps without wraps, and when each was captured."""


def timelines_of(log: Path, rate: int, end: int | None = None) -> Timelines:
    """Where no sender report came, the fastest packet says when it was captured."""
    unwraps: dict[int, Unwrap] = {}
    reports: defaultdict[int, list[tuple[int, Report]]] = defaultdict(list)
    fastest: dict[int, tuple[float, int, float]] = {}
    for record in records(log, end):
        unwrap = unwraps.get(record.layer)
        if unwrap is None:
            unwrap = unwraps[record.layer] = Unwrap(rate, record.timestamp, record.arrival)
        stamp = unwrap(record.timestamp, record.arrival)
        if isinstance(record, Report):
            reports[record.layer].append((stamp, record))
        else:
            known = record.arrival - stamp / rate, stamp, record.arrival
            fastest[record.layer] = faster(fastest.get(record.layer, known), known)
    return {
        layer: (
            unwraps[layer],
            Timeline(rate, points_of(reports[layer]) if reports[layer] else [(stamp, arrival)]),
        )
        for layer, (_, stamp, arrival) in fastest.items()
    }


def faster(one: tuple[float, int, float], other: tuple[float, int, float]) -> tuple[float, int, float]:
    """Of two packets; the `one` before, if no line makes up for what lies between them."""
    return other if 0 < one[0] - other[0] < BEHIND else one


def timed(
    log: Path, head: Head, timelines: Timelines, end: int | None = None
) -> Iterator[tuple[Frame, float]]:
    """Frames with the second of our clock at which they were captured, as their sender says."""
    packets = (record for record in records(log, end) if isinstance(record, Logged))
    for frame in frames(head.mime, packets):
        unwrap, timeline = timelines[frame.layer]
        yield frame, timeline(unwrap(frame.timestamp, frame.arrival))


class Muxer:
    """Frames into one file, which begins with the first of them."""

    def __init__(self, head: Head, path: Path) -> None:
        self.head = head
        self.path = path
        self.started = self.length = 0.0
        self.width = self.height = self.count = self.strays = 0
        self._container: av.container.OutputContainer | None = None
        self._stream: av.stream.Stream | None = None
        self._last = -1  # milliseconds

    def add(self, frame: Frame, at: float) -> None:
        """A frame captured at second `at`, unless that cannot be: then it lies where it arrived."""
        strays = not is_plausible(at, frame.arrival)
        at = frame.arrival if strays else at
        if self._container is None:
            if not frame.key or not self._open(frame):
                return
            self.started = at
        if self._container is None or self._stream is None:
            return
        milliseconds = max(self._last + 1, round((at - self.started) * MILLISECOND))
        packet = Muxed(frame.data)
        packet.pts = packet.dts = milliseconds
        packet.time_base = Fraction(1, MILLISECOND)
        packet.is_keyframe = frame.key
        packet.stream = self._stream
        self._container.mux(packet)
        self._last = milliseconds
        self.length = milliseconds / MILLISECOND
        self.count += 1
        self.strays += strays

    def close(self) -> None:
        """Idempotent."""
        if self._container is not None:
            self._container.close()
            self._container = None

    def _open(self, first: Frame) -> bool:
        """Whether the file could be begun with this key frame."""
        self._container = av.open(str(self.path), "w", format="matroska" if is_h264(self.head) else "webm")
        if self.head.mime.lower() == "audio/opus":
            layout = "stereo" if self.head.channels > 1 else "mono"
            self._stream = self._container.add_stream("libopus", rate=self.head.rate, layout=layout)
            return True
        if self.head.mime.lower() == "video/av1":  # PyAV cannot open what it has no decoder for
            return self._open_av1(first)
        try:
            with av.open(
                io.BytesIO(sample(self.head, first.data)), format=sample_format(self.head)
            ) as source:
                template = source.streams.video[0]
                self.width, self.height = template.codec_context.width, template.codec_context.height
                self._stream = self._container.add_stream_from_template(template)
        except (av.FFmpegError, IndexError):
            self._container.close()
            self._container = None
            return False
        return bool(self.width)

    def _open_av1(self, first: Frame) -> bool:
        assert self._container is not None
        try:
            self.width, self.height = size_of(first.data)
        except ValueError:
            return False
        self._stream = self._container.add_mux_stream("av1", width=self.width, height=self.height)
        return True


def is_h264(head: Head) -> bool:
    return head.mime.lower() == "video/h264"


def sample_format(head: Head) -> str:
    return "h264" if is_h264(head) else "ivf"


def sample(head: Head, frame: bytes) -> bytes:
    """A file of one frame, from which the muxer learns what the stream is."""
    if is_h264(head):
        return frame
    kind = {"video/vp8": b"VP80", "video/vp9": b"VP90"}[head.mime.lower()]
    top = struct.pack("<4sHH4sHHIIII", b"DKIF", 0, 32, kind, 0, 0, 30, 1, 1, 0)
    return top + struct.pack("<IQ", len(frame), 0) + frame


def digest_of(path: Path) -> str:
    """SHA-256 as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main(log: str, root: str, mode: str = "") -> int:
    try:
        made = (finish_so_far if mode == SO_FAR else finish)(Path(log), Path(root))
    except NoLog as error:
        sys.stderr.write(f"{error}\n")
        if mode != SO_FAR:
            Path(log).rename(Path(log).with_suffix(".broken"))  # cut off before anything was said of it
        return 2
    sys.stdout.write(json.dumps(asdict(made)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
