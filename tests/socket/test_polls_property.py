"""Whatever is asked, voted, ended, deleted, and whoever becomes a co-teacher, with connections cut at any
moment: snapshot and events end in what a fresh snapshot shows, for everyone, and no vote is heard by
others."""

import random
from typing import Any

import pytest

from tests.socket.conftest import rows
from tests.socket.replica import Replica, all_there, opened_anew, reducing

STEPS = 45


async def polls_of(one: Replica) -> list[dict[str, Any]]:
    return (await one.show())["polls"]


class Play:
    """Random steps: the first two people lead, the others vote, and one of those comes to lead at times."""

    def __init__(self, people: list[Replica], seed: int, clock) -> None:
        self.people, self.clock = people, clock
        self.dice = random.Random(seed)

    async def step(self, n: int) -> None:
        self.clock.pass_by(seconds=self.dice.choice([0.1, 2]))
        one = self.dice.choice(self.people)
        if one.page is None:
            return await one.come()
        if self.dice.random() < 0.12:
            return await one.cut()
        await (self.lead(one, n) if one in self.people[:2] else self.vote(one))
        if self.dice.random() < 0.8:
            await one.catch_up()

    async def lead(self, one: Replica, n: int) -> None:
        number = self.dice.choice([*[each["id"] for each in await polls_of(one)], 1])
        match self.dice.choice(["ask", "ask", "ask", "end", "show", "delete", "appoint"]):
            case "ask":
                several, by_name, live = (self.dice.random() < 0.5 for _ in range(3))
                kind = {"several": several, "by_name": by_name, "live": live}
                await one.send("ask_poll", key=f"k{n}", question=f"{n}?", choices=["a", "b"], **kind)
            case "appoint":
                on = self.dice.random() < 0.5
                await one.send("appoint", participant=self.people[-1].id, co_teacher=on)
            case verb:
                await one.send(f"{verb}_poll", poll=number)

    async def vote(self, one: Replica) -> None:
        running = [each["id"] for each in await polls_of(one) if each["ended_at"] is None] or [1]
        await one.send("vote", poll=running[-1], chosen=[self.dice.randrange(2)])


@pytest.mark.parametrize("seed", range(5))
async def test_snapshot_and_events_end_alike_and_votes_stay_with_their_people(
    page, teacher, student, classmate, admin, live, clock, seed
):
    await rows(live, lambda: type(live).objects.update(entry="school"))
    async with reducing() as reducer:
        people = [
            Replica(who, page, live, reducer, keeps_wire=True) for who in (teacher, admin, student, classmate)
        ]
        for each in people:
            await each.come()
        play = Play(people, seed, clock)
        for n in range(STEPS):
            await play.step(n)
        clock.pass_by(seconds=5)
        await all_there(people, live, clock())
        teaching = people[0]
        for poll in [each for each in await polls_of(teaching) if each["ended_at"] is None]:
            await teaching.send("end_poll", poll=poll["id"])
            await teaching.catch_up()
        last = await rows(live, lambda: type(live).objects.get().last_seq)
        for each in people:
            await each.catch_up_to(last)
        assert any([await polls_of(each) for each in people])
        for each in people:
            await opened_anew(each)
    student_wire = people[2].wire
    assert '"votes": [{' not in student_wire, "a student never hears who chose what"
