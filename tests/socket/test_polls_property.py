"""Whatever is asked, voted, ended, deleted, and whoever becomes a co-teacher, with connections cut at any
moment: snapshot and events end in what a fresh snapshot shows, for everyone, and no vote is heard by
others."""

import json
import random
from typing import Any

import pytest

from tests.socket.conftest import rows

STEPS = 45


class Voter:
    """A page that keeps its polls as the browser does, and its whole wire."""

    def __init__(self, who, open_page, live) -> None:
        self.who, self.open_page, self.live = who, open_page, live
        self.page: Any = None
        self.polls: dict[int, dict[str, Any]] = {}
        self.seen = 0
        self.wire = ""
        self.id = ""

    async def come(self) -> None:
        self.page = await self.open_page(self.who, self.live)
        joined = await self.page.join(**({"since": self.seen} if self.seen else {}))
        self.id = joined["you"]
        self.wire += json.dumps(joined["polls"])
        self.polls = {each["id"]: each for each in joined["polls"]}
        if joined["type"] == "joined":
            self.seen = joined["seq"]

    async def cut(self) -> None:
        await self.page.close()
        self.page = None

    async def catch_up(self) -> None:
        for event in await self.page.up_to_date():
            self.take(event)

    async def catch_up_to(self, seq: int) -> None:
        while self.seen < seq:
            self.take(await self.page.next())
        await self.catch_up()

    def take(self, event: dict[str, Any]) -> None:
        if "poll" in event["type"]:
            self.wire += json.dumps(event)
        if event.get("seq", 0) > self.seen:
            assert event["seq"] == self.seen + 1, "a number is missing"
            self.seen = event["seq"]
        self.hear(event)

    def hear(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "polls":
                self.polls = {each["id"]: each for each in event["polls"]}
            case "poll_started":
                self.polls[event["poll"]["id"]] = event["poll"]
            case "poll_deleted":
                self.polls.pop(event["poll"], None)
            case "vote_noted" if event["poll"] in self.polls:
                self.polls[event["poll"]]["mine"] = event["chosen"]
            case "poll_counted" | "poll_ended" if event["poll"] in self.polls:
                self.count(self.polls[event["poll"]], event)

    def count(self, poll: dict[str, Any], event: dict[str, Any]) -> None:
        poll |= {"counts": event["counts"], "voters": event["voters"]}
        if event["type"] == "poll_ended":
            poll |= {"ended_at": event["ended_at"], "mine": poll["mine"] if poll["by_name"] else None}
            return
        fresh = {each["participant"] for each in event["votes"]}
        poll["votes"] = [each for each in poll["votes"] if each["participant"] not in fresh] + event["votes"]


def comparable(polls):
    return {
        number: poll | {"votes": sorted(poll["votes"], key=lambda each: each["participant"])}
        for number, poll in polls.items()
    }


class Play:
    """Random steps: the first two people lead, the others vote, and one of those comes to lead at times."""

    def __init__(self, people: list[Voter], seed: int, clock) -> None:
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

    async def lead(self, one: Voter, n: int) -> None:
        number = self.dice.choice([*one.polls, 1])
        match self.dice.choice(["ask", "ask", "ask", "end", "show", "delete", "appoint"]):
            case "ask":
                several, by_name, live = (self.dice.random() < 0.5 for _ in range(3))
                kind = {"several": several, "by_name": by_name, "live": live}
                await one.page.send("ask_poll", key=f"k{n}", question=f"{n}?", choices=["a", "b"], **kind)
            case "appoint":
                on = self.dice.random() < 0.5
                await one.page.send("appoint", participant=self.people[-1].id, co_teacher=on)
            case verb:
                await one.page.send(f"{verb}_poll", poll=number)

    async def vote(self, one: Voter) -> None:
        running = [each["id"] for each in one.polls.values() if each["ended_at"] is None] or [1]
        await one.page.send("vote", poll=running[-1], chosen=[self.dice.randrange(2)])


@pytest.mark.parametrize("seed", range(5))
async def test_snapshot_and_events_end_alike_and_votes_stay_with_their_people(
    page, teacher, student, classmate, admin, live, clock, seed
):
    await rows(live, lambda: type(live).objects.update(entry="school"))
    people = [Voter(who, page, live) for who in (teacher, admin, student, classmate)]
    for each in people:
        await each.come()
    play = Play(people, seed, clock)
    for n in range(STEPS):
        await play.step(n)
    for each in [each for each in people if each.page is None]:
        await each.come()
    for each in people:
        await each.catch_up()
    clock.pass_by(seconds=5)
    teaching = people[0]
    for poll in [each for each in teaching.polls.values() if each["ended_at"] is None]:
        await teaching.page.send("end_poll", poll=poll["id"])
        await teaching.catch_up()
    last = await rows(live, lambda: type(live).objects.get().last_seq)
    for each in people:
        await each.catch_up_to(last)
    for each in people:
        fresh = Voter(each.who, page, live)
        await fresh.come()
        assert comparable(fresh.polls) == comparable(each.polls)
        await fresh.cut()
    student_wire = people[2].wire
    assert '"votes": [{' not in student_wire, "a student never hears who chose what"
    assert any(each.polls for each in people)
