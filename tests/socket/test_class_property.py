"""Whatever happens in a class, in whatever order, with connections cut at any moment and announcements lost,
doubled and swapped: what each page makes of snapshot and events, with the browser's own code, is what a fresh
snapshot shows. `make soak`: fifty people, a hundred thousand events."""

from __future__ import annotations

import os
import random
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from channels.layers import get_channel_layer
from django.test import Client

from accounts.models import Role
from classrooms.live import leading
from classrooms.live.seats import Outside
from signaling.database import in_tenant
from tenants.refusals import Refusal
from tests.conftest import NOON, Guest
from tests.socket.conftest import beat, rows
from tests.socket.replica import Replica, opened_anew, reducing

PEOPLE = int(os.environ.get("CLASS_PEOPLE", "8"))
EVENTS = int(os.environ.get("CLASS_EVENTS", "250"))
SEEDS = range(int(os.environ.get("CLASS_SEEDS", "3")))
ROUND = int(os.environ.get("CLASS_ROUND", "100"))  # steps, after which some are compared
GUESTS = 2
TWINS = 5  # people a round who open the page anew
EMOJI = ["👍", "❤️", "🎉"]
CHAT = ["say", "edit_message", "delete_message", "react_to"]
RULES = ["mic", "camera", "screen", "chat", "private_chat", "captions", "waiting_room", "locked"]

ALONE = ["set_rules", "ask_to_unmute", "lower_hand", "lower_hands", "hand_lead", "show_poll", "delete_poll"]
ALONE += ["turn_away", "give_screen", "send_back"]
LEADING = [*ALONE, "stop", "remove", "appoint", *["let_speak", "admit", "ask_poll", "end_poll", "let_in"] * 2]
TAKING_PART = ["leave", "lower_own", *["raise_hand", "edit_message", "react_to", "vote"] * 3, *["say"] * 6]
TAKING_PART += ["delete_message", "consent"]


class Play:
    """Random steps of random people; the first two are teachers of the class."""

    def __init__(self, people: list[Replica], seed: int, clock: Any) -> None:
        self.people, self.clock = people, clock
        self.dice = random.Random(seed)
        self.numbers = [1]
        self.polls = [1]
        self.step_count = 0

    async def step(self) -> None:
        self.step_count += 1
        self.clock.pass_by(seconds=2 / len(self.people))
        by = self.dice.choice(self.people)
        if by.page is None:
            await by.come(anew=self.maybe(0.3))
        elif self.maybe(0.08):
            await by.cut()
        elif by.waits:
            await by.ask_again()
        elif self.maybe(0.01):
            await self.put_out_from_elsewhere(by)
        else:
            leads = by in self.people[:2] or self.maybe(0.05)  # who may not is refused
            what = self.dice.choice(LEADING if leads and self.dice.random() < 0.7 else TAKING_PART)
            await self.act(by, what)
            if self.dice.random() < 0.5:
                await by.catch_up()

    async def act(self, by: Replica, what: str) -> None:
        if what == "lower_own":
            await by.send("lower_hand", participant=by.id)
        elif what in ("leave", "raise_hand", "lower_hands"):
            await by.send(what)
        elif what == "consent":
            await by.send(what, given=self.maybe(0.5))
        elif what in CHAT:
            await by.send(what, **self.written(by, what))
        elif what.endswith("_poll") or what == "vote":
            await by.send(what, **self.polled(what))
        else:
            await by.send(what, **self.led(what))

    def written(self, by: Replica, what: str) -> dict[str, Any]:
        number, text = self.dice.choice(self.numbers), f"line {self.step_count}"
        if what == "say":
            other = self.dice.choice(self.people).id
            to = {"to": other} if self.maybe(0.3) and other != by.id else {}
            reply = {"reply": number} if self.maybe(0.3) else {}
            return {"key": f"{self.step_count}", "text": text, **to, **reply}
        reacts = {"emoji": self.dice.choice(EMOJI), "on": self.maybe(0.7)}
        more: dict[str, dict[str, Any]] = {"edit_message": {"text": f"{text}, edited"}, "react_to": reacts}
        return {"message": number, **more.get(what, {})}

    def polled(self, what: str) -> dict[str, Any]:
        if what == "ask_poll":
            kind = {each: self.maybe(0.5) for each in ("several", "by_name", "live")}
            text = f"{self.step_count}"
            return {"key": text, "question": f"{text}?", "choices": ["a", "b", "c"], **kind}
        if what == "vote":
            return {"poll": max(self.polls), "chosen": [self.dice.randrange(3)]}
        return {"poll": self.dice.choice(self.polls)}

    def led(self, what: str) -> dict[str, Any]:
        if what == "set_rules":
            rule = self.dice.choice(RULES)
            return {rule: self.maybe(0.1 if rule == "locked" else 0.7)}
        whom = {"participant": self.dice.choice(self.people).id}
        if what == "stop":
            kind = {"what": self.dice.choice(["mic", "camera", "screen"])}
            return kind | whom if self.maybe(0.7) else kind
        if what == "let_in":
            return whom if self.maybe(0.7) else {}
        put_out = {"bar": self.maybe(0.5), "reason": self.dice.choice(["", "Too loud"])}
        more = {"remove": put_out, "appoint": {"co_teacher": self.maybe(0.4)}}
        more["turn_away"] = {"reason": self.dice.choice(["", "Not now"])}
        return whom | more.get(what, {})

    async def open_to_all(self) -> None:
        """Those who lead have the class full again: in a long one nobody would be left."""
        leading = self.people[0]
        if leading.page is None:
            await leading.come()
        await leading.send("set_rules", locked=False, chat=True)
        for each in self.people:
            if each.page is None and each.id:
                self.clock.pass_by(seconds=1)
                await leading.send("let_in", participant=each.id)
                await leading.catch_up()

    async def put_out_from_elsewhere(self, one: Replica) -> None:
        """A teacher does it over the API, inside or not."""
        by = self.dice.choice(self.people[:2]).who.member
        outside = Outside(one.live.pk, by.pk, "")
        at = self.clock()

        def remove() -> None:
            with suppress(Refusal):
                leading.remove(seat=outside, participant=one.id, reason="", bar=False, at=at)

        await in_tenant(one.live.tenant, remove)

    def maybe(self, share: float) -> bool:
        return self.dice.random() < share

    async def settle(self, live: Any) -> int:
        """Everybody is there and knows all that has happened; answers how much that is."""
        self.clock.pass_by(seconds=5)
        await beat(live)
        for each in self.people:
            await each.catch_up()
        await self.end_polls()
        last, count = -1, lambda: type(live).objects.get().last_seq
        while last != (now := await rows(live, count)):
            last = now
            await beat(live)
            for each in self.people:
                await each.catch_up_to(last)
        shown = await self.people[0].show()
        self.numbers = [each["id"] for each in shown["messages"][-40:]] or [1]
        self.polls = [each["id"] for each in shown["polls"][-6:]] or [1]
        return last

    async def end_polls(self) -> None:
        """Counts of running polls are told in their own time: compared are those that are over."""
        leading = self.people[0]
        if leading.page is None:
            await leading.come()
        for poll in (await leading.show())["polls"]:
            if poll["ended_at"] is None:
                await leading.send("end_poll", poll=poll["id"])
        await leading.catch_up()


@pytest.fixture
def crowd(person, tenant, teacher, admin, live, make_link):
    """The two who lead, students, and guests who have to be let in."""
    path = make_link(live)
    guests = [Guest(None, Client(), NOON) for _ in range(GUESTS)]
    for number, each in enumerate(guests):
        each.come(path, f"G{number} Guest")
    students = [person(tenant, Role.STUDENT, f"S{n} Student") for n in range(PEOPLE - 2 - GUESTS)]
    return [teacher, admin, *students, *guests]


@pytest.fixture
def careless(monkeypatch):
    """Of what is announced, to the class or to one alone, some is lost, some comes twice, and some late."""
    layer, dice = get_channel_layer(), random.Random(7)
    sends, held = {name: getattr(layer, name) for name in ("group_send", "send")}, []

    async def pass_on(name, to, message):
        luck = dice.random() if message["type"] == "session.event" else 1
        if luck < 0.01:
            return
        if luck < 0.03:
            held.append((name, to, message))
            return
        late = [*held]
        held.clear()
        for how, whom, what in [(name, to, message), *late, *([(name, to, message)] if luck < 0.05 else [])]:
            await sends[how](whom, what)

    for name in sends:
        monkeypatch.setattr(layer, name, partial(pass_on, name))


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_page_ends_in_what_a_fresh_snapshot_shows(page, crowd, live, clock, careless, seed):
    await rows(live, lambda: type(live).objects.update(entry="school", guests_wait=True))
    async with reducing() as reducer:
        play = Play([Replica(who, page, live, reducer) for who in crowd], seed, clock)
        for each in play.people:
            await each.come()
        told = 0
        while told < EVENTS:
            await play.open_to_all()
            for _ in range(ROUND):
                await play.step()
            told = await play.settle(live)
            inside = [at for at, each in enumerate(play.people) if each.is_inside]
            chosen = inside if told >= EVENTS else play.dice.sample(inside, min(TWINS, len(inside)))
            for at in chosen:
                play.people[at] = await opened_anew(play.people[at])
        assert told >= EVENTS
