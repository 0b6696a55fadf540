"""What a publisher sends: the VP8 clip and its Opus sound in a loop, paced as a browser paces them."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import struct
import time
from collections.abc import Sequence

from bench import clip
from bench.clip import Encoding
from bench.light import LightClient
from bench.sdp import AUDIO, RTX, VIDEO
from bench.streams import Outgoing, extensions

AUDIO_EVERY, AUDIO_TICKS = 0.020, 960
FRAME_EVERY, FRAME_TICKS = 1 / clip.FRAME_RATE, 90_000 // clip.FRAME_RATE
KEY_FRAME_SPACING = 0.3
SPEAKING = 0x80 | 30  # voice, -30 dBov (RFC 6464)


class Picture:
    """One encoding on its way: where its clip stands, and the counters of its payload descriptor."""

    def __init__(self, stream: Outgoing, encoding: Encoding) -> None:
        self.stream, self.frames = stream, clip.frames(encoding)
        self.frame, self.number, self.last_key = 0, secrets.randbits(15), 0.0

    def ask_key_frame(self) -> None:
        """Start the clip over, every 300 ms at most, as Chromium's encoder does."""
        now = time.monotonic()
        if now - self.last_key > KEY_FRAME_SPACING:
            self.frame, self.last_key = 0, now

    def next(self) -> tuple[bytes, ...]:
        """The payloads of the next picture."""
        parts = self.frames[self.frame % len(self.frames)].parts
        self.frame += 1
        self.number = self.number + 1 & 0x7FFF
        return tuple(
            clip.descriptor(first=part == 0, picture=self.number) + data for part, data in enumerate(parts)
        )


class Source:
    """Plays audio and one video track into a client. A frame's packets are spread over its 40 ms.

    Several encodings are a simulcast, named by `rids` from the lowest.
    """

    def __init__(
        self, client: LightClient, encodings: Sequence[Encoding] = (clip.LESSON,), rids: str = ""
    ) -> None:
        self.client = client
        self.audio = Outgoing(secrets.randbits(31), AUDIO, "0")
        self.pictures = [
            Picture(Outgoing(secrets.randbits(31), VIDEO, "1", secrets.randbits(31), RTX, rid=rid), encoding)
            for encoding, rid in zip(encodings, rids or [""] * len(encodings), strict=True)
        ]
        client.streams += [self.audio, *self.videos]
        client.on_key_frame = self.ask_key_frame
        self.wide = 0
        self.tasks: list[asyncio.Task[None]] = []

    @property
    def videos(self) -> list[Outgoing]:
        return [picture.stream for picture in self.pictures]

    @property
    def sent(self) -> int:
        """Media packets sent so far, all streams, without retransmissions."""
        return self.audio.packets + sum(stream.packets for stream in self.videos)

    def play(self) -> None:
        self.tasks = [asyncio.create_task(self.play_audio())]
        self.tasks += [asyncio.create_task(self.play_video(picture)) for picture in self.pictures]

    async def pause(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks = []

    def ask_key_frame(self, ssrc: int) -> None:
        for picture in self.pictures:
            if picture.stream.ssrc == ssrc:
                picture.ask_key_frame()

    async def play_audio(self) -> None:
        sound = itertools.cycle(clip.sound())
        async for _ in ticks(AUDIO_EVERY):
            self.audio.tick(AUDIO_TICKS)
            self.emit(self.audio, next(sound), marker=False)

    async def play_video(self, picture: Picture) -> None:
        async for start in ticks(FRAME_EVERY):
            payloads = picture.next()
            picture.stream.tick(FRAME_TICKS)
            for number, payload in enumerate(payloads):
                await until(start + FRAME_EVERY * number / len(payloads))
                self.emit(picture.stream, payload, marker=number + 1 == len(payloads))

    def emit(self, stream: Outgoing, payload: bytes, *, marker: bool) -> None:
        second = stream.payload_type | marker << 7
        fixed = struct.pack("!BBHII", 0x90, second, stream.sequence, stream.timestamp, stream.ssrc)
        self.wide = self.wide + 1 & 0xFFFF
        level = SPEAKING if stream is self.audio else None
        packet = fixed + extensions(self.wide, stream.mid, rid=stream.rid, level=level) + payload
        if stream.sent_at is not None:
            stream.sent_at.append((stream.sequence, time.time(), payload))
        stream.keep(packet)
        self.client.send(packet)


async def until(moment: float) -> None:
    """Sleep until the loop's clock shows `moment`; return at once when it has passed."""
    late = moment - asyncio.get_running_loop().time()
    if late > 0:
        await asyncio.sleep(late)


async def ticks(every: float):
    """Yield the planned moment of each tick; drift does not add up."""
    moment = asyncio.get_running_loop().time()
    while True:
        yield moment
        moment += every
        await until(moment)
