"""What the class, and the media server, tell a socket: over the groups it listens to."""

from __future__ import annotations

import random
from typing import Any

from classrooms.live import egress, polls
from signaling import schema, translate
from signaling.classroom import times
from signaling.classroom.entrance import Entrance
from signaling.classroom.page import MOVED, NOT_ALLOWED
from signaling.room import Due, Place
from signaling.watch import spread_of


class Told(Entrance):
    """A handler for each type of message; `happened` for events, in their order."""

    def overhear(self, message: dict[str, Any]) -> bool:
        if message["type"] != "session.event" or not self.is_open or self.backlog.is_half_full:
            return False
        event = translate.announced(message["event"])
        if self.room.lobby.own in message.get("but", ()) or not self.room.has_nothing_but_to_tell(event):
            return False
        self.pour_at_once(event.seq, event.wire)
        self.room.take(event)
        return True

    async def session_event(self, message: dict[str, Any]) -> None:
        """An event, or its number alone; then those whom it is for wait for what is sent to them by
        themselves."""
        awaits_more = self.room.place is Place.INSIDE and self.room.lobby.own in message.get("but", ())
        if self.is_open and not awaits_more:
            await self.happened(translate.announced(message["event"]))

    async def session_reaction(self, message: dict[str, Any]) -> None:
        if self.is_open and self.room.place is Place.INSIDE:
            self.reactions.add(message["by"], message["emoji"])
            self.timers.start("reactions", times.GATHER)

    async def tell_reactions(self) -> None:
        await self.tell_inside(self.reactions.take())

    async def session_passed(self, message: dict[str, Any]) -> None:
        await self.tell_inside(translate.passed_on(message["by"], message["message"]))

    async def session_told(self, message: dict[str, Any]) -> None:
        await self.tell_inside(translate.told_alone(message["message"]))

    async def session_moved(self, message: dict[str, Any]) -> None:
        if self.is_open and self.room.place is Place.INSIDE:
            await self.tell(schema.Moved())
            await self.shut(MOVED)

    async def session_removed(self, message: dict[str, Any]) -> None:
        if self.is_open and self.room.place is Place.INSIDE:
            self.room.place = Place.OVER
            await self.tell(schema.Removed(reason=message["reason"], barred=message["barred"]))
            await self.shut(NOT_ALLOWED)

    async def session_guests(self, message: dict[str, Any]) -> None:
        """A link was withdrawn: is it the one of this person?"""
        if self.as_guest:
            await self.remind("beat")

    async def session_look(self, message: dict[str, Any]) -> None:
        """Something about this person has changed: may they still be here?"""
        await self.remind("beat")

    async def session_safe(self, message: dict[str, Any]) -> None:
        safe = message["safe"]
        trouble = egress.TROUBLES.get(safe["trouble"], safe["trouble"])
        told = {**safe, "trouble": trouble and str(trouble)}
        await self.tell_inside(schema.RecordingSafe.model_validate(told))

    async def media_leaving(self, message: dict[str, Any]) -> None:
        await self.tell_inside(schema.MediaLeaving(seconds=message["seconds"]))

    async def media_lost(self, message: dict[str, Any]) -> None:
        await self.tell_inside(schema.MediaLost())

    async def media_back(self, message: dict[str, Any]) -> None:
        spread = spread_of(self.room.others)
        await self.tell_inside(schema.MediaBack(restarted=message["restarted"], spread=spread))

    async def happened(self, *events: schema.Event) -> None:
        """Tell the page what it is to know of `events`, and look for those that should have come before."""
        before = self.room.lobby
        await self.tell_events(*self.room.take(*events))
        await self.look_at(self.room.due())
        if self.room.lobby.session.state != before.session.state:
            await self.hello()
        elif self.room.place is Place.WAITING and self.room.lobby != before:
            self.timers.start("hello", times.HELLO)
        if self.room.stream.has_gap:
            self.timers.start("gap", times.GAP)
        if self.watches_recording:
            self.timers.start("safe", times.SAFE)

    async def look_at(self, due: set[Due]) -> None:
        """What happened may mean something for who comes in, who sends what, and who leads."""
        if self.room.place is Place.WAITING and Due.DOOR in due:
            self.timers.start("door", 0)
        if self.room.place is Place.WAITING and Due.LOBBY in due and self.room.lobby.you.lobby == "waiting":
            self.timers.start("line", times.HELLO)
        if self.room.place is not Place.INSIDE:
            return
        if Due.ROLE in due:
            self.waiting_told = []
        self.look_at_rights(due)
        if Due.LEAD in due and self.room.leads:
            self.timers.start("lead", times.LEAD)
        if Due.LOBBY in due and self.room.leads:
            self.timers.start("lobby", 0)
        if Due.BARRED in due:
            await self.tell_who_is_barred()
        if Due.POLLS in due:
            seen = await self.call(polls.all_polls, seat=self.seat)
            await self.tell(schema.Polls.model_validate({"polls": seen}, strict=False))

    def look_at_rights(self, due: set[Due]) -> None:
        if Due.OWN_RIGHTS in due:
            self.timers.start("rights", 0)
        if Due.ALL_RIGHTS in due and not self.room.leads:
            self.timers.start("rights", random.uniform(*times.RIGHTS))

    async def repeat(self, *events: schema.Event) -> None:
        """Tell events again that the page has had; the others come in their turn."""
        for event in events:
            if event.seq <= self.room.stream.seq:
                await self.pour(event.seq, event.wire)
            else:
                await self.happened(event)
