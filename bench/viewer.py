"""An oracle for one listener: every packet of its video is checked, every picture decoded and compared.

Numbers must go on by one, timestamps grow from picture to picture, VP8's picture numbers go on by one.
Each picture must be, octet for octet, a picture of the clip that follows on the one before it or is a key
frame; what libvpx's decoder makes of it must be the picture that the clip's own decoding has at that place.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache

import av

from bench import clip
from bench.clip import Encoding
from bench.light import LightClient
from bench.sdp import VIDEO
from bench.streams import body

DESCRIPTOR = 6


@cache
def known(encodings: tuple[Encoding, ...]) -> dict[bytes, tuple[Encoding, int]]:
    """A picture's octets, hashed -> which encoding's, and which of its pictures."""
    return {
        digest(b"".join(frame.parts)): (encoding, number)
        for encoding in encodings
        for number, frame in enumerate(clip.frames(encoding))
    }


@cache
def decoded(encoding: Encoding) -> tuple[bytes, ...]:
    """The clip's pictures as they come out of a decoder that missed nothing, hashed."""
    decoder = av.CodecContext.create("libvpx", "r")
    return tuple(
        fingerprint(picture)
        for frame in clip.frames(encoding)
        for picture in decoder.decode(av.Packet(b"".join(frame.parts)))
    )


def digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=12).digest()


def fingerprint(picture: av.VideoFrame) -> bytes:
    return digest(picture.to_ndarray().tobytes())


@dataclass
class Viewer:
    """Give it plain RTP packets in the order of their arrival; read `faults`, `pictures` and `switches`."""

    encodings: tuple[Encoding, ...]
    pictures: int = 0
    switches: int = 0
    size: tuple[int, int] = (0, 0)  # of the last picture
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.decoder = av.CodecContext.create("libvpx", "r")
        self.sequence = self.timestamp = self.picture = self.tl0 = -1
        self.last: tuple[Encoding, int] | None = None
        self.parts: list[bytes] = []

    def sit_before(self, client: LightClient) -> None:
        client.on_media = self.take

    def take(self, packet: bytes) -> None:
        if packet[1] & 127 != VIDEO:
            return
        sequence = int.from_bytes(packet[2:4], "big")
        if self.sequence >= 0 and sequence != self.sequence + 1 & 0xFFFF:
            self.fault(f"sequence number {sequence} follows {self.sequence}")
        self.sequence = sequence
        payload = packet[body(packet) :]
        if packet[0] & 0x20:
            payload = payload[: -payload[-1]]
        if payload:
            self.take_part(int.from_bytes(packet[4:8], "big"), bool(packet[1] & 128), payload)

    def take_part(self, timestamp: int, marker: bool, payload: bytes) -> None:
        if payload[0] & 0x10:
            self.begin(timestamp, payload)
        elif timestamp != self.timestamp:
            self.fault("a picture without its beginning")
        self.parts.append(payload[DESCRIPTOR:])
        if marker:
            self.show(b"".join(self.parts))

    def begin(self, timestamp: int, payload: bytes) -> None:
        picture, tl0 = int.from_bytes(payload[2:4], "big") & 0x7FFF, payload[4]
        if self.pictures:
            if not 0 < (timestamp - self.timestamp & 0xFFFFFFFF) < 1 << 31:
                self.fault(f"timestamp {timestamp} follows {self.timestamp}")
            if picture != self.picture + 1 & 0x7FFF:
                self.fault(f"PictureID {picture} follows {self.picture}")
            if tl0 != self.tl0 + 1 & 0xFF:
                self.fault(f"TL0PICIDX {tl0} follows {self.tl0}")
        self.timestamp, self.picture, self.tl0, self.parts = timestamp, picture, tl0, []

    def show(self, data: bytes) -> None:
        """Look the picture up, decode it, compare."""
        place = known(self.encodings).get(digest(data))
        if place is None:
            self.fault("a picture that was never sent")
            return
        encoding, number = place
        if number and (self.last is None or self.last != (encoding, number - 1)):
            self.fault(f"picture {number} of {encoding} follows {self.last}")
        if self.last and self.last[0] != encoding:
            self.switches += 1
        self.last = place
        try:
            pictures = self.decoder.decode(av.Packet(data))
        except av.error.FFmpegError as error:
            self.fault(f"the decoder says {error}")
            return
        if [fingerprint(picture) for picture in pictures] != [decoded(encoding)[number]]:
            self.fault(f"picture {number} of {encoding} looks different")
        self.pictures += 1
        self.size = encoding.width, encoding.height

    def fault(self, what: str) -> None:
        self.faults.append(f"after {self.pictures} pictures: {what}")
