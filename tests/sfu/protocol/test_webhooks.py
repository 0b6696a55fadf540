"""Webhooks on their way: signed, in order, again until they are taken, never without a bound."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from livekit import api
from livekit.protocol import models
from livekit.protocol.webhook import WebhookEvent

from signaling.sfu import webhooks
from signaling.sfu.clock import LoopClock
from signaling.sfu.drops import WEBHOOK_REASONS, Drops
from signaling.sfu.outbox import Outbox
from signaling.sfu.tally import Tally
from signaling.sfu.webhooks import Webhooks
from tests.sfu.protocol.doubles import KEY, SECRET
from tests.sfu.protocol.engine import joined, running_engine, until

verified = api.WebhookReceiver(api.TokenVerifier(KEY, SECRET))
numbers = itertools.count()


def event(room: str = "demo.biology", name: str = "track_published") -> WebhookEvent:
    return WebhookEvent(event=name, id=f"EV_{next(numbers)}", room=models.Room(name=room))


class Receiver:
    """An HTTP server that believes nothing LiveKit's own receiver does not. `answer` gives the status."""

    def __init__(self) -> None:
        self.taken: list[WebhookEvent] = []
        self.asked = 0
        self.answer: Callable[[WebhookEvent], Any] = lambda event: 200

    async def __aenter__(self) -> Receiver:
        application = web.Application()
        application.router.add_post("/hooks", self._hear)
        self._runner = web.AppRunner(application)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/hooks"
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._runner.cleanup()

    async def _hear(self, request: web.Request) -> web.Response:
        body = await request.text()
        heard = verified.receive(body, request.headers["Authorization"])
        self.asked += 1
        status = self.answer(heard)
        status = await status if asyncio.iscoroutine(status) else status
        if status == 200:
            self.taken.append(heard)
        return web.Response(status=status)

    def ids(self, room: str = "demo.biology") -> list[str]:
        return [event.id for event in self.taken if event.room.name == room]


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as receiver:
        yield receiver


@pytest.fixture
def drops() -> Drops:
    return Drops()


@pytest_asyncio.fixture
async def hooks(receiver: Receiver, drops: Drops, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Webhooks]:
    monkeypatch.setattr(webhooks, "FIRST_PAUSE", 0.01)
    hooks = Webhooks([receiver.url], KEY, SECRET, LoopClock(asyncio.get_running_loop()), drops.count)
    yield hooks
    await hooks.close(0.0)


def tell(hooks: Webhooks, count: int, room: str = "demo.biology") -> list[str]:
    events = [event(room) for _ in range(count)]
    for item in events:
        hooks.tell(item)
    return [item.id for item in events]


async def test_they_arrive_signed_and_in_their_order(receiver: Receiver, hooks: Webhooks) -> None:
    ids = tell(hooks, 30)
    await until(lambda: receiver.ids() == ids, "all events in their order")


async def test_one_that_is_not_taken_comes_again_before_the_next(receiver: Receiver, hooks: Webhooks) -> None:
    answers = iter([500, 503, 429, 200, 502, 200, 200])
    receiver.answer = lambda event: next(answers)
    ids = tell(hooks, 3)
    await until(lambda: receiver.ids() == ids, "all events in their order")
    assert receiver.asked == 7


async def test_a_room_that_waits_holds_up_no_other_room(receiver: Receiver, hooks: Webhooks) -> None:
    receiver.answer = lambda event: (
        200 if event.room.name == "other.history" or receiver.ids("other.history") else 503
    )
    first = tell(hooks, 2)
    tell(hooks, 1, "other.history")
    await until(lambda: receiver.ids() == first, "the events of the room that waited")
    assert receiver.taken[0].room.name == "other.history"


async def test_an_address_that_was_away_gets_everything_when_it_is_back(
    drops: Drops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "FIRST_PAUSE", 0.01)
    async with Receiver() as probe:
        url, port = probe.url, probe._runner.addresses[0][1]
    clock = LoopClock(asyncio.get_running_loop())
    hooks = Webhooks([url], KEY, SECRET, clock, drops.count)
    ids = tell(hooks, 5)
    await asyncio.sleep(0)
    async with Receiver() as receiver:
        site = web.TCPSite(receiver._runner, "127.0.0.1", port)
        await site.start()
        await until(lambda: receiver.ids() == ids, "all events in their order")
        await hooks.close(1.0)


async def test_what_finds_no_place_is_counted_in_the_next_one(
    receiver: Receiver, hooks: Webhooks, drops: Drops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "MOST_OF_A_ROOM", 2)
    may_go = asyncio.Event()

    async def later() -> int:
        await may_go.wait()
        return 200

    receiver.answer = lambda event: later()
    kept = tell(hooks, 5)[:2]
    may_go.set()
    await until(lambda: receiver.ids() == kept, "the two that found place")
    tell(hooks, 1)
    await until(lambda: len(receiver.taken) == 3, "the next one")
    assert [event.num_dropped for event in receiver.taken] == [0, 0, 3]
    assert drops["webhook_full"] == 3


@pytest.mark.parametrize(
    ("bound", "rooms", "kept"),
    [("MOST_OCTETS_OF_A_ROOM", ["one"] * 5, 3), ("MOST_OCTETS", ["one", "two", "three", "four", "five"], 3)],
)
async def test_what_waits_is_bounded_in_octets_and_gives_its_place_back(
    receiver: Receiver,
    hooks: Webhooks,
    drops: Drops,
    monkeypatch: pytest.MonkeyPatch,
    bound: str,
    rooms: list[str],
    kept: int,
) -> None:
    monkeypatch.setattr(webhooks, bound, 35_000)

    def large(room: str) -> WebhookEvent:
        return WebhookEvent(event="room_started", room=models.Room(name=room, metadata="x" * 10_000))

    for round_ in (1, 2):
        for room in rooms:
            hooks.tell(large(room))
        assert drops["webhook_full"] == round_ * (len(rooms) - kept)
        await hooks._addresses[0].flush()
        assert len(receiver.taken) == round_ * kept
    assert hooks._addresses[0]._octets == hooks._addresses[0]._waiting == 0


async def test_one_that_is_refused_for_good_is_not_sent_again(
    receiver: Receiver, hooks: Webhooks, drops: Drops
) -> None:
    answers = iter([401, 200])
    receiver.answer = lambda event: next(answers)
    ids = tell(hooks, 2)
    await until(lambda: receiver.ids() == ids[1:], "the second event")
    assert (receiver.asked, drops["webhook_refused"]) == (2, 1)


async def test_one_that_nobody_takes_is_given_up_in_the_end(
    receiver: Receiver, hooks: Webhooks, drops: Drops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "GIVEN_UP_AFTER", 0.0)
    receiver.answer = lambda event: 503
    tell(hooks, 2)
    await until(lambda: drops["webhook_expired"] == 2, "both given up")


async def test_the_end_waits_for_what_is_on_its_way_but_not_for_ever(
    receiver: Receiver, hooks: Webhooks, caplog: pytest.LogCaptureFixture
) -> None:
    ids = tell(hooks, 3)
    await hooks.close(5.0)
    assert receiver.ids() == ids
    receiver.answer = lambda event: 503
    tell(hooks, 1)
    await hooks.close(0.05)
    assert "before the end" in caplog.text


async def test_the_engine_tells_of_a_class_and_of_its_own_end(receiver: Receiver, tmp_path: Path) -> None:
    starting = running_engine(tmp_path, MEDIA_WEBHOOK_URLS=receiver.url)
    engine = await asyncio.to_thread(starting.__enter__)
    try:
        async with joined(engine, "teacher") as teacher, joined(engine, "student"):
            await teacher.publish_camera()
            await until(lambda: len(receiver.taken) >= 4, "a room, two people, a track")
            engine.ask_to_stop()
            await asyncio.to_thread(engine.process.wait, 10)
    finally:
        await asyncio.to_thread(starting.__exit__, None, None, None)
    names = [event.event for event in receiver.taken]
    assert names[0] == "room_started"
    assert sorted(names[1:4]) == ["participant_joined", "participant_joined", "track_published"]
    assert names[-1] == "room_finished"
    assert names.count("participant_left") == 2
    assert len({event.id for event in receiver.taken}) == len(receiver.taken)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://name:secret@hooks.example.org:8443/secret?key=secret", "https://hooks.example.org:8443"),
        ("http://127.0.0.1:8000/media/webhooks/", "http://127.0.0.1:8000"),
        ("http://user:pass@word@[2001:db8::1]/#secret", "http://[2001:db8::1]"),
    ],
)
def test_an_address_is_logged_without_what_protects_it(
    url: str, shown: str, caplog: pytest.LogCaptureFixture
) -> None:
    def nothing(*_: Any) -> str:
        return ""

    address = webhooks.Address(url, nothing, None, nothing, Tally(), Outbox())  # type: ignore[arg-type]
    with caplog.at_level("INFO"):
        address._say(False, "status 503")
        address._say(True, "status 200")
    ours = [record.args for record in caplog.records if record.name == webhooks.__name__]  # clients log too
    assert ours == [(shown, "status 503"), (shown,)]


def test_every_reason_to_drop_one_is_explained() -> None:
    counted = re.findall(r'_count\("(\w+)"\)', Path(webhooks.__file__).read_text())
    assert set(counted) == WEBHOOK_REASONS.keys()


async def test_a_body_that_was_changed_on_its_way_is_not_believed(hooks: Webhooks) -> None:
    body = '{"event": "room_started"}'
    token = hooks._sign(body.encode())
    assert verified.receive(body, token).event == "room_started"
    with pytest.raises(Exception, match="hash"):
        verified.receive(body.replace("started", "finished"), token)
