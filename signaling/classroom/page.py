"""One socket: what it keeps, and how it speaks to its page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from channels.generic.websocket import AsyncWebsocketConsumer

from classrooms.live import actions
from classrooms.live.seats import Seat
from signaling import schema, translate
from signaling.database import in_tenant
from signaling.ears import Ear, at_once, ears
from signaling.limits import Backlog, Pace
from signaling.reactions import Gathered
from signaling.room import Place, Room
from signaling.timers import Timers
from signaling.watch import media_watch
from tenants.models import Tenant

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

SIGNED_OUT, NOT_ALLOWED, NOTHING_HERE, BROKEN = 4401, 4403, 4404, 1011
TOO_SLOW, MOVED, TOO_FAST = 4408, 4409, 4429
NEVER = datetime.min.replace(tzinfo=UTC)


class Page(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """A page at the other end, until either side closes."""

    clock: Callable[[], datetime]
    tenant: Tenant
    as_guest: bool
    room: Room
    seat: Seat
    media_until: datetime
    channel_name = ""  # until there is one

    def __init__(self) -> None:
        super().__init__()
        self.pace = Pace()
        self.backlog = Backlog()
        self.timers = Timers(self.remind)
        self.reactions = Gathered()
        self.group = ""  # of the class
        self.listens_to: set[str] = set()  # groups
        self.relays_until = NEVER  # what the page was told last
        self.waiting_told: list[dict[str, Any]] = []
        self.direct = False  # whether it may call directly, as told last
        self.school: dict[str, bool] = {}  # what it has chosen, as told last
        self.is_open = False
        self.ear = Ear(self.overhear)

    def overhear(self, message: dict[str, Any]) -> bool:
        """Take what all of the class are told, at once. False: it is to wait for its turn."""
        return False

    @property
    def own(self) -> str:
        """This person's participant; nobody's before there is one."""
        return self.room.lobby.own or ""

    @property
    def watches_recording(self) -> bool:
        leads = self.room.lobby.you.role == "teacher"
        return leads and self.room.place is Place.INSIDE and self.room.recorded

    async def remind(self, name: str) -> None:
        await self.remind_of({"type": "timer", "name": name})

    async def remind_of(self, message: dict[str, Any]) -> None:
        """Put `message` among those that are handled one after the other."""
        await self.channel_layer.send(self.channel_name, message)

    async def hello(self) -> None:
        if self.room.place is Place.WAITING:
            await self.tell(translate.hello(self.room.lobby, self.clock()))

    async def tell(self, message: schema.Message) -> None:
        if self.is_open:
            await self.send(text_data=message.model_dump_json())

    async def tell_inside(self, message: schema.Message) -> None:
        """What is of no interest at the door."""
        if self.room.place is Place.INSIDE:
            await self.tell(message)

    async def tell_events(self, *events: schema.Event) -> None:
        for event in events:
            await self.pour(event.seq, event.wire)

    async def pour(self, seq: int, text: str) -> None:
        """Send what may be long, and is settled when the page has seen event `seq`; a page that no longer
        follows is cut off, and resumes when it can."""
        if self.is_open:
            self.backlog.sent(seq, len(text))
            await self.send(text_data=text)
            if self.backlog.is_full:
                await self.shut(TOO_SLOW)

    def pour_at_once(self, seq: int, text: str) -> None:
        """As `pour`, where there is room for it and nothing waits."""
        at_once(self.base_send({"type": "websocket.send", "text": text}))
        self.backlog.sent(seq, len(text))

    async def shut(self, code: int) -> None:
        """Close from this side. Nothing is read afterwards."""
        await self.give_up()
        await self.close(code)

    async def listen_to(self, group: str) -> None:
        self.listens_to.add(group)
        await self.channel_layer.group_add(group, self.channel_name)

    async def turn_from(self, group: str) -> None:
        """Also while the layer is away: the process passes on nothing more of `group`."""
        try:
            await self.channel_layer.group_discard(group, self.channel_name)
        except Exception:
            logger.warning("A group could not be left", exc_info=True)
        self.listens_to.discard(group)

    async def give_up(self) -> None:
        """Free the seat and stop listening, once. A seat that cannot be freed now is swept later."""
        was_open = self.is_open
        self.fall_silent()
        if was_open and self.room.place is Place.INSIDE:
            try:
                await self.call(actions.leave, seat=self.seat, at=self.clock(), lost=True)
            except Exception:
                logger.warning("A seat could not be freed", exc_info=True)
        await self.stop_listening()

    def fall_silent(self) -> None:
        """Take nothing at once, and be reminded of nothing. Idempotent."""
        self.is_open = False
        self.timers.close()
        ears.close(self.channel_name)
        media_watch.forget(self.channel_name)

    async def stop_listening(self) -> None:
        """Idempotent."""
        for group in sorted(self.listens_to):
            await self.turn_from(group)

    async def call(self, action: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run an action in the tenant's scope, which lasts no longer than this."""
        return await in_tenant(self.tenant, action, *args, **kwargs)
