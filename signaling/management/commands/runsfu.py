"""`manage.py runsfu`: the media process. One loop, one UDP port, one TCP port."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from signaling import media_loop
from signaling.ending import Ending
from signaling.heart import Heart, keeper_pipe
from signaling.media_asgi import media_application
from signaling.media_server import MediaServer
from signaling.media_watch import Watchers
from signaling.sfu.addresses import NoCandidates
from signaling.sfu.clock import LoopClock
from signaling.sfu.config import EngineConfig, Limits
from signaling.sfu.outbox import Outbox
from signaling.sfu.plane import Plane
from signaling.sfu.rooms import Rooms
from signaling.sfu.webhooks import Webhooks
from turncreds.relays import platform_relay
from turncreds.servers import IceServer

log = logging.getLogger(__name__)
WILDCARDS = {"0.0.0.0": ("0.0.0.0", "::"), "::": ("0.0.0.0", "::")}  # noqa: S104


class Command(BaseCommand):
    help = "Run the media engine (LiveKit's client protocol on MEDIA_BIND, media on MEDIA_UDP_PORT)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--spare", action="store_true", help="start when a line comes on standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = bind_address(settings.MEDIA_BIND)
        if not settings.MEDIA_API_SECRET:
            raise CommandError("MEDIA_API_SECRET is not set. Give web and media process the same random one.")
        gc.collect()
        gc.freeze()  # all that is imported by now stays: a full collection must not hold up packets
        if options["spare"] and not sys.stdin.readline():
            return  # whoever we stood by for has gone home
        run(host, port)


def run(host: str, port: int) -> None:
    """Raises CommandError when a port cannot be had; returns when the process is told to end."""
    config = EngineConfig(
        api_keys={settings.MEDIA_API_KEY: settings.MEDIA_API_SECRET},
        limits=Limits(participants=settings.MEDIA_ROOM_PARTICIPANTS),
        metrics_token=settings.MEDIA_METRICS_TOKEN,
        redirect=settings.MEDIA_WHIP_REDIRECT,
        ice_servers=relays,
        recordings=settings.RECORDINGS_DIR,
        withdrawals=settings.VAR / f"media-withdrawn-{port}.jsonl",
    )
    loop = media_loop.current()
    asyncio.set_event_loop(loop)
    plane = started_plane(loop)
    clock = LoopClock(loop)
    webhooks = Webhooks(
        settings.MEDIA_WEBHOOK_URLS,
        settings.MEDIA_API_KEY,
        settings.MEDIA_API_SECRET,
        clock,
        plane.drops.count,
        plane.tally,
        Outbox(settings.VAR / f"media-webhooks-{port}.jsonl"),
    )
    loop.call_soon(webhooks.resume)
    rooms = Rooms(config, plane, clock, webhooks.tell)
    rooms.egresses.run_on(loop)
    loop.call_soon(rooms.egresses.recover)
    watchers = Watchers(rooms)
    server = MediaServer(
        media_application(rooms, watchers),
        host=host,
        port=port,
        largest_message=config.limits.signal_message,
    )
    Ending(loop, rooms, watchers, webhooks, plane, server, settings.MEDIA_DRAIN_SECONDS).on_signals()
    heart = Heart(loop, rooms.lag, keeper_pipe())
    heart.start()
    log.info("media engine on %s, UDP port %s", settings.MEDIA_BIND, settings.MEDIA_UDP_PORT)
    server.run()
    heart.stop()
    if server.failure:
        raise CommandError(f"{settings.MEDIA_BIND} cannot be used: {server.failure}")
    log.info("media engine has stopped")


def relays(sid: str) -> list[IceServer]:
    """Of the platform: the engine knows no tenants, who may have relays of their own."""
    return platform_relay().ice_servers(sid, now=time.time(), ttl=settings.TURN_TTL)


def started_plane(loop: asyncio.AbstractEventLoop) -> Plane:
    """Raises CommandError."""
    host = settings.MEDIA_RTC_HOST
    plane = Plane(
        hosts=WILDCARDS.get(host, (host,)),
        port=settings.MEDIA_UDP_PORT,
        tcp_port=settings.MEDIA_TCP_PORT or None,
        announce=settings.MEDIA_ANNOUNCE,
    )
    try:
        loop.run_until_complete(plane.start())
    except NoCandidates as error:
        raise CommandError(f"{error}. Set MEDIA_ANNOUNCE to an address people can reach.") from error
    except OSError as error:
        ports = f"UDP port {settings.MEDIA_UDP_PORT} or TCP port {settings.MEDIA_TCP_PORT}"
        raise CommandError(f"{ports} cannot be used on {host} (MEDIA_RTC_HOST): {error}") from error
    return plane


def bind_address(text: str) -> tuple[str, int]:
    """host:port; raises CommandError with what is wrong."""
    host, separator, port = text.rpartition(":")
    if not (separator and host and port.isdigit() and 0 < int(port) < 65536):
        raise CommandError(f"MEDIA_BIND is “{text}”; it must be host:port, for example 0.0.0.0:7880.")
    return host.strip("[]"), int(port)
