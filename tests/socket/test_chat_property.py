"""Whatever people write, change, take back and react to, in whatever order, with connections cut at any
moment: snapshot and events end in what a fresh snapshot shows, for everyone, and no third person hears a
private word."""

import random

import pytest

from tests.socket.conftest import rows
from tests.socket.replica import Replica, all_there, opened_anew, reducing

EMOJI = ["👍", "❤️", "🎉"]
STEPS = 50


class Play:
    """Random steps of random people. `private`: what was written privately, and by and to whom."""

    def __init__(self, people: list[Replica], seed: int, clock) -> None:
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
        self.numbers = [each["id"] for each in (await by.show())["messages"]] or self.numbers

    async def write(self, by: Replica, one: int, n: int) -> None:
        reply = {"reply": self.dice.choice(self.numbers)} if self.numbers and self.dice.random() < 0.4 else {}
        if self.dice.random() < 0.4:
            return await by.send("say", key=f"{n}", text=f"public {n}", **reply)
        other = self.dice.choice([each for each in range(len(self.people)) if each != one])
        words = f"secret-{self.seed}-{n}-"
        self.private.append((words, {one, other}))
        await by.send("say", key=f"{n}", text=words, to=self.people[other].id, **reply)

    async def text_of(self, by: Replica, number: int) -> str:
        texts = {each["id"]: each["text"] for each in (await by.show())["messages"]}
        return texts.get(number, "")

    async def change(self, by: Replica, n: int) -> None:
        number = self.dice.choice(self.numbers)
        match self.dice.choice(["edit", "edit", "delete", "react", "react", "react"]):
            case "edit":
                text = await self.text_of(by, number) + f" edited {n}"
                await by.send("edit_message", message=number, text=text)
            case "delete":
                await by.send("delete_message", message=number)
            case "react":
                what = {"emoji": self.dice.choice(EMOJI), "on": self.dice.random() < 0.7}
                await by.send("react_to", message=number, **what)


@pytest.mark.parametrize("seed", range(6))
async def test_snapshot_and_events_end_alike_for_everyone_and_private_stays_private(
    page, teacher, student, classmate, admin, live, clock, seed
):
    await rows(live, lambda: type(live).objects.update(entry="school"))
    async with reducing() as reducer:
        people = [
            Replica(who, page, live, reducer, keeps_wire=True) for who in (teacher, student, classmate, admin)
        ]
        for each in people:
            await each.come()
        play = Play(people, seed, clock)
        for n in range(STEPS):
            await play.step(n)
        await all_there(people, live, clock())
        last = await rows(live, lambda: type(live).objects.get().last_seq)
        for each in people:
            await each.catch_up_to(last)
            await opened_anew(each)
    assert play.private
    for words, two in play.private:
        for index, each in enumerate(people):
            assert (words in each.wire) <= (index in two), f"{words} was heard by a third"
