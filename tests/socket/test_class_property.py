"""Whatever happens in a class, in whatever order, with connections cut at any moment and announcements lost,
doubled and swapped: what each page makes of snapshot and events, with the browser's own code, is what a fresh
snapshot shows. `make soak`: fifty people, a hundred thousand events."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest
from channels.layers import get_channel_layer

from accounts.models import Role
from tests.socket.conftest import beat, rows
from tests.socket.replica import Replica, opened_anew, reducing

PEOPLE = int(os.environ.get("CLASS_PEOPLE", "8"))
EVENTS = int(os.environ.get("CLASS_EVENTS", "250"))
SEEDS = range(int(os.environ.get("CLASS_SEEDS", "3")))
ROUND = int(os.environ.get("CLASS_ROUND", "100"))  # steps, after which some are compared
TWINS = 5  # people a round who open the page anew
EMOJI = ["👍", "❤️", "🎉"]
CHAT = ["say", "edit_message", "delete_message", "react_to"]
RULES = ["mic", "camera", "screen", "chat", "private_chat", "captions"]

ALONE = ["set_rules", "ask_to_unmute", "lower_hand", "lower_hands", "hand_lead", "show_poll", "delete_poll"]
LEADING = [*ALONE, "stop", "remove", "appoint", *["let_speak", "admit", "ask_poll", "end_poll"] * 2]
TAKING_PART = ["leave", "lower_own", *["raise_hand", "edit_message", "react_to", "vote"] * 3, *["say"] * 6]
TAKING_PART += ["delete_message"]


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
            return {self.dice.choice(RULES): self.maybe(0.7)}
        whom = {"participant": self.dice.choice(self.people).id}
        if what == "stop":
            kind = {"what": self.dice.choice(["mic", "camera", "screen"])}
            return kind | whom if self.maybe(0.7) else kind
        put_out = {"bar": self.maybe(0.5), "reason": self.dice.choice(["", "Too loud"])}
        more = {"remove": put_out, "appoint": {"co_teacher": self.maybe(0.4)}}
        return whom | more.get(what, {})

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
def crowd(person, tenant, teacher, admin):
    """The two who lead, and students."""
    students = [person(tenant, Role.STUDENT, f"S{n} Student") for n in range(PEOPLE - 2)]
    return [teacher, admin, *students]


@pytest.fixture
def careless(monkeypatch):
    """Of what is announced to the class some is lost, some comes twice, and some late."""
    layer, dice = get_channel_layer(), random.Random(7)
    send, held = layer.group_send, []

    async def group_send(group, message):
        luck = dice.random() if message["type"] == "session.event" else 1
        if luck < 0.01:
            return
        if luck < 0.03:
            held.append((group, message))
            return
        for each in [(group, message), *held, *([(group, message)] if luck < 0.05 else [])]:
            await send(*each)
        held.clear()

    monkeypatch.setattr(layer, "group_send", group_send)


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_page_ends_in_what_a_fresh_snapshot_shows(page, crowd, live, clock, careless, seed):
    await rows(live, lambda: type(live).objects.update(entry="school"))
    async with reducing() as reducer:
        play = Play([Replica(who, page, live, reducer) for who in crowd], seed, clock)
        for each in play.people:
            await each.come()
        told = 0
        while told < EVENTS:
            for _ in range(ROUND):
                await play.step()
            told = await play.settle(live)
            inside = [at for at, each in enumerate(play.people) if each.page is not None]
            chosen = inside if told >= EVENTS else play.dice.sample(inside, min(TWINS, len(inside)))
            for at in chosen:
                play.people[at] = await opened_anew(play.people[at])
        assert told >= EVENTS
