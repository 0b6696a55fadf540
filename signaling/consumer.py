"""The classroom socket: decode, match, call the class, send what comes back."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, ParamSpec, TypeVar

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error as DatabaseError
from django.utils import timezone, translation
from pydantic import ValidationError

from classrooms.guests.passes import guest_of
from classrooms.live import (
    actions,
    captions,
    chat,
    direct,
    egress,
    leading,
    lobby,
    polls,
    relays,
    screens,
    visits,
)
from classrooms.live.announce import Letter, captioning, group_name, post, reaction, readers_of
from classrooms.live.media import TOKEN_LASTS, Pass
from classrooms.live.refusals import NoLongerMember
from classrooms.live.rules import DESERTED, check_inside
from classrooms.live.seats import Seat
from signaling import schema, translate
from signaling.asked import ACTIONS, asked_for
from signaling.database import in_tenant
from signaling.languages import language_of
from signaling.limits import Backlog, Pace, check_size
from signaling.reactions import Gathered
from signaling.refusals import Failed, Malformed
from signaling.room import Due, Place, Room
from signaling.sessions import still_signed_in
from signaling.timers import Timers
from signaling.watch import State, media_watch, spread_of
from tenants.refusals import Refusal
from turncreds.actions import IceServers

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

SIGNED_OUT, NOT_ALLOWED, NOTHING_HERE, BROKEN = 4401, 4403, 4404, 1011
TOO_SLOW, MOVED, TOO_FAST = 4408, 4409, 4429
CLOCK = "aula.now"  # a key of the ASGI scope that no client can set: tests pass their clock here
BEAT = 20.0  # seconds between signs of life
FIRST_BEAT = (1.0, 3.0)  # early, for what was announced while the subscription was under way; spread out
HELLO = 0.5  # changes at the door are told together
SAFE = 3.0  # between two words on how much of a recording is stored
RIGHTS = (0.0, 2.0)  # a rule for all has all of them get a new token: spread out
GATHER = 0.5  # reactions of so many seconds are told together
COUNT = 1.0  # votes within it are told together
GAP = 0.3  # how long a missing event may still come by itself
RENEW = timedelta(minutes=3)  # before the media token runs out
NEVER = datetime.min.replace(tzinfo=UTC)
RELAYS_AGAIN = timedelta(minutes=1)  # where there was no relay for this page

SAME_FOR_ALL = {
    "session.event",
    "session.reaction",
    "session.subtitle",
}  # in no language: for five hundred pages at a time

CHANGES: dict[type[schema.Message], Callable[..., None]] = {
    schema.EditMessage: chat.edit,
    schema.DeleteMessage: chat.delete,
    schema.ReactTo: chat.react,
}


class ClassroomConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """One person's socket to one class. When it closes, from whichever side, it gives up its seat."""

    room: Room
    seat: Seat
    media_until: datetime

    def __init__(self) -> None:
        super().__init__()
        self.pace = Pace()
        self.backlog = Backlog()
        self.timers = Timers(self.remind)
        self.reactions = Gathered()
        self.group = ""
        self.relays_until = NEVER  # what the page was told last
        self.waiting_told: list[dict[str, Any]] = []
        self.direct = False  # whether it may call directly, as told last
        self.captions: dict[str, bool] = {}  # whether they are allowed and wanted, as told last
        self.captioning: schema.Captioned = "off"  # what becomes of what this person says
        self.readers = ""  # the group of those who read captions, while this one does
        self.is_open = False

    # ── coming and going ─────────────────────────────────────────────────────────────────────────

    async def connect(self) -> None:
        """Turn away whoever may not see the class, as if it did not exist; greet everyone else."""
        self.clock: Callable[[], datetime] = self.scope.get(CLOCK, timezone.now)
        self.tenant = self.scope["tenant"]
        self.as_guest = bool(self.scope["url_route"]["kwargs"].get("as_guest"))
        if not self.as_guest and not self.scope["user"].is_authenticated:
            await self.accept()
            await self.close(SIGNED_OUT)
            return
        session = self.scope["url_route"]["kwargs"]["session"]
        self.group = group_name(self.tenant.slug, session)
        await self.channel_layer.group_add(self.group, self.channel_name)  # before reading: nothing is missed
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
        self.timers.start("beat", random.uniform(*FIRST_BEAT))

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

    async def shut(self, code: int) -> None:
        """Close from this side. Nothing is read afterwards."""
        await self.give_up()
        await self.close(code)

    async def give_up(self) -> None:
        """Free the seat and stop listening, once. A seat that cannot be freed now is swept later."""
        self.timers.close()
        media_watch.forget(self.channel_name)
        was_open, self.is_open = self.is_open, False
        if was_open and self.room.place is Place.INSIDE:
            try:
                await self.call(actions.leave, seat=self.seat, at=self.clock(), lost=True)
            except (Refusal, DatabaseError):
                logger.warning("A seat could not be freed", exc_info=True)
        await self.read_captions(False)
        if self.group:
            group, self.group = self.group, ""
            await self.channel_layer.group_discard(group, self.channel_name)

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

    # ── from the page ────────────────────────────────────────────────────────────────────────────

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.is_open:
            return
        message, at = None, self.clock()
        try:
            self.pace.check(at)
            check_size(text_data, bytes_data)
            message = read(text_data)
            await self.answer(message, at)
        except Refusal as no:
            await self.refuse(no, message)
        except DatabaseError:
            logger.exception("The database failed a classroom socket")
            await self.refuse(Failed(), message)

    async def answer(self, message: schema.ClientMessage, at: datetime) -> None:
        match message:
            case schema.Ping(n=n, seen=seen):
                self.backlog.seen(seen or 0)
                await self.tell(schema.Pong(n=n))
            case schema.Join(since=since):
                self.pace.check_join(at)
                await self.join(since, at)
            case schema.Leave():
                await self.call(actions.leave, seat=self.seat, at=at)
                await self.wait(at)
            case schema.Say():
                self.pace.check_line(at)
                before = await self.call(
                    chat.say, seat=self.seat, at=at, **message.model_dump(exclude={"type"})
                )
                await self.repeat(*translate.events([before] if before else []))
            case schema.History(before=before):
                self.pace.check_page(at)
                messages, more = await self.call(chat.earlier, seat=self.seat, before=before)
                await self.pour(
                    self.room.stream.seq, translate.earlier(before, messages, more).model_dump_json()
                )
            case schema.React(emoji=emoji):
                await self.react(emoji, at)
            case schema.EditMessage() | schema.DeleteMessage() | schema.ReactTo():
                await self.change_message(message, at)
            case _ if type(message) in ACTIONS:
                action, details = asked_for(message)
                await self.call(action, seat=self.seat, at=at, **details)
            case _:
                await self.pass_round(message, at)

    async def change_message(
        self, message: schema.EditMessage | schema.DeleteMessage | schema.ReactTo, at: datetime
    ) -> None:
        self.pace.check_line(at)
        what = message.model_dump(exclude={"type"})
        await self.call(CHANGES[type(message)], seat=self.seat, at=at, **what)

    async def vote(self, poll: int, chosen: list[int], at: datetime) -> None:
        self.pace.check_line(at)
        waits = await self.call(polls.vote, seat=self.seat, poll=poll, chosen=chosen, at=at)
        await self.tell(schema.VoteNoted(poll=poll, chosen=sorted(chosen)))
        if waits:
            self.timers.start("count", COUNT)

    async def tell_counts(self) -> None:
        await self.call(polls.tell_counts, session_id=self.seat.session_id, at=self.clock())

    async def react(self, emoji: schema.Emoji, at: datetime) -> None:
        """To what goes on. No database: whoever is inside may."""
        check_inside(state=self.room.lobby.session.state, here=self.room.place is Place.INSIDE)
        self.pace.check_reaction(at)
        await post([reaction(self.group, by=self.own, emoji=emoji)])

    async def caption(
        self, message: schema.WantCaptions | schema.Caption | schema.Captioning, at: datetime
    ) -> None:
        match message:
            case schema.WantCaptions(wanted=wanted):
                self.pace.check_caption(at)
                await self.call(captions.want, seat=self.seat, wanted=wanted, at=at)
                await self.read_captions(wanted)
            case schema.Caption(final=final):
                if final:
                    self.pace.check_caption(at)
                elif not self.pace.has_room_for_caption(at):
                    return
                said = message.model_dump(exclude={"type"})
                await self.call(captions.caption, seat=self.seat, said=said, at=at)
            case schema.Captioning(state=state):
                check_inside(state=self.room.lobby.session.state, here=self.room.place is Place.INSIDE)
                self.pace.check_caption(at)
                self.captioning = state
                await post([captioning(by=self.own, state=state, group=readers_of(self.group))])

    async def read_captions(self, wanted: bool) -> None:
        """Hear what is passed on to those who read captions, or no longer."""
        if wanted and not self.readers:
            self.readers = readers_of(self.group)
            await self.channel_layer.group_add(self.readers, self.channel_name)
        elif self.readers and not wanted:
            group, self.readers = self.readers, ""
            await self.channel_layer.group_discard(group, self.channel_name)

    @property
    def own(self) -> str:
        """This person's participant; nobody's before there is one."""
        return self.room.lobby.own or ""

    async def share_screen(self, on: bool, at: datetime) -> None:
        media = await self.call(screens.share_screen, seat=self.seat, on=on, at=at)
        self.media_until = at + TOKEN_LASTS
        await self.tell(translate.screen_granted(on, media))

    async def pass_round(self, message: schema.ClientMessage, at: datetime) -> None:
        """What others hear of more than by an event of the class."""
        match message:
            case schema.Signal() | schema.OfferFiles() | schema.SettleFiles():
                await self.pass_on(message, at)
            case schema.WantCaptions() | schema.Caption() | schema.Captioning():
                await self.caption(message, at)
            case schema.Vote(poll=poll, chosen=chosen):
                await self.vote(poll, chosen, at)
            case schema.ShareScreen(on=on):
                await self.share_screen(on, at)

    async def pass_on(
        self, message: schema.Signal | schema.OfferFiles | schema.SettleFiles, at: datetime
    ) -> None:
        """To one other person, who connects directly with this one."""
        for_call = isinstance(message, schema.Signal) and message.purpose == "call"
        if isinstance(message, schema.OfferFiles):
            self.pace.check_offer(at)
        what = translate.to_pass_on(message)
        await self.call(direct.pass_on, seat=self.seat, to=message.to, for_call=for_call, message=what, at=at)

    async def join(self, since: int | None, at: datetime) -> None:
        inside = await self.call(actions.enter, seat=self.seat, since=since, at=at)
        if isinstance(inside, lobby.Waits):
            await self.look_again(at)
            await self.tell(schema.Waiting(since=inside.since))
            return
        await self.offer_relays(at)
        self.direct, self.captions = inside.direct_calls, inside.captions
        await self.read_captions(False)
        await self.pour(inside.seq, translate.entered(inside, since, at).model_dump_json())
        self.media_until = at + TOKEN_LASTS
        await self.tell_events(*translate.events(inside.missed or []))
        recorded = inside.recording is not None
        own, lead = inside.you, inside.lead
        await self.tell_events(*self.room.enter(inside.seq, own=own, recorded=recorded, lead=lead))
        if self.room.leads:
            self.timers.start("lead", DESERTED.total_seconds())
            await self.tell_who_waits(anew=inside.missed is not None)
        if inside.not_recorded:
            await self.refuse(inside.not_recorded, schema.Record(type="record", wanted="on"))
        if self.watches_recording:
            self.timers.start("safe", SAFE)
        if media_watch.state is State.LOST:
            await self.tell(schema.MediaLost())

    async def offer_relays(self, at: datetime) -> None:
        """Whoever gets none now is in the class all the same: few need one."""
        try:
            issued = await self.call(relays.ice_servers, seat=self.seat, at=at)
        except (Refusal, DatabaseError) as error:
            logger.info("A page got no relay servers: %s", error)
            issued = IceServers([], refresh_at=at + RELAYS_AGAIN, expires_at=at + RELAYS_AGAIN)
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

    # ── from the class ───────────────────────────────────────────────────────────────────────────

    async def session_event(self, message: dict[str, Any]) -> None:
        """An event, or its number alone; then those whom it is for wait for what is sent to them by
        themselves."""
        awaits_more = self.room.place is Place.INSIDE and self.room.lobby.own in message.get("but", ())
        if self.is_open and not awaits_more:
            await self.happened(translate.announced(message["event"]))

    async def session_reaction(self, message: dict[str, Any]) -> None:
        if self.is_open and self.room.place is Place.INSIDE:
            self.reactions.add(message["by"], message["emoji"])
            self.timers.start("reactions", GATHER)

    async def tell_reactions(self) -> None:
        await self.tell_inside(self.reactions.take())

    async def session_passed(self, message: dict[str, Any]) -> None:
        await self.tell_inside(translate.passed_on(message["by"], message["message"]))

    async def session_told(self, message: dict[str, Any]) -> None:
        await self.tell_inside(translate.told_alone(message["message"]))

    async def session_captions(self, message: dict[str, Any]) -> None:
        """Whether captions are wanted; somebody for whom they are new hears from each who speaks what becomes
        of it."""
        if not self.is_open or self.room.place is not Place.INSIDE:
            return
        await self.tell_captions({**self.captions, "wanted": message["wanted"]})
        if message["new"] and self.captioning != "off":
            await post([captioning(by=self.own, state=self.captioning, channel=message["new"])])

    async def session_subtitle(self, message: dict[str, Any]) -> None:
        """One that another will take the place of is left out for a page that hardly follows."""
        said = message["said"]
        if not self.readers or (self.backlog.is_half_full and not said["final"]):
            return
        subtitle = schema.Subtitle.model_validate({"by": message["by"], **said})
        await self.pour(self.room.stream.seq, subtitle.model_dump_json())

    async def session_captioning(self, message: dict[str, Any]) -> None:
        if self.readers:
            await self.tell_inside(schema.CaptioningNow(by=message["by"], state=message["state"]))

    async def tell_captions(self, now: dict[str, bool]) -> None:
        if now != self.captions:
            self.captions = now
            await self.tell(schema.CaptionsChanged(captions=schema.CaptionsNow(**now)))

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
        await self.tell_inside(schema.RecordingSafe.model_validate(message["safe"]))

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
            self.timers.start("hello", HELLO)
        if self.room.stream.has_gap:
            self.timers.start("gap", GAP)
        if self.watches_recording:
            self.timers.start("safe", SAFE)

    async def look_at(self, due: set[Due]) -> None:
        """What happened may mean something for who comes in, who sends what, and who leads."""
        if self.room.place is Place.WAITING and Due.DOOR in due:
            self.timers.start("door", 0)
        if self.room.place is not Place.INSIDE:
            return
        if Due.OWN_RIGHTS in due:
            self.timers.start("rights", 0)
        if Due.ALL_RIGHTS in due and not self.room.leads:
            self.timers.start("rights", random.uniform(*RIGHTS))
        if Due.LEAD in due and self.room.leads:
            self.timers.start("lead", DESERTED.total_seconds())
        if Due.LOBBY in due and self.room.leads:
            self.timers.start("lobby", 0)
        if Due.BARRED in due and self.room.leads:
            people = await self.call(leading.barred_people, seat=self.seat)
            await self.tell(schema.Barred.model_validate({"people": people}, strict=False))
        if Due.POLLS in due:
            seen = await self.call(polls.all_polls, seat=self.seat)
            await self.tell(schema.Polls.model_validate({"polls": seen}, strict=False))

    async def repeat(self, *events: schema.Event) -> None:
        """Tell events again that the page has had; the others come in their turn."""
        for event in events:
            if event.seq <= self.room.stream.seq:
                await self.pour(event.seq, event.wire)
            else:
                await self.happened(event)

    # ── from its own timers ──────────────────────────────────────────────────────────────────────

    async def remind(self, name: str) -> None:
        await self.remind_of({"type": "timer", "name": name})

    async def remind_of(self, message: dict[str, Any]) -> None:
        """Put `message` among those that are handled one after the other."""
        await self.channel_layer.send(self.channel_name, message)

    async def timer(self, message: dict[str, Any]) -> None:
        if not self.is_open:
            return
        reminded = {
            "beat": self.beat,
            "count": self.tell_counts,
            "door": self.look_at_door,
            "lead": self.look_at_lead,
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
            self.timers.start("beat", BEAT)

    async def tell_how_safe(self) -> None:
        """A teacher's socket asks the media server for the whole class, while it is recorded."""
        if not self.watches_recording:
            return
        safe = await egress.safety(self.room.media_name)
        await post([Letter({"type": "session.safe", "safe": asdict(safe)}, group=self.group)])
        self.timers.start("safe", SAFE)

    @property
    def watches_recording(self) -> bool:
        leads = self.room.lobby.you.role == "teacher"
        return leads and self.room.place is Place.INSIDE and self.room.recorded

    async def fill_gap(self) -> None:
        missed = await self.call(actions.missed_events, seat=self.seat, after=self.room.stream.seq)
        await self.happened(*translate.events(missed))

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

    async def tell_who_waits(self, *, anew: bool = False) -> None:
        """To who leads, when it is not what the page was told last: to one that is back `anew` in any
        case."""
        if not self.room.leads:
            return
        people = await self.call(lobby.who_waits, seat=self.seat, at=self.clock())
        if anew or people != self.waiting_told:
            self.waiting_told = people
            await self.tell(schema.WaitingRoom.model_validate({"people": people}, strict=False))

    async def look_again(self, at: datetime) -> None:
        """At the door: the class may have another time or title now."""
        greeting = await self.call(visits.greet, seat=self.seat, at=at)
        lobby = translate.lobby(greeting)
        if lobby != self.room.lobby:
            self.room.wait(greeting.seq, lobby)
            await self.hello()

    async def stay(self, pulse: actions.Pulse, at: datetime) -> None:
        if pulse.sits == "elsewhere":
            await self.session_moved({})
            return
        if pulse.removed is not None:
            await self.session_removed({"reason": pulse.removed, "barred": pulse.barred})
            return
        if pulse.sits == "nowhere":  # swept while this process was held up
            await self.join(self.room.stream.seq, at)
        if pulse.direct_calls != self.direct:
            self.direct = pulse.direct_calls
            await self.tell(schema.DirectCalls(allowed=self.direct))
        await self.tell_captions(pulse.captions)
        if at >= self.media_until - RENEW:
            await self.renew_media()
        await self.look_at_lead()
        await self.tell_who_waits()

    async def renew_media(self) -> None:
        """A token that lasts from now on, with the rights of now."""
        if self.room.place is not Place.INSIDE:
            return
        at = self.clock()
        media: Pass = await self.call(actions.renew_media_pass, seat=self.seat, at=at)
        self.media_until = at + TOKEN_LASTS
        await self.tell(translate.media_token(media))

    # ── to the page ──────────────────────────────────────────────────────────────────────────────

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

    async def refuse(self, no: Refusal, message: schema.ClientMessage | None) -> None:
        """Say no; only whoever lost the right to be here, or cannot stop, is closed as well."""
        await self.tell(translate.refused(no, message))
        if isinstance(no, NoLongerMember):
            await self.call(actions.expel, seat=self.seat, at=self.clock())
            await self.shut(NOT_ALLOWED)
        elif self.pace.abused:
            await self.shut(TOO_FAST)

    async def call(self, action: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run an action in the tenant's scope, which lasts no longer than this."""
        return await in_tenant(self.tenant, action, *args, **kwargs)


def read(text: str | None) -> schema.ClientMessage:
    """Raises Malformed."""
    try:
        return schema.client_messages.validate_json(text or "")
    except ValidationError:
        raise Malformed from None
