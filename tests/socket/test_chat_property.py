"""Whatever people write, change, take back and react to, in whatever order, with connections cut at any
moment: snapshot and events end in what a fresh snapshot shows, for everyone, and no third person hears a
private word."""

import json
import random
from typing import Any

import pytest

from tests.socket.conftest import rows

EMOJI = ["👍", "❤️", "🎉"]
STEPS = 50


class Reader:
    """A page that keeps its chat as the browser does, and its whole wire."""

    def __init__(self, who, open_page, live) -> None:
        self.who, self.open_page, self.live = who, open_page, live
        self.page: Any = None
        self.messages: dict[int, dict[str, Any]] = {}
        self.seen = 0
        self.wire = ""
        self.id = ""

    async def come(self) -> None:
        self.page = await self.open_page(self.who, self.live)
        joined = await self.page.join(**({"since": self.seen} if self.seen else {}))
        self.id = joined["you"]
        self.wire += json.dumps(joined)
        if joined["type"] == "joined":
            self.messages = {each["id"]: each for each in joined["messages"]}
            self.seen = joined["seq"]

    async def cut(self) -> None:
        await self.page.close()
        self.page = None

    async def catch_up(self) -> None:
        for event in await self.page.up_to_date():
            self.take(event)

    async def catch_up_to(self, seq: int) -> None:
        """A ping may be answered before what others did is told."""
        while self.seen < seq:
            self.take(await self.page.next())

    def take(self, event: dict[str, Any]) -> None:
        self.wire += json.dumps(event)
        if event.get("seq", 0) > self.seen:
            assert event["seq"] == self.seen + 1, "a number is missing"
            self.seen = event["seq"]
            self.hear(event)

    def hear(self, event: dict[str, Any]) -> None:
        if event["type"] == "said":
            self.messages[event["message"]["id"]] = event["message"]
        message = self.messages.get(event["message"]) if isinstance(event.get("message"), int) else None
        if message is None:
            return
        if event["type"] == "message_edited" and not message["deleted"]:
            message["text"], message["edited_at"] = event["text"], event["edited_at"]
            self.requote(message, event["text"][:140], deleted=False)
        if event["type"] == "message_deleted":
            gone = {"text": "", "files": [], "reactions": [], "reply": None, "edited_at": None}
            message |= {**gone, "deleted": event["deleted"]}
            self.requote(message, "", deleted=True)
        if event["type"] == "reacted" and not message["deleted"]:
            self.reacted(message, event)

    def requote(self, message, text, *, deleted) -> None:
        for each in self.messages.values():
            if each["reply"] and each["reply"]["id"] == message["id"]:
                each["reply"] |= {"text": text, "deleted": deleted}

    def reacted(self, message, event) -> None:
        before = next((each for each in message["reactions"] if each["emoji"] == event["emoji"]), None)
        mine = event["on"] if event["participant"] == self.id else bool(before and before["mine"])
        now = {"emoji": event["emoji"], "count": event["count"], "names": event["names"], "mine": mine}
        others = [each for each in message["reactions"] if each["emoji"] != event["emoji"]]
        message["reactions"] = [*others, now] if event["count"] else others


def comparable(messages):
    def same(message):
        ordered = sorted(message["reactions"], key=lambda each: each["emoji"])
        return {**message, "reactions": ordered}

    return [same(each) for each in sorted(messages, key=lambda each: each["id"])]


class Play:
    """Random steps of random people. `private`: what was written privately, and by and to whom."""

    def __init__(self, people: list[Reader], seed: int, clock) -> None:
        self.people, self.seed, self.clock = people, seed, clock
        self.dice = random.Random(seed)
        self.numbers: list[int] = []
        self.private: list[tuple[str, set[int]]] = []

    async def step(self, n: int) -> None:
        self.clock.pass_by(seconds=2)
        one = self.dice.randrange(len(self.people))
        by = self.people[one]
        if by.page is None:
            return await by.come()
        if self.dice.random() < 0.15:
            await by.catch_up()
            return await by.cut()
        if self.numbers and self.dice.random() < 0.5:
            await self.change(by, n)
        else:
            await self.write(by, one, n)
        if self.dice.random() < 0.8:
            await by.catch_up()
        self.numbers = sorted({number for each in self.people for number in each.messages})

    async def write(self, by: Reader, one: int, n: int) -> None:
        reply = {"reply": self.dice.choice(self.numbers)} if self.numbers and self.dice.random() < 0.4 else {}
        if self.dice.random() < 0.4:
            return await by.page.send("say", key=f"{n}", text=f"public {n}", **reply)
        other = self.dice.choice([each for each in range(len(self.people)) if each != one])
        words = f"secret-{self.seed}-{n}-"
        self.private.append((words, {one, other}))
        await by.page.send("say", key=f"{n}", text=words, to=self.people[other].id, **reply)

    async def change(self, by: Reader, n: int) -> None:
        number = self.dice.choice(self.numbers)
        match self.dice.choice(["edit", "edit", "delete", "react", "react", "react"]):
            case "edit":
                text = by.messages.get(number, {}).get("text", "") + f" edited {n}"
                await by.page.send("edit_message", message=number, text=text)
            case "delete":
                await by.page.send("delete_message", message=number)
            case "react":
                what = {"emoji": self.dice.choice(EMOJI), "on": self.dice.random() < 0.7}
                await by.page.send("react_to", message=number, **what)


@pytest.mark.parametrize("seed", range(6))
async def test_snapshot_and_events_end_alike_for_everyone_and_private_stays_private(
    page, teacher, student, classmate, admin, live, clock, seed
):
    await rows(live, lambda: type(live).objects.update(entry="school"))
    people = [Reader(who, page, live) for who in (teacher, student, classmate, admin)]
    for each in people:
        await each.come()
    play = Play(people, seed, clock)
    for n in range(STEPS):
        await play.step(n)
    for each in [each for each in people if each.page is None]:
        await each.come()
    for each in people:
        await each.catch_up()  # from here on all that was asked for is done
    last = await rows(live, lambda: type(live).objects.get().last_seq)
    for each in people:
        await each.catch_up_to(last)
        fresh = Reader(each.who, page, live)
        await fresh.come()
        assert comparable(fresh.messages.values()) == comparable(each.messages.values())
        await fresh.cut()
    assert play.private
    for words, two in play.private:
        for index, each in enumerate(people):
            assert (words in each.wire) <= (index in two), f"{words} was heard by a third"
