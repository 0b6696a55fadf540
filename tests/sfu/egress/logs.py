"""Packet logs as a class makes them: encoded by FFmpeg's encoders, packetised as browsers do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from signaling.sfu.egress.packets import Head, pack_packet, pack_report

EPOCH = 1_795_000_000.0  # seconds since 1970: when the recordings of these tests begin
NTP = EPOCH + 2_208_988_800.0 + 77.0  # the sender's clock is 77 s ahead
MTU = 1100
BASE = 0xFFFF_0000  # of timestamps: they wrap after 0.7 s
ENCODERS = {
    "video/VP8": "libvpx",
    "video/VP9": "libvpx-vp9",
    "video/H264": "libx264",
    "video/AV1": "libsvtav1",
}


def head(mime: str, **more: object) -> Head:
    kind = mime.partition("/")[0]
    values = {
        "egress_id": "EG_1",
        "room": "demo.r",
        "room_sid": "RM_1",
        "track": "TR_1",
        "identity": "tom",
        "source": "camera" if kind == "video" else "microphone",
        "mime": mime,
        "rate": 90_000 if kind == "video" else 48_000,
        "channels": 1,
        "started": EPOCH,
        "path": "demo/recordings/a",
    }
    return Head(**{**values, **more})  # type: ignore[arg-type]


def pictures(seconds: float, fps: int = 10, size: tuple[int, int] = (160, 96)) -> Iterator[av.VideoFrame]:
    """A bar that moves one column a frame: each frame says its number."""
    width, height = size
    for number in range(round(seconds * fps)):
        grey = np.full((height, width), 40, np.uint8)
        grey[:, (number * 8) % width : (number * 8) % width + 8] = 230
        yield av.VideoFrame.from_ndarray(grey, format="gray8").reformat(format="yuv420p")


def encoded(mime: str, seconds: float, fps: int = 10, keys: int = 20) -> list[tuple[bytes, bool]]:
    """Frames and whether they are key frames."""
    context = av.CodecContext.create(ENCODERS[mime], "w")
    context.width, context.height, context.pix_fmt = 160, 96, "yuv420p"
    context.time_base, context.framerate, context.gop_size = Fraction(1, fps), Fraction(fps), keys
    quick = {"libvpx": {"deadline": "realtime", "lag-in-frames": "0", "cpu-used": "8"}}
    quick["libvpx-vp9"] = quick["libvpx"]
    quick["libx264"] = {"preset": "ultrafast", "tune": "zerolatency"}
    context.options = quick.get(
        ENCODERS[mime], {"preset": "12", "svtav1-params": "pred-struct=1:lookahead=0"}
    )
    found = []
    for number, picture in enumerate(pictures(seconds, fps)):
        picture.pts = number
        found += [(bytes(packet), packet.is_keyframe) for packet in context.encode(picture)]
    return found + [(bytes(packet), packet.is_keyframe) for packet in context.encode(None)]


def split_vp8(frame: bytes) -> list[bytes]:
    parts = [frame[i : i + MTU] for i in range(0, len(frame), MTU)]
    return [bytes((0x90 if i == 0 else 0x80, 0x80, 0x80, 5)) + part for i, part in enumerate(parts)]


def split_vp9(frame: bytes) -> list[bytes]:
    parts = [frame[i : i + MTU] for i in range(0, len(frame), MTU)]
    last = len(parts) - 1
    return [
        bytes((0x80 | (0x08 if i == 0 else 0) | (0x04 if i == last else 0), 0x80, 5)) + part
        for i, part in enumerate(parts)
    ]


def split_h264(frame: bytes) -> list[bytes]:
    """Small units together (STAP-A), large ones in parts (FU-A)."""
    units = [unit.rstrip(b"\0") for unit in frame.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]
    found = []
    small = [unit for unit in units if unit[0] & 0x1F in (7, 8)]
    if small:
        found.append(b"\x18" + b"".join(len(unit).to_bytes(2, "big") + unit for unit in small))
    for unit in units:
        if unit in small or unit[0] & 0x1F == 9:
            continue
        if len(unit) <= MTU:
            found.append(unit)
            continue
        body = [unit[1 + i : 1 + i + MTU] for i in range(0, len(unit) - 1, MTU)]
        for i, part in enumerate(body):
            flags = (0x80 if i == 0 else 0) | (0x40 if i == len(body) - 1 else 0)
            found.append(bytes((unit[0] & 0xE0 | 28, flags | unit[0] & 0x1F)) + part)
    return found


def split_av1(frame: bytes) -> list[bytes]:
    """Each packet holds one element or a part of one, without its size."""
    units, at = [], 0
    while at < len(frame):
        head, extended = frame[at], 2 if frame[at] & 0x04 else 1
        size, start, shift = 0, at + extended, 0
        while True:
            octet = frame[start]
            size |= (octet & 0x7F) << shift
            start, shift = start + 1, shift + 7
            if not octet & 0x80:
                break
        if head >> 3 & 0x0F != 2:  # RTP carries no temporal delimiters
            units.append(bytes((head & ~0x02,)) + frame[at + 1 : at + extended] + frame[start : start + size])
        at = start + size
    found = []
    for unit in units:
        parts = [unit[i : i + MTU] for i in range(0, len(unit), MTU)]
        for i, part in enumerate(parts):
            flags = 0x10 | (0x80 if i else 0) | (0x40 if i < len(parts) - 1 else 0)
            found.append(bytes((flags,)) + part)
    return found


SPLITTERS: dict[str, Callable[[bytes], list[bytes]]] = {
    "video/VP8": split_vp8,
    "video/VP9": split_vp9,
    "video/H264": split_h264,
    "video/AV1": split_av1,
}

Row = tuple[float, bytes]
"""When it arrives, and the record."""


def video_rows(
    mime: str,
    seconds: float,
    *,
    fps: int = 10,
    layer: int = 0,
    delay: float = 0.03,
    first: int = 0,
    base: int = BASE,
) -> list[Row]:
    """What a recorder logs of a film: packets, and a sender report each second."""
    rows, number = [], first
    for index, (frame, key) in enumerate(encoded(mime, seconds, fps)):
        stamp = (base + index * 90_000 // fps) & 0xFFFFFFFF
        at = index / fps
        if index % fps == 0:
            rows.append((EPOCH + at, pack_report(layer, stamp, EPOCH + at, NTP + at, EPOCH + delay - NTP)))
        parts = SPLITTERS[mime](frame)
        for i, part in enumerate(parts):
            arrival = EPOCH + at + delay + i * 0.0005
            marker = 0x80 if i == len(parts) - 1 else 0
            rows.append(
                (
                    arrival,
                    pack_packet(layer, number, stamp, arrival, part, marker=marker, starts=key and i == 0),
                )
            )
            number += 1
    return rows


def opus_rows(
    seconds: float, *, frequency: float = 440.0, start: float = 0.0, delay: float = 0.02
) -> list[Row]:
    """A tone in packets of 20 ms."""
    context = av.CodecContext.create("libopus", "w")
    context.sample_rate, context.layout, context.format = 48_000, "mono", "s16"
    context.time_base = Fraction(1, 48_000)
    rows, number = [], 0
    for index in range(round(seconds * 50)):
        t = (np.arange(960) + index * 960) / 48_000
        samples = (np.sin(2 * np.pi * frequency * t) * 12_000).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48_000, index * 960
        for packet in context.encode(frame):
            at, stamp = start + index * 0.02, (7_000 + index * 960) & 0xFFFFFFFF
            if index % 50 == 0:
                rows.append((EPOCH + at, pack_report(0, stamp, EPOCH + at, NTP + at, EPOCH + delay - NTP)))
            arrival = EPOCH + at + delay
            rows.append(
                (arrival, pack_packet(0, number, stamp, arrival, bytes(packet), marker=0, starts=True))
            )
            number += 1
    return rows


def write(path: Path, of: Head, rows: list[Row]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(of.pack() + b"".join(record for _, record in rows))
    return path
