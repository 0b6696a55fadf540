"""The codecs the engine forwards, best first, and how to find them in an offer.

To add one: a row here, its payload descriptor in the packet plane. Nothing is ever decoded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

VIDEO_FEEDBACK = ("nack", "nack pli", "ccm fir", "transport-cc")
AUDIO_FEEDBACK = ("transport-cc",)


@dataclass(frozen=True)
class Codec:
    """A row: `mime` as TrackInfo says it, `name`/`clock_rate`/`channels` as rtpmap says it."""

    kind: str
    mime: str
    name: str
    clock_rate: int
    channels: int
    feedback: tuple[str, ...]


@dataclass(frozen=True)
class OfferedCodec:
    """One payload type of an offered section; `parameters` is its fmtp line."""

    payload_type: int
    name: str
    clock_rate: int
    channels: int = 1
    parameters: str = ""
    feedback: tuple[str, ...] = ()

    @property
    def apt(self) -> int | None:
        """The payload type an rtx entry repairs (RFC 4588 8.6)."""
        for item in self.parameters.split(";"):
            name, _, value = item.strip().partition("=")
            if name == "apt" and value.isdigit():
                return int(value)
        return None


@dataclass(frozen=True)
class Match:
    """A codec of the table as one section offers it."""

    codec: Codec
    offered: OfferedCodec
    rtx: OfferedCodec | None

    @property
    def feedback(self) -> tuple[str, ...]:
        return tuple(name for name in self.codec.feedback if name in self.offered.feedback)


TABLE = (
    Codec("audio", "audio/opus", "opus", 48000, 2, AUDIO_FEEDBACK),
    Codec("video", "video/VP8", "VP8", 90000, 1, VIDEO_FEEDBACK),
)


def find(kind: str, offered: Iterable[OfferedCodec], mime: str = "") -> Match | None:
    """The first codec of the table that the section offers; with `mime`, that one or none."""
    entries = list(offered)
    for codec in TABLE:
        if codec.kind != kind or (mime and codec.mime.lower() != mime.lower()):
            continue
        for entry in entries:
            if (entry.name.lower(), entry.clock_rate, entry.channels) == (
                codec.name.lower(),
                codec.clock_rate,
                codec.channels,
            ):
                return Match(codec, entry, _rtx_of(entry, entries))
    return None


def _rtx_of(entry: OfferedCodec, entries: Iterable[OfferedCodec]) -> OfferedCodec | None:
    for other in entries:
        if other.name.lower() == "rtx" and other.apt == entry.payload_type:
            return other
    return None
