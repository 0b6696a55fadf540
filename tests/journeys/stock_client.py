"""The stock LiveKit client from PyPI, unmodified: publishes a moving picture and counts what it decodes."""

from __future__ import annotations

import asyncio
import threading
from types import TracebackType

import numpy as np
from livekit import rtc

WIDTH, HEIGHT, FPS = 640, 360, 15


class StockClient:
    """In a room from `with` to its end, on an event loop of its own thread."""

    def __init__(self, url: str, token: str) -> None:
        self.frames = 0  # decoded from others
        self.heard = 0  # audio frames from others
        self.failure: BaseException | None = None
        self._url, self._token = url, token
        self._published, self._done = threading.Event(), threading.Event()
        self._readers: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> StockClient:
        self._thread.start()
        assert self._published.wait(30), f"the stock client did not get in: {self.failure}"
        assert self.failure is None, self.failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join(15)

    def _run(self) -> None:
        try:
            asyncio.run(self._stay())
        except BaseException as error:
            self.failure = error
            self._published.set()

    async def _stay(self) -> None:
        room = rtc.Room()

        @room.on("track_subscribed")
        def subscribed(track: rtc.Track, *_: object) -> None:
            reader = self._watch(track) if track.kind == rtc.TrackKind.KIND_VIDEO else self._listen(track)
            self._readers.add(asyncio.ensure_future(reader))

        await room.connect(self._url, self._token)
        source = rtc.VideoSource(WIDTH, HEIGHT)
        track = rtc.LocalVideoTrack.create_video_track("camera", source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA)
        await room.local_participant.publish_track(track, options)
        self._published.set()
        await self._draw(source)
        for reader in self._readers:
            reader.cancel()
        await room.disconnect()

    async def _draw(self, source: rtc.VideoSource) -> None:
        """A bar that moves over a grey picture."""
        picture = np.full((HEIGHT, WIDTH, 4), 128, np.uint8)
        step = 0
        while not self._done.is_set():
            picture[:, :, 1] = 60
            left = step * 8 % WIDTH
            picture[:, left : left + 80, 1] = 220
            source.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.RGBA, picture.tobytes()))
            step += 1
            await asyncio.sleep(1 / FPS)

    async def _watch(self, track: rtc.Track) -> None:
        async for _ in rtc.VideoStream(track):
            self.frames += 1

    async def _listen(self, track: rtc.Track) -> None:
        async for _ in rtc.AudioStream(track):
            self.heard += 1
