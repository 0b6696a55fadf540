"""The codecs the engine forwards, best first, and how to find them in an offer.

To add one: a row here, its format parameters in formats.py, its reader in readers.py. Nothing is decoded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from signaling.sfu import formats
from signaling.sfu.formats import Rules

VIDEO_FEEDBACK = ("nack", "nack pli", "ccm fir", "transport-cc")
AUDIO_FEEDBACK = ("transport-cc",)
H264_OFFER = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
RED = "audio/red"  # as TrackInfo says it; not a codec of its own: Opus in redundant packets (RFC 2198)


@dataclass(frozen=True)
class Codec:
    """A row: `mime` as TrackInfo says it, `name`/`clock_rate`/`channels` as rtpmap says it."""

    kind: str
    mime: str
    name: str
    clock_rate: int
    channels: int
    feedback: tuple[str, ...]
    rules: Rules = formats.ANY
    parameters: str = ""  # the fmtp line where we are the ones who offer

    @property
    def layered(self) -> bool:
        """Whether one stream may hold several spatial layers."""
        return self.name in ("VP9", "AV1")

    @property
    def described(self) -> bool:
        """Whether listeners need the dependency descriptor to take it apart."""
        return self.name == "AV1"


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
        value = formats.read(self.parameters).get("apt", "")
        return int(value) if value.isdigit() else None


@dataclass(frozen=True)
class Match:
    """A codec of the table as one section offers it; `red` is the payload type of redundant packets of it."""

    codec: Codec
    offered: OfferedCodec
    rtx: OfferedCodec | None
    red: OfferedCodec | None = None

    @property
    def feedback(self) -> tuple[str, ...]:
        return tuple(name for name in self.codec.feedback if name in self.offered.feedback)

    def plain(self) -> Match:
        """Without redundancy."""
        return replace(self, red=None)


@dataclass(frozen=True)
class Stream:
    """What somebody publishes, as far as it decides who can decode it."""

    mime: str
    parameters: str = ""


TABLE = (
    Codec("audio", "audio/opus", "opus", 48000, 2, AUDIO_FEEDBACK, parameters="minptime=10;useinbandfec=1"),
    Codec("video", "video/VP8", "VP8", 90000, 1, VIDEO_FEEDBACK),
    Codec("video", "video/H264", "H264", 90000, 1, VIDEO_FEEDBACK, formats.H264, H264_OFFER),
    Codec("video", "video/VP9", "VP9", 90000, 1, VIDEO_FEEDBACK, formats.VP9, "profile-id=0"),
    Codec("video", "video/AV1", "AV1", 90000, 1, VIDEO_FEEDBACK, formats.AV1),
)


def by_mime(mime: str) -> Codec | None:
    return next((codec for codec in TABLE if codec.mime.lower() == mime.lower()), None)


def find(kind: str, offered: Iterable[OfferedCodec], mime: str = "") -> Match | None:
    """What to take from a publisher: the first codec of the table that the section offers.

    With `mime` that codec or none. Of several payload types the one that most listeners can decode.
    """
    entries = list(offered)
    for codec in TABLE:
        wanted = codec.kind == kind and (not mime or codec.mime.lower() == mime.lower())
        if wanted and (match := _best(codec, entries, None)):
            return match
    return None


def find_all(kind: str, offered: Iterable[OfferedCodec]) -> list[Match]:
    """Every payload type of the section that is of a codec of the table, the best codec first."""
    entries = list(offered)
    return [
        Match(codec, entry, _rtx_of(entry, entries))
        for codec in TABLE
        if codec.kind == kind
        for entry in entries
        if _is(codec, entry)
    ]


def find_for(stream: Stream, offered: Iterable[OfferedCodec]) -> Match | None:
    """The payload type of a listener's section that takes the stream; None when it cannot decode it."""
    codec = by_mime(stream.mime)
    return _best(codec, list(offered), formats.read(stream.parameters)) if codec else None


def _best(codec: Codec, entries: list[OfferedCodec], stream: formats.Parameters | None) -> Match | None:
    found: list[tuple[int, OfferedCodec]] = []
    for entry in entries:
        if not _is(codec, entry):
            continue
        own = formats.read(entry.parameters)
        rank = codec.rules.sends(own) if stream is None else codec.rules.takes(own, stream)
        if rank is not None:
            found.append((rank, entry))
    if not found:
        return None
    entry = min(found, key=lambda pair: pair[0])[1]
    return Match(codec, entry, _rtx_of(entry, entries), _red_of(entry, entries))


def _is(codec: Codec, entry: OfferedCodec) -> bool:
    offered = entry.name.lower(), entry.clock_rate, entry.channels
    return offered == (codec.name.lower(), codec.clock_rate, codec.channels)


def _rtx_of(entry: OfferedCodec, entries: Iterable[OfferedCodec]) -> OfferedCodec | None:
    for other in entries:
        if other.name.lower() == "rtx" and other.apt == entry.payload_type:
            return other
    return None


def _red_of(entry: OfferedCodec, entries: Iterable[OfferedCodec]) -> OfferedCodec | None:
    """RFC 2198 5: the fmtp line of redundant packets lists the payload types inside them."""
    for other in entries:
        if other.name.lower() != "red" or (other.clock_rate, other.channels) != (
            entry.clock_rate,
            entry.channels,
        ):
            continue
        if set(other.parameters.split("/")) == {str(entry.payload_type)}:
            return other
    return None
