"""What a publisher sends: the VP8 clip in a loop and Opus-sized audio, paced as a browser paces them."""

from __future__ import annotations

import asyncio
import secrets
import struct

from bench import clip
from bench.light import TRANSPORT_CC_ID, LightClient
from bench.sdp import AUDIO, LEVEL_ID, MID_ID, RTX, VIDEO
from bench.streams import Outgoing

AUDIO_EVERY, AUDIO_SIZE, AUDIO_TICKS = 0.020, 80, 960
FRAME_EVERY, FRAME_TICKS = 1 / clip.FRAME_RATE, 90_000 // clip.FRAME_RATE
KEY_FRAME_SPACING = 0.3
SPEAKING = 0x80 | 30  # voice, -30 dBov (RFC 6464)


class Source:
    """Plays into one client's two streams. A frame's packets are spread over its 40 ms."""

    def __init__(self, client: LightClient) -> None:
        self.client = client
        self.audio = Outgoing(secrets.randbits(31), AUDIO, "0")
        self.video = Outgoing(secrets.randbits(31), VIDEO, "1", secrets.randbits(31), RTX)
        client.streams += [self.audio, self.video]
        client.on_key_frame = self.ask_key_frame
        self.frame, self.picture, self.wide = 0, secrets.randbits(15), 0
        self.tasks: list[asyncio.Task[None]] = []
        self.last_key = 0.0

    @property
    def sent(self) -> int:
        """Media packets sent so far, both streams, without retransmissions."""
        return self.audio.packets + self.video.packets

    def play(self) -> None:
        self.tasks = [asyncio.create_task(self.play_audio()), asyncio.create_task(self.play_video())]

    async def pause(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks = []

    def ask_key_frame(self, ssrc: int = 0) -> None:
        """Start the clip over, every 300 ms at most, as Chromium's encoder does."""
        now = asyncio.get_running_loop().time()
        if now - self.last_key > KEY_FRAME_SPACING:
            self.frame, self.last_key = 0, now

    async def play_audio(self) -> None:
        async for _ in ticks(AUDIO_EVERY):
            self.audio.timestamp = self.audio.timestamp + AUDIO_TICKS & 0xFFFFFFFF
            self.emit(self.audio, secrets.token_bytes(AUDIO_SIZE), marker=False)

    async def play_video(self) -> None:
        pictures = clip.frames()
        async for start in ticks(FRAME_EVERY):
            parts = pictures[self.frame % len(pictures)].parts
            self.frame += 1
            self.picture = self.picture + 1 & 0x7FFF
            self.video.timestamp = self.video.timestamp + FRAME_TICKS & 0xFFFFFFFF
            for number, part in enumerate(parts):
                await until(start + FRAME_EVERY * number / len(parts))
                described = clip.descriptor(first=number == 0, picture=self.picture) + part
                self.emit(self.video, described, marker=number + 1 == len(parts))

    def emit(self, stream: Outgoing, payload: bytes, *, marker: bool) -> None:
        second = stream.payload_type | marker << 7
        fixed = struct.pack("!BBHII", 0x90, second, stream.sequence, stream.timestamp, stream.ssrc)
        packet = fixed + self.extensions(stream) + payload
        stream.keep(packet)
        self.client.send(packet)

    def extensions(self, stream: Outgoing) -> bytes:
        """12 bytes of one-byte header extensions (RFC 8285): transport-wide number, MID, audio level."""
        self.wide = self.wide + 1 & 0xFFFF
        items = struct.pack("!BHB", TRANSPORT_CC_ID << 4 | 1, self.wide, MID_ID << 4) + stream.mid.encode()
        items += bytes((LEVEL_ID << 4, SPEAKING)) if stream is self.audio else b"\0\0"
        return b"\xbe\xde\0\x02" + items + b"\0"


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
