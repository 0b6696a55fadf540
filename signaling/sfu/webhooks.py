"""Webhooks as LiveKit sends them: one POST an event, signed, tried again until it is taken.

Events of one room reach each address in their order, repeated rather than missed. An address that is away
costs nobody anything: its events wait, as many as there is place for; what found none is counted in
`num_dropped` of the next one, what waited for an hour is given up. What a process held when it ended, however
it ended, the next one sends (outbox.py).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

import aiohttp
import jwt
from google.protobuf import json_format
from livekit.protocol.webhook import WebhookEvent

from signaling.sfu.clock import Clock
from signaling.sfu.outbox import Outbox, key_of
from signaling.sfu.tally import Tally

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/webhook+json"
MOST_OF_A_ROOM = 500  # events that wait for one address
MOST = 10_000  # of all rooms
MOST_OCTETS_OF_A_ROOM = 4 * 1024 * 1024
MOST_OCTETS = 32 * 1024 * 1024  # of all rooms
AT_ONCE = 8  # requests to one address
PATIENCE = 5.0  # seconds for one request
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between two attempts
GIVEN_UP_AFTER = 3600.0  # seconds
TOKEN_LASTS = 300  # seconds
COMES_BACK = frozenset((408, 425, 429))  # besides 5xx: the same request may succeed later


class Item(NamedTuple):
    """An event as it goes out; `made` in seconds since 1970, `number` of the outbox."""

    number: int
    made: float
    body: bytes


@dataclass
class Waiting:
    """Events of one room; the first is being sent."""

    events: deque[Item] = field(default_factory=deque)
    octets: int = 0

    def add(self, item: Item) -> None:
        self.events.append(item)
        self.octets += len(item.body)

    def done(self) -> Item:
        """The first, which is no longer wanted."""
        item = self.events.popleft()
        self.octets -= len(item.body)
        return item


class Address:
    """One URL. `count` takes the reason of each event that never arrives."""

    def __init__(
        self,
        url: str,
        sign: Callable[[bytes], str],
        clock: Clock,
        count: Callable[[str], None],
        tally: Tally,
        outbox: Outbox,
    ) -> None:
        self.url = url
        self.key = key_of(url)
        self._shown = without_secrets(url)
        self._sign = sign
        self._clock = clock
        self._count = count
        self._tally = tally
        self._outbox = outbox
        self._rooms: dict[str, Waiting] = {}
        self._senders: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = self._octets = self._dropped = 0
        self._answers = True
        self._session: aiohttp.ClientSession | None = None

    def add(self, event: WebhookEvent) -> None:
        """Never blocks; the event may be dropped."""
        name = event.room.name
        event.num_dropped = self._dropped
        text, made = json_format.MessageToJson(event, indent=None), self._clock.wall()
        if not self._has_place(self._rooms.get(name) or Waiting(), len(text.encode())):
            self._dropped += 1
            return self._count("webhook_full")
        self._dropped = 0
        return self._enqueue(name, Item(self._outbox.add(self.key, made, text), made, text.encode()))

    def restore(self, number: int, made: float, text: str) -> bool:
        """An event that an earlier process held; False when it is too old or cannot be read."""
        if self._clock.wall() - made > GIVEN_UP_AFTER:
            return False
        try:
            event = json_format.Parse(text, WebhookEvent(), ignore_unknown_fields=True)
        except json_format.ParseError:
            return False
        self._enqueue(event.room.name, Item(number, made, text.encode()))
        return True

    def _enqueue(self, name: str, item: Item) -> None:
        room = self._rooms.get(name)
        if room is None:
            room = self._rooms[name] = Waiting()
            sender = asyncio.get_running_loop().create_task(self._send(name, room))
            self._senders.add(sender)
            sender.add_done_callback(self._senders.discard)
        room.add(item)
        self._waiting += 1
        self._octets += len(item.body)

    def _has_place(self, room: Waiting, octets: int) -> bool:
        return (
            self._waiting < MOST
            and len(room.events) < MOST_OF_A_ROOM
            and self._octets + octets <= MOST_OCTETS
            and room.octets + octets <= MOST_OCTETS_OF_A_ROOM
        )

    async def flush(self) -> None:
        """Returns when nothing waits."""
        while self._senders:
            await asyncio.wait(self._senders)

    async def close(self) -> None:
        """Whatever waits stays in the outbox."""
        senders = tuple(self._senders)
        for sender in senders:
            sender.cancel()
        await asyncio.gather(*senders, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    async def _send(self, name: str, room: Waiting) -> None:
        try:
            while room.events:
                await self._deliver(room.events[0])
                item = room.done()
                self._octets -= len(item.body)
                self._waiting -= 1
                self._outbox.done(item.number)
        finally:
            self._waiting -= len(room.events)
            self._octets -= room.octets
            del self._rooms[name]

    async def _deliver(self, item: Item) -> None:
        pause = FIRST_PAUSE
        while True:
            async with self._places:
                outcome = await self._post(item.body)
            if outcome is None:
                return
            if self._clock.wall() - item.made > GIVEN_UP_AFTER:
                return self._count("webhook_expired")
            if not outcome:
                return self._count("webhook_refused")
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _post(self, body: bytes) -> bool | None:
        """None when it was taken, else whether it is worth trying again."""
        headers = {"Authorization": self._sign(body), "Content-Type": CONTENT_TYPE}
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE))
        try:
            async with self._session.post(
                self.url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self._say(False, type(error).__name__)
            return True
        taken = 200 <= status < 300
        self._say(taken, f"status {status}")
        return None if taken else status >= 500 or status in COMES_BACK

    def _say(self, answers: bool, what: str) -> None:
        """Counted each time, logged only when it changes."""
        self._tally.count("webhook_taken" if answers else "webhook_not_taken")
        if answers != self._answers:
            self._answers = answers
            if answers:
                log.info("webhooks are taken again by %s", self._shown)
            else:
                log.warning("a webhook was not taken by %s (%s)", self._shown, what)


def without_secrets(url: str) -> str:
    """Scheme, host and port: name, password, path and query may be what an address is protected by."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


class Webhooks:
    """All addresses. `key` and `secret` sign, as they do access tokens."""

    def __init__(
        self,
        urls: Sequence[str],
        key: str,
        secret: str,
        clock: Clock,
        count: Callable[[str], None],
        tally: Tally | None = None,
        outbox: Outbox | None = None,
    ) -> None:
        self._key, self._secret, self._clock, self._count = key, secret, clock, count
        self._outbox = outbox or Outbox()
        self._addresses = [
            Address(url, self._sign, clock, count, tally or Tally(), self._outbox) for url in urls
        ]

    def resume(self) -> None:
        """On the loop, before anything is told: send what an earlier process held."""
        addresses = {address.key: address for address in self._addresses}
        restored = 0
        for number, kept in self._outbox.open():
            address = addresses.get(kept.key)
            if address is not None and address.restore(number, kept.made, kept.body):
                restored += 1
            else:
                self._outbox.done(number)
                self._count("webhook_forgotten")
        if restored:
            log.info("%d webhooks of the process before go out now", restored)

    def tell(self, event: WebhookEvent) -> None:
        for address in self._addresses:
            address.add(event)

    async def close(self, within: float) -> None:
        """Give what waits `within` seconds to arrive. Idempotent."""
        try:
            async with asyncio.timeout(within):
                await asyncio.gather(*(address.flush() for address in self._addresses))
        except TimeoutError:
            log.warning("some webhooks were not delivered before the end; they go out after the next start")
        for address in self._addresses:
            await address.close()
        self._outbox.close()

    def _sign(self, body: bytes) -> str:
        now = int(self._clock.wall())
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        claims = {"iss": self._key, "nbf": now - 10, "exp": now + TOKEN_LASTS, "sha256": digest}
        return jwt.encode(claims, self._secret, algorithm="HS256")
