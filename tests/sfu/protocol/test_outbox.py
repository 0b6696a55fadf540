"""Webhooks that a process could not deliver: the next one does."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from signaling.sfu import outbox
from signaling.sfu.clock import LoopClock
from signaling.sfu.drops import Drops
from signaling.sfu.outbox import Outbox, key_of
from signaling.sfu.webhooks import Webhooks
from tests.sfu.protocol.doubles import KEY, SECRET
from tests.sfu.protocol.engine import joined, running_engine, until
from tests.sfu.protocol.test_webhooks import Receiver, event

HERE = key_of("https://hooks.example.org/")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "media-webhooks.jsonl"


@pytest.fixture
def process(path: Path) -> Iterator[Callable[[], Outbox]]:
    """Opens the box as another process would; all are closed in the end."""
    with ExitStack() as stack:

        def start() -> Outbox:
            box = stack.enter_context(closing(Outbox(path)))
            box.open()
            return box

        yield start


def after(path: Path) -> list[str]:
    """What the next process finds."""
    with closing(Outbox(path)) as again:
        return [kept.body for _, kept in again.open()]


def test_what_was_not_done_is_found_again_in_its_order(path: Path, process: Callable[[], Outbox]) -> None:
    box = process()
    assert after(path) == []
    box = process()
    numbers = [box.add(HERE, 7.0, f"event {i}") for i in range(5)]
    box.done(numbers[1])
    box.done(numbers[3])
    assert after(path) == ["event 0", "event 2", "event 4"]


def test_it_is_empty_when_nothing_waits_and_small_however_much_went_through(
    path: Path, process: Callable[[], Outbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MOST_LINES", 20)
    box = process()
    first = box.add(HERE, 7.0, "waits")
    for i in range(500):
        box.done(box.add(HERE, 7.0, f"event {i}"))
    assert len(path.read_text().splitlines()) <= 24
    assert after(path) == ["waits"]
    process().done(first)
    assert path.read_text() == ""


def test_numbers_go_on_where_the_process_before_ended(path: Path, process: Callable[[], Outbox]) -> None:
    process().add(HERE, 7.0, "before")
    again = process()
    again.done(again.add(HERE, 8.0, "after"))
    assert after(path) == ["before"]


@pytest.mark.parametrize(
    "spoiled", ["", "[", "7", "{}", '[1,2,"x"]', '["a", 1, 2, 3]', "[[]]", "\0", '[{"a":1}]']
)
def test_a_line_that_was_cut_off_costs_no_other_line(path: Path, spoiled: str) -> None:
    path.write_text(
        json.dumps([1, HERE, 7.0, "whole"]) + f"\n{spoiled}\n" + json.dumps([2, HERE, 7.0, "too"])
    )
    assert after(path) == ["whole", "too"]


def test_nobody_else_may_read_it_and_it_names_no_address(path: Path, process: Callable[[], Outbox]) -> None:
    process().add(key_of("https://name:password@hooks.example.org/"), 7.0, "{}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "password" not in path.read_text()


def test_a_folder_that_cannot_be_written_is_said_once_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    box = Outbox(tmp_path / "file" / "box")
    assert box.open() == []
    for _ in range(3):
        box.done(box.add(HERE, 7.0, "{}"))
    assert caplog.text.count("cannot be kept") == 1


async def test_what_waits_for_another_address_than_todays_is_forgotten(
    path: Path, process: Callable[[], Outbox]
) -> None:
    async with Receiver() as receiver:
        box = process()
        box.add(HERE, 7e9, "{}")
        box.add(key_of(receiver.url), 7e9, "not an event")
        box.close()
        clock = LoopClock(asyncio.get_running_loop())
        hooks = Webhooks([receiver.url], KEY, SECRET, clock, Drops().count, outbox=Outbox(path))
        hooks.resume()
        hooks.tell(known := event())
        await until(lambda: receiver.ids() == [known.id], "the event of today")
        await hooks.close(1.0)
    assert after(path) == []


async def test_an_engine_that_was_killed_tells_what_it_could_not_when_it_is_back(tmp_path: Path) -> None:
    async with Receiver() as receiver:
        receiver.answer = lambda event: 503
        starting = running_engine(tmp_path, MEDIA_WEBHOOK_URLS=receiver.url)
        engine = await asyncio.to_thread(starting.__enter__)
        async with joined(engine, "teacher"):
            kept = tmp_path / f"media-webhooks-{engine.port}.jsonl"
            await until(lambda: len(kept.read_text().splitlines()) >= 2, "a room and a teacher on paper")
            engine.process.kill()
        await asyncio.to_thread(starting.__exit__, None, None, None)
        assert receiver.taken == []
        receiver.answer = lambda event: 200
        starting = running_engine(tmp_path, engine.port, MEDIA_WEBHOOK_URLS=receiver.url)
        engine = await asyncio.to_thread(starting.__enter__)
        try:
            await until(lambda: len(receiver.taken) >= 2, "what the killed engine held")
        finally:
            await asyncio.to_thread(starting.__exit__, None, None, None)
        assert [event.event for event in receiver.taken][:2] == ["room_started", "participant_joined"]
        await until(lambda: kept.read_text() == "", "an empty outbox")
