"""What a socket does by itself: on signs of life, and when a timer of its own ends."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import Error as DatabaseError

from classrooms.live import actions, egress, leading, polls
from classrooms.live.announce import Letter, post
from signaling import schema, translate
from signaling.classroom import times
from signaling.classroom.page import SIGNED_OUT
from signaling.classroom.told import Told
from signaling.room import Place
from signaling.sessions import still_signed_in
from tenants.refusals import Refusal

logger = logging.getLogger(__name__)


class Reminded(Told):
    """A method for each name a timer may have."""

    async def timer(self, message: dict[str, Any]) -> None:
        if not self.is_open:
            return
        reminded = {
            "beat": self.beat,
            "count": self.tell_counts,
            "door": self.look_at_door,
            "lead": self.look_at_lead,
            "line": self.look_at_door,
            "lobby": self.tell_who_waits,
            "rights": self.renew_media,
            "gap": self.fill_gap,
            "hello": self.hello,
            "reactions": self.tell_reactions,
            "relays": self.renew_relays,
            "safe": self.tell_how_safe,
        }
        try:
            await reminded[message["name"]]()
        except Refusal as no:
            await self.refuse(no, None)
        except DatabaseError:
            logger.exception("The database failed a classroom socket's %s", message["name"])
        if self.is_open:
            self.timers.start("beat", times.BEAT)

    async def tell_how_safe(self) -> None:
        """Whoever leads has their socket ask the media server for the whole class, while it is recorded; in
        their absence every teacher."""
        if not self.watches_recording:
            return
        if self.room.lead == self.own or self.room.lead not in self.room.lobby.here:
            safe = await egress.safety(self.room.media_name)
            await post([Letter({"type": "session.safe", "safe": asdict(safe)}, group=self.group)])
        self.timers.start("safe", times.SAFE)

    async def fill_gap(self) -> None:
        missed = await self.call(actions.missed_events, seat=self.seat, after=self.room.stream.seq)
        await self.happened(*translate.events(missed))

    async def tell_counts(self) -> None:
        await self.call(polls.tell_counts, session_id=self.seat.session_id, at=self.clock())

    async def beat(self) -> None:
        """Every 20 s: is the person still signed in and allowed; here, and where else; did an event get lost;
        does the media token run out?"""
        at = self.clock()
        if not await self.is_signed_in():
            await self.shut(SIGNED_OUT)
            return
        pulse = await self.call(actions.keep_alive, seat=self.seat, after=self.room.stream.seq, at=at)
        await self.happened(*translate.events(pulse.missed))
        if self.room.place is Place.WAITING:
            await self.look_again(at)
        elif self.room.place is Place.INSIDE:
            await self.stay(pulse, at)

    async def is_signed_in(self) -> bool:
        """A guest is not, and stays by their link."""
        key, user = self.scope["session_key"], self.scope["user"]
        class_id = self.scope["url_route"]["kwargs"]["session"]
        where = {"host": self.scope["host"], "school": self.tenant, "class_id": class_id}
        return self.as_guest or await self.call(still_signed_in, key, user, **where, at=self.clock())

    async def look_at_door(self) -> None:
        if self.room.place is Place.WAITING:
            await self.look_again(self.clock())

    async def look_at_lead(self) -> None:
        """Once whoever leads has been away for long, a teacher's socket has somebody else lead."""
        if self.room.leads:
            seat, at = self.seat, self.clock()
            patience = await self.call(leading.take_over, session_id=seat.session_id, at=at)
            if patience:
                self.timers.start("lead", patience.total_seconds())
            await self.tell_counts()  # of whoever voted and was gone before it was told

    async def stay(self, pulse: actions.Pulse, at: datetime) -> None:
        if pulse.sits == "elsewhere":
            await self.session_moved({})
            return
        if pulse.removed is not None:
            await self.session_removed({"reason": pulse.removed, "barred": pulse.barred})
            return
        if pulse.sits == "nowhere":  # swept while this process was held up, or sent to the waiting room
            await self.join(self.room.stream.seq, at)
        if self.room.place is not Place.INSIDE:
            return
        if pulse.direct_calls != self.direct:
            self.direct = pulse.direct_calls
            await self.tell(schema.DirectCalls(allowed=self.direct))
        await self.tell_captions(pulse.captions)
        await self.tell_choices(pulse)
        if at >= self.media_until - times.RENEW:
            await self.renew_media()
        await self.look_at_lead()
        await self.tell_who_waits()

    async def tell_choices(self, pulse: actions.Pulse) -> None:
        """What the school, or the course, has chosen meanwhile: no event says it."""
        if pulse.school != self.school:
            self.school = pulse.school
            await self.tell(schema.SchoolChanged.model_validate(self.school))
        rules = schema.ClassRules(**pulse.rules)
        if (
            pulse.seq == self.room.stream.seq and rules != self.room.rules
        ):  # no event may have changed them since
            self.room.rules = rules
            await self.tell(schema.Rules(rules=rules))
