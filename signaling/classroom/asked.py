"""What people in a class, and those who lead it, ask for over their socket, and the action that does it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import Error as DatabaseError
from pydantic import ValidationError

from classrooms.live import actions, chat, direct, leading, lobby, marks, polls, recording, screens
from classrooms.live.announce import post, reaction
from classrooms.live.media import TOKEN_LASTS
from classrooms.live.rules import check_inside
from signaling import schema, translate
from signaling.classroom import times
from signaling.classroom.told import Told
from signaling.limits import check_size
from signaling.refusals import Failed, Malformed
from signaling.room import Place
from tenants.refusals import Refusal

logger = logging.getLogger(__name__)

Action = Callable[..., None]
ACTIONS: dict[type[schema.Message], Action] = {
    schema.RaiseHand: actions.raise_hand,
    schema.LowerHand: actions.lower_hand,
    schema.LostHere: marks.lost_here,
    schema.EndClass: actions.end_class,
    schema.Stop: leading.stop,
    schema.AskToUnmute: leading.ask_to_unmute,
    schema.LowerHands: leading.lower_hands,
    schema.LetSpeak: leading.let_speak,
    schema.GiveScreen: leading.give_screen,
    schema.SetRules: leading.set_rules,
    schema.Remove: leading.remove,
    schema.SendBack: leading.send_back,
    schema.LetIn: lobby.let_in,
    schema.TurnAway: lobby.turn_away,
    schema.Admit: leading.admit,
    schema.Appoint: leading.appoint,
    schema.HandLead: leading.hand_lead,
    schema.Record: recording.record,
    schema.MarkMoment: marks.mark_moment,
    schema.AskPoll: polls.ask,
    schema.EndPoll: polls.end,
    schema.ShowPoll: polls.show,
    schema.DeletePoll: polls.delete,
}
CHANGES: dict[type[schema.Message], Callable[..., None]] = {
    schema.EditMessage: chat.edit,
    schema.DeleteMessage: chat.delete,
    schema.ReactTo: chat.react,
}


def asked_for(message: schema.Message) -> tuple[Action, dict[str, Any]]:
    """The action, and what it is told besides the seat and the time: the fields of the message."""
    details = message.model_dump(exclude={"type"}, exclude_none=isinstance(message, schema.SetRules))
    if isinstance(message, schema.SetRules):
        details = {"changes": details}
    return ACTIONS[type(message)], details


def read(text: str | None) -> schema.ClientMessage:
    """Raises Malformed."""
    try:
        return schema.client_messages.validate_json(text or "")
    except ValidationError:
        raise Malformed from None


class Asked(Told):
    """Decode, match, call the class, send what comes back."""

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
            self.timers.start("count", times.COUNT)

    async def react(self, emoji: schema.Emoji, at: datetime) -> None:
        """To what goes on. No database: whoever is inside may."""
        check_inside(state=self.room.lobby.session.state, here=self.room.place is Place.INSIDE)
        self.pace.check_reaction(at)
        await post([reaction(self.group, by=self.own, emoji=emoji)])

    async def share_screen(self, on: bool, at: datetime) -> None:
        media = await self.call(screens.share_screen, seat=self.seat, on=on, at=at)
        self.media_until = at + TOKEN_LASTS
        await self.tell(translate.screen_granted(on, media))

    async def pass_round(self, message: schema.ClientMessage, at: datetime) -> None:
        """What others hear of more than by an event of the class, or by none."""
        match message:
            case schema.Signal() | schema.OfferFiles() | schema.SettleFiles():
                await self.pass_on(message, at)
            case schema.WantCaptions() | schema.Caption() | schema.Captioning():
                await self.caption(message, at)
            case schema.Vote(poll=poll, chosen=chosen):
                await self.vote(poll, chosen, at)
            case schema.ShareScreen(on=on):
                await self.share_screen(on, at)
            case schema.Consent(given=given):
                await self.call(recording.consent, seat=self.seat, given=given, at=at)
                await self.tell(schema.ConsentNoted(given=given))

    async def pass_on(
        self, message: schema.Signal | schema.OfferFiles | schema.SettleFiles, at: datetime
    ) -> None:
        """To one other person, who connects directly with this one."""
        for_call = isinstance(message, schema.Signal) and message.purpose == "call"
        if isinstance(message, schema.OfferFiles):
            self.pace.check_offer(at)
        what = translate.to_pass_on(message)
        await self.call(direct.pass_on, seat=self.seat, to=message.to, for_call=for_call, message=what, at=at)
