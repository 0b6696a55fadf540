"""A real VP8 clip, encoded once per run, cut into RTP payloads the way browsers do it (RFC 7741)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import islice, pairwise

import av

FRAME_RATE, SECONDS = 25, 4
PAYLOAD_LIMIT = 1119  # + 6 bytes of descriptor, 24 of RTP header: 1,149 on the wire before SRTP


@dataclass(frozen=True)
class Encoding:
    """How the clip is encoded; bit/s."""

    width: int
    height: int
    bit_rate: int


LESSON = Encoding(960, 540, 1_690_000)  # with PAYLOAD_LIMIT: 200 packets/s
LECTURE = Encoding(640, 360, 600_000)
# As a browser's simulcast of a 720 line camera: LiveKit's q, h, f.
LAYERS = {
    "q": Encoding(320, 180, 150_000),
    "h": Encoding(640, 360, 450_000),
    "f": Encoding(1280, 720, 1_700_000),
}


@dataclass(frozen=True)
class Frame:
    """One encoded picture: its VP8 bytes cut into nearly equal parts."""

    parts: tuple[bytes, ...]
    key: bool


@cache
def frames(encoding: Encoding = LESSON) -> tuple[Frame, ...]:
    """Four seconds of a moving test card; only the first frame is a key frame, so it loops cleanly."""
    size = f"{encoding.width}x{encoding.height}"
    card = f"testsrc2=size={size}:rate={FRAME_RATE},noise=alls=2:allf=t"
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt = encoding.width, encoding.height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, FRAME_RATE), Fraction(FRAME_RATE)
    encoder.bit_rate, encoder.gop_size = encoding.bit_rate, 10 * FRAME_RATE
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "error-resilient": "1", "lag-in-frames": "0"}
    encoded = []
    with av.open(card, format="lavfi") as source:
        for number, picture in enumerate(islice(source.decode(video=0), FRAME_RATE * SECONDS)):
            picture = picture.reformat(format="yuv420p")
            picture.pict_type = 0  # the test card's pictures say I, which the encoder would obey
            picture.pts, picture.time_base = number, Fraction(1, FRAME_RATE)
            encoded += [Frame(split(bytes(packet)), packet.is_keyframe) for packet in encoder.encode(picture)]
    return tuple(encoded)


@cache
def sound() -> tuple[bytes, ...]:
    """Four seconds of soft noise as Opus packets of 20 ms, 80 octets each."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "stereo", "s16"
    encoder.bit_rate = 32_000
    encoder.options = {"vbr": "off", "frame_duration": "20", "application": "voip"}
    noise = f"anoisesrc=sample_rate=48000:amplitude=0.05:duration={SECONDS}:seed=7"
    resampler = av.AudioResampler("s16", "stereo", 48_000, frame_size=960)
    packets = []
    with av.open(noise, format="lavfi") as source:
        for frame in source.decode(audio=0):
            for piece in resampler.resample(frame):
                packets += encoder.encode(piece)
    return tuple(bytes(packet) for packet in packets)


def split(frame: bytes) -> tuple[bytes, ...]:
    """Cut a frame into the fewest parts of at most PAYLOAD_LIMIT bytes, sizes differing by one at most."""
    count = -(-len(frame) // PAYLOAD_LIMIT)
    edges = [len(frame) * part // count for part in range(count + 1)]
    return tuple(frame[start:end] for start, end in pairwise(edges))


def descriptor(*, first: bool, picture: int) -> bytes:
    """Payload descriptor with 15-bit PictureID, TL0PICIDX, TID 0 and KEYIDX (RFC 7741 4.2)."""
    return bytes(
        (
            0x90 if first else 0x80,
            0xF0,
            0x80 | picture >> 8 & 0x7F,
            picture & 0xFF,
            picture & 0xFF,
            0x00,
        )
    )


def starts_key_frame(payload: bytes) -> bool:
    """Whether a VP8 payload with `descriptor` begins a key frame (RFC 7741 4.3: P is 0)."""
    return len(payload) > 6 and payload[0] & 0x17 == 0x10 and not payload[6] & 1
