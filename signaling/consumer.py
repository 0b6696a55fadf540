"""The classroom socket: coming, going, and one message after the other."""

from __future__ import annotations

import logging
import random
from functools import cached_property
from typing import Any

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from django.utils import timezone, translation

from classrooms.guests.passes import guest_of
from classrooms.live import visits
from classrooms.live.announce import group_name
from classrooms.live.refusals import NoLongerMember
from classrooms.live.seats import Seat
from signaling import translate
from signaling.classroom import times
from signaling.classroom.asked import Asked
from signaling.classroom.page import BROKEN, NOT_ALLOWED, NOTHING_HERE, SIGNED_OUT
from signaling.classroom.reminded import Reminded
from signaling.ears import ears
from signaling.languages import language_of
from signaling.room import Room
from signaling.watch import media_watch
from tenants.refusals import Refusal

logger = logging.getLogger(__name__)

CLOCK = "aula.now"  # a key of the ASGI scope that no client can set: tests pass their clock here
# In no language: for five hundred pages at a time.
SAME_FOR_ALL = {"session.event", "session.reaction", "session.subtitle"}


class ClassroomConsumer(Asked, Reminded):
    """One person's socket to one class. When it closes, from whichever side, it gives up its seat."""

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Nothing of it stays, whatever ends it: the server cancels one that is still busy a while after its
        disconnect, and then its seat is swept."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.fall_silent()
            await self.stop_listening()

    async def connect(self) -> None:
        """Turn away whoever may not see the class, as if it did not exist; greet everyone else."""
        ears.open(self.channel_name, self.ear)
        self.clock = self.scope.get(CLOCK, timezone.now)
        self.tenant = self.scope["tenant"]
        self.as_guest = bool(self.scope["url_route"]["kwargs"].get("as_guest"))
        if not self.as_guest and not self.scope["user"].is_authenticated:
            await self.accept()
            await self.close(SIGNED_OUT)
            return
        session = self.scope["url_route"]["kwargs"]["session"]
        self.group = group_name(self.tenant.slug, session)
        await self.listen_to(self.group)  # before reading: nothing is missed
        try:
            found = await self.call(self.visit, session)
        except NoLongerMember as no:
            await self.turn_back(no)
            return
        if found is None:
            await self.shut(NOTHING_HERE)
            return
        self.seat, greeting = found
        self.room = Room(greeting.seq, translate.lobby(greeting), greeting.session.room_name)
        await self.accept()
        self.is_open = True
        media_watch.listen(self.channel_name, self.remind_of)
        await self.hello()
        self.timers.start("beat", random.uniform(*times.FIRST_BEAT))

    def visit(self, session: str) -> tuple[Seat, visits.Greeting] | None:
        """At the door of `session`: as a member of the school, or as the guest whose pass came along."""
        connection, at = self.channel_name, self.clock()
        if not self.as_guest:
            user = self.scope["user"]
            return visits.visit(user=user, session_public_id=session, connection=connection, at=at)
        guest = guest_of(self.tenant, session, self.scope["cookies"])
        return visits.visit_as_guest(guest=guest, connection=connection, at=at) if guest else None

    async def turn_back(self, no: Refusal) -> None:
        """Say why there is no way in any more, instead of a greeting."""
        await self.accept()
        await self.send(text_data=translate.refused(no, None).model_dump_json())
        await self.shut(NOT_ALLOWED)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        await self.give_up()
        raise StopConsumer

    @cached_property
    def language(self) -> str:
        return language_of(self.scope)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """In the page's language, where something is written for it alone. A bug is logged and closes this
        one socket."""
        handle = getattr(self, get_handler_name(message))
        if message["type"].startswith("websocket."):
            self.ear.waiting += 1  # one from the channel layer was counted there
        try:
            if message["type"] in SAME_FOR_ALL:
                await handle(message)
            else:
                with translation.override(self.language):
                    await handle(message)
        except StopConsumer:
            raise
        except Exception:
            logger.exception("A classroom socket failed on %s", message["type"])
            await self.shut(BROKEN)
        finally:
            self.ear.waiting -= 1
