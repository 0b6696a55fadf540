"""Into the class and back to its door, and what somebody needs to stay."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import Error as DatabaseError

from classrooms.live import actions, leading, lobby, relays, visits
from classrooms.live.media import TOKEN_LASTS, Pass
from classrooms.live.refusals import NoLongerMember
from signaling import schema, translate
from signaling.classroom import times
from signaling.classroom.captioning import Captioning
from signaling.classroom.page import NEVER, NOT_ALLOWED, TOO_FAST
from signaling.room import Place
from signaling.watch import State, media_watch
from tenants.refusals import Refusal
from turncreds.actions import IceServers

logger = logging.getLogger(__name__)


class Entrance(Captioning):
    """At the door, and inside."""

    async def join(self, since: int | None, at: datetime) -> None:
        inside = await self.call(actions.enter, seat=self.seat, since=since, at=at)
        if isinstance(inside, lobby.Waits):
            await (self.wait(at) if self.room.place is Place.INSIDE else self.look_again(at))
            await self.tell(schema.Waiting(since=inside.since))
            return
        await self.offer_relays(at)
        self.direct, self.captions, self.school = inside.direct_calls, inside.captions, inside.school
        await self.read_captions(False)
        await self.pour(inside.seq, translate.entered(inside, since, at).model_dump_json())
        self.media_until = at + TOKEN_LASTS
        await self.tell_events(*translate.events(inside.missed or []))
        recorded, rules = inside.recording is not None, schema.ClassRules(**inside.rules)
        own, lead = inside.you, inside.lead
        if inside.missed is None:
            self.waiting_told = []
        else:
            await self.tell(schema.Rules(rules=rules))
        since_then = self.room.enter(inside.seq, own=own, recorded=recorded, lead=lead, rules=rules)
        await self.tell_events(*since_then)
        if self.room.leads:
            self.timers.start("lead", times.LEAD)
            await self.tell_who_waits(anew=inside.missed is not None)
            if inside.missed is not None:
                await self.tell_who_is_barred()
        if inside.not_recorded:
            await self.refuse(inside.not_recorded, schema.Record(type="record", wanted="on"))
        if self.watches_recording:
            self.timers.start("safe", times.SAFE)
        if media_watch.state is State.LOST:
            await self.tell(schema.MediaLost())

    async def offer_relays(self, at: datetime) -> None:
        """Whoever gets none now is in the class all the same: few need one."""
        try:
            issued = await self.call(relays.ice_servers, seat=self.seat, at=at)
        except (Refusal, DatabaseError) as error:
            logger.info("A page got no relay servers: %s", error)
            issued = IceServers([], refresh_at=at + times.RELAYS_AGAIN, expires_at=at + times.RELAYS_AGAIN)
            has_some = self.relays_until > at
        else:
            has_some = False
        if not has_some and (issued.servers or self.relays_until > NEVER):
            await self.tell(translate.ice_servers(issued))
            self.relays_until = issued.expires_at if issued.servers else NEVER
        self.timers.start("relays", (issued.refresh_at - at).total_seconds())

    async def renew_relays(self) -> None:
        if self.room.place is Place.INSIDE:
            await self.offer_relays(self.clock())

    async def wait(self, at: datetime) -> None:
        """Back at the door."""
        await self.read_captions(False)
        self.captioning = "off"
        greeting = await self.call(visits.greet, seat=self.seat, at=at)
        self.room.wait(greeting.seq, translate.lobby(greeting))
        await self.hello()

    async def look_again(self, at: datetime) -> None:
        """At the door: the class may have another time or title now."""
        greeting = await self.call(visits.greet, seat=self.seat, at=at)
        lobby = translate.lobby(greeting)
        if lobby != self.room.lobby:
            self.room.wait(greeting.seq, lobby)
            await self.hello()

    async def renew_media(self) -> None:
        """A token that lasts from now on, with the rights of now."""
        if self.room.place is not Place.INSIDE:
            return
        at = self.clock()
        media: Pass = await self.call(actions.renew_media_pass, seat=self.seat, at=at)
        self.media_until = at + TOKEN_LASTS
        await self.tell(translate.media_token(media))

    async def tell_who_waits(self, *, anew: bool = False) -> None:
        """To who leads, when it is not what the page was told last: to one that is back `anew` in any
        case."""
        if not self.room.leads:
            return
        people = await self.call(lobby.who_waits, seat=self.seat, at=self.clock())
        if anew or people != self.waiting_told:
            self.waiting_told = people
            await self.tell(schema.WaitingRoom.model_validate({"people": people}, strict=False))

    async def tell_who_is_barred(self) -> None:
        """To who leads. Nobody but them may read for which reason, so that events do not say it."""
        if self.room.leads:
            people = await self.call(leading.barred_people, seat=self.seat)
            await self.tell(schema.Barred.model_validate({"people": people}, strict=False))

    async def refuse(self, no: Refusal, message: schema.ClientMessage | None) -> None:
        """Say no; only whoever lost the right to be here, or cannot stop, is closed as well."""
        await self.tell(translate.refused(no, message))
        if isinstance(no, NoLongerMember):
            await self.call(actions.expel, seat=self.seat, at=self.clock())
            await self.shut(NOT_ALLOWED)
        elif self.pace.abused:
            await self.shut(TOO_FAST)
