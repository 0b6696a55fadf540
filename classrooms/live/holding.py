"""Having the media server hold what the rules of a class say: who may send what, mutes, people put out.

The rows are what counts. After the commit the web process asks the media server itself, at once and for
nothing but the difference to what it has; what could not be asked is tried again in the background, from
the rows as they are then. LiveKit's server API, in JSON: its own client takes a second to import.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from classrooms.live.media import STAYS, admin_token
from classrooms.live.people import sending
from classrooms.live.seats import find_session, people_of
from classrooms.models import ClassSession, Participant, ParticipantQuerySet
from tenants.models import Tenant
from tenants.scope import tenant_scope

logger = logging.getLogger(__name__)

PATIENCE = 2.0  # seconds for all that is asked at once; longer and the background does it
ATTEMPTS = 6
FEW = 3  # people who are asked about one by one
SOURCES = {
    "mic": ("MICROPHONE",),
    "camera": ("CAMERA",),
    "screen": ("SCREEN_SHARE", "SCREEN_SHARE_AUDIO"),
}
MUTED: dict[str, tuple[str, ...]] = {"mic": SOURCES["mic"], "camera": SOURCES["camera"], "screen": ()}
ENDED: dict[str, tuple[str, ...]] = {"mic": (), "camera": (), "screen": SOURCES["screen"]}


@dataclass(frozen=True)
class Order:
    """`rights`: what each may send, by identity, in LiveKit's names; `mute` and `end`: sources of theirs
    that fall silent, or end; `out`: who is put out."""

    tenant_id: int
    session_id: int
    room: str
    rights: Mapping[str, frozenset[str]]
    mute: frozenset[str] = frozenset()
    end: frozenset[str] = frozenset()
    out: frozenset[str] = field(default=frozenset())


def sources_of(session: ClassSession, person: Participant) -> frozenset[str]:
    """What this person may send, in LiveKit's names."""
    return frozenset(name for kind in sending(session, person) for name in SOURCES[kind])


def heard(session: ClassSession, at: datetime) -> ParticipantQuerySet:
    """Whom the media server may still have: who is inside, and who left so lately that what they send may go
    on, as with a lost line."""
    return people_of(session).filter(~Q(connection="") | Q(left_at__gte=at - STAYS))


def order_for(
    session: ClassSession,
    people: Iterable[Participant],
    *,
    mute: Iterable[str] = (),
    end: Iterable[str] = (),
    out: Iterable[str] = (),
) -> Order:
    rights = {person.public_id: sources_of(session, person) for person in people}
    sets = frozenset(mute), frozenset(end), frozenset(out)
    return Order(session.tenant_id, session.pk, session.room_name, rights, *sets)


_collected: ContextVar[list[Order] | None] = ContextVar("orders", default=None)


@contextmanager
def collect_orders(orders: list[Order]) -> Iterator[None]:
    """Inside, what is given is put into `orders` instead, for a caller that has it carried out itself."""
    token = _collected.set(orders)
    try:
        yield
    finally:
        _collected.reset(token)


def give(order: Order) -> None:
    orders = _collected.get()
    if orders is None:
        async_to_sync(carry_out)([order])
    else:
        orders.append(order)


async def carry_out(orders: Iterable[Order]) -> None:
    """One after the other. One that fails is logged, and done in the background."""
    for order in orders:
        try:
            await asyncio.wait_for(_hold(order), PATIENCE)
        except Exception as error:  # whatever it is: the rules stand, and are tried again
            logger.warning("The media server was not told the rules of %s: %r", order.room, error)
            await sync_to_async(_later)(order, 1)


async def _hold(order: Order) -> None:
    """Until what was asked is what the rows say: they may have changed meanwhile, in another process."""
    async with aiohttp.ClientSession() as http:
        server = Server(http, order.room)
        await server.hold(order)
        while (newer := await sync_to_async(renewed)(order)).rights != order.rights:
            order = newer
            await server.hold(order)


def renewed(order: Order) -> Order:
    """The same by the rows as they are now; nothing to mute, to end or to put out."""
    tenant = Tenant.objects.get(pk=order.tenant_id)
    with tenant_scope(tenant):
        session = find_session(order.session_id)
        if session is None:
            return replace(order, mute=frozenset(), end=frozenset(), out=frozenset())
        return order_for(session, people_of(session).filter(public_id__in=order.rights))


@dataclass(frozen=True)
class Server:
    """The media server's RoomService, for one room."""

    http: aiohttp.ClientSession
    room: str

    async def hold(self, order: Order) -> None:
        asked = [self.put_out(identity) for identity in order.out]
        asked += [self.hold_one(info, order) for info in await self.people(order.rights)]
        await asyncio.gather(*asked)

    async def people(self, identities: Iterable[str]) -> list[dict[str, Any]]:
        """Those of `identities` who are in the room."""
        wanted = set(identities)
        if len(wanted) <= FEW:
            found = await asyncio.gather(*(self.ask("GetParticipant", identity=each) for each in wanted))
            return [info for info in found if info]
        told = await self.ask("ListParticipants")
        return [info for info in told.get("participants", ()) if info["identity"] in wanted]

    async def hold_one(self, info: dict[str, Any], order: Order) -> None:
        identity = info["identity"]
        rights, now = order.rights[identity], permitted(info.get("permission", {}))
        tracks = info.get("tracks", ())
        if order.end & {track.get("source") for track in tracks}:
            await self.permit(identity, rights - order.end)
            now = rights - order.end
        if now != rights:
            await self.permit(identity, rights)
        for track in tracks:
            if track.get("source") in order.mute and not track.get("muted"):
                await self.ask("MutePublishedTrack", identity=identity, track_sid=track["sid"], muted=True)

    async def permit(self, identity: str, sources: frozenset[str]) -> None:
        """No sources at all would mean all of them: so whoever has none may not publish."""
        permission = {
            "can_subscribe": True,
            "can_publish": bool(sources),
            "can_publish_sources": sorted(sources),
        }
        await self.ask("UpdateParticipant", identity=identity, permission=permission)

    async def put_out(self, identity: str) -> None:
        await self.ask("RemoveParticipant", identity=identity)

    async def ask(self, method: str, **request: Any) -> dict[str, Any]:
        """The answer; empty for somebody or something that is not there."""
        url = f"{settings.MEDIA_API_URL.rstrip('/')}/twirp/livekit.RoomService/{method}"
        headers = {"Authorization": f"Bearer {admin_token(self.room, timezone.now())}"}
        async with self.http.post(url, json={"room": self.room, **request}, headers=headers) as answer:
            if answer.status == 404:
                return {}
            answer.raise_for_status()
            told: dict[str, Any] = await answer.json()
            return told


def permitted(permission: Mapping[str, Any]) -> frozenset[str]:
    """What a LiveKit permission lets somebody send."""
    everything = frozenset(name for names in SOURCES.values() for name in names)
    if not permission.get("can_publish"):
        return frozenset()
    return frozenset(permission.get("can_publish_sources", ())) or everything


def _later(order: Order, attempt: int) -> None:
    """Nothing is tried again where there is no background."""
    if attempt <= ATTEMPTS and hold_again.get_backend().supports_defer:
        wait = timedelta(seconds=2 ** (attempt - 1))
        again = hold_again.using(run_after=timezone.now() + wait)
        again.enqueue(order.tenant_id, order.session_id, sorted(order.rights), sorted(order.out), attempt)


@task
def hold_again(tenant_id: int, session_id: int, identities: list[str], out: list[str], attempt: int) -> None:
    """The rights of `identities` as they are now, and who of `out` has not been back since."""
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return
    with tenant_scope(tenant):
        session = find_session(session_id)
        if session is None or session.state != ClassSession.State.LIVE:
            return
        people = list(people_of(session).filter(public_id__in=identities))
        gone = people_of(session).filter(public_id__in=out, connection="")
        order = order_for(session, people, out=gone.values_list("public_id", flat=True))
    try:
        asyncio.run(asyncio.wait_for(_once(order), 5 * PATIENCE))
    except Exception as error:  # as above
        logger.warning("The media server was not told the rules of %s: %r", order.room, error)
        _later(order, attempt + 1)


async def _once(order: Order) -> None:
    async with aiohttp.ClientSession() as http:
        await Server(http, order.room).hold(order)
