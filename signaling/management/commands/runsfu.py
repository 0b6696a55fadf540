"""`manage.py runsfu`: the media process. One loop, one UDP port, one TCP port."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from signaling import media_loop
from signaling.media_asgi import media_application
from signaling.media_server import MediaServer
from signaling.sfu.addresses import NoCandidates
from signaling.sfu.clock import LoopClock
from signaling.sfu.config import EngineConfig, Limits
from signaling.sfu.plane import Plane
from signaling.sfu.rooms import Rooms

log = logging.getLogger(__name__)
GOODBYES = 0.5  # seconds for the last messages to leave
END_WITHIN = 3.0  # seconds for the transports to close
WILDCARDS = {"0.0.0.0": ("0.0.0.0", "::"), "::": ("0.0.0.0", "::")}  # noqa: S104


class Command(BaseCommand):
    help = "Run the media engine (LiveKit's client protocol on MEDIA_BIND, media on MEDIA_UDP_PORT)."

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = bind_address(settings.MEDIA_BIND)
        if not settings.MEDIA_API_SECRET:
            raise CommandError("MEDIA_API_SECRET is not set. Give web and media process the same random one.")
        config = EngineConfig(
            api_keys={settings.MEDIA_API_KEY: settings.MEDIA_API_SECRET},
            limits=Limits(participants=settings.MEDIA_ROOM_PARTICIPANTS),
        )
        loop = media_loop.current()
        asyncio.set_event_loop(loop)
        plane = Plane(
            hosts=WILDCARDS.get(host, (host,)), port=settings.MEDIA_UDP_PORT, announce=settings.MEDIA_ANNOUNCE
        )
        try:
            loop.run_until_complete(plane.start())
        except NoCandidates as error:
            raise CommandError(f"{error}. Set MEDIA_ANNOUNCE to an address people can reach.") from error
        except OSError as error:
            raise CommandError(f"UDP port {settings.MEDIA_UDP_PORT} cannot be used: {error}") from error
        rooms = Rooms(config, plane, LoopClock(loop))
        server = MediaServer(
            media_application(rooms), host=host, port=port, largest_message=config.limits.signal_message
        )
        Ending(loop, rooms, plane, server).on_signals()
        gc.collect()
        gc.freeze()  # all that is imported by now stays: a full collection must not hold up packets
        log.info("media engine on %s, UDP port %s", settings.MEDIA_BIND, settings.MEDIA_UDP_PORT)
        server.run()
        if server.failure:
            raise CommandError(f"{settings.MEDIA_BIND} cannot be used: {server.failure}")
        log.info("media engine has stopped")


class Ending:
    """A clean end: newcomers get 503, everybody is told to connect again, then all closes. Under 5 s."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, rooms: Rooms, plane: Plane, server: MediaServer
    ) -> None:
        self._loop = loop
        self._rooms = rooms
        self._plane = plane
        self._server = server
        self._task: asyncio.Task[None] | None = None

    def on_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self._begin)

    def _begin(self) -> None:
        if self._task is None:
            self._task = self._loop.create_task(self._end())

    async def _end(self) -> None:
        self._rooms.stop()
        await asyncio.sleep(GOODBYES)
        try:
            await asyncio.wait_for(self._plane.close(), END_WITHIN)
        except TimeoutError:
            log.warning("some transports did not close in time")
        finally:
            self._server.stop()


def bind_address(text: str) -> tuple[str, int]:
    """host:port; raises CommandError with what is wrong."""
    host, separator, port = text.rpartition(":")
    if not (separator and host and port.isdigit() and 0 < int(port) < 65536):
        raise CommandError(f"MEDIA_BIND is “{text}”; it must be host:port, for example 0.0.0.0:7880.")
    return host.strip("[]"), int(port)
