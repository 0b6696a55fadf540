"""Webhooks that a process could not deliver: the next one does."""

from __future__ import annotations

import asyncio
import json
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from google.protobuf import json_format

from signaling.sfu import outbox
from signaling.sfu.clock import LoopClock
from signaling.sfu.drops import Drops
from signaling.sfu.outbox import Outbox, key_of
from signaling.sfu.webhooks import GIVEN_UP_AFTER, Webhooks
from tests.sfu.protocol.doubles import KEY, SECRET
from tests.sfu.protocol.engine import joined, running_engine, until
from tests.sfu.protocol.test_webhooks import Receiver, event

HERE = key_of("https://hooks.example.org/")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "media-webhooks.jsonl"


@pytest.fixture
def process(path: Path) -> Iterator[Callable[[], Outbox]]:
    """Opens the box as the next process would, once the one before has ended."""
    with ExitStack() as stack:

        def start() -> Outbox:
            stack.close()
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
    box.close()
    assert after(path) == ["event 0", "event 2", "event 4"]


def test_it_is_empty_when_nothing_waits_and_small_however_much_went_through(
    path: Path, process: Callable[[], Outbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MOST_DEAD", 200)
    box = process()
    first = box.add(HERE, 7.0, "waits")
    for i in range(500):
        box.done(box.add(HERE, 7.0, f"event {i}"))
    box.close()
    assert len(path.read_text().splitlines()) <= 60
    assert after(path) == ["waits"]
    again = process()
    again.done(first)
    again.close()
    assert path.read_text() == ""


def test_numbers_go_on_where_the_process_before_ended(path: Path, process: Callable[[], Outbox]) -> None:
    process().add(HERE, 7.0, "before")
    again = process()
    again.done(again.add(HERE, 8.0, "after"))
    again.close()
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
    box = process()
    box.add(key_of("https://name:password@hooks.example.org/"), 7.0, "an event")
    box.close()
    assert "an event" in path.read_text()
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
    box.close()
    assert caplog.text.count("cannot be kept") == 1


def test_a_disk_that_is_full_for_a_while_costs_nothing_that_was_written(
    path: Path, process: Callable[[], Outbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    box = process()
    numbers = [box.add(HERE, 7.0, f"event {i}") for i in range(4)]
    box.done(numbers[0])
    box.close()
    box = process()
    with monkeypatch.context() as full:
        full.setattr(outbox, "MOST_DEAD", 0)
        full.setattr(outbox.os, "replace", out_of_space)
        box.done(numbers[1])
        box.add(HERE, 7.0, "event 4")
        box.close()
    assert after(path) == ["event 2", "event 3", "event 4"]


def out_of_space(*_: object) -> None:
    raise OSError(28, "No space left on device")


async def test_what_is_too_old_or_for_another_address_than_todays_is_forgotten(
    path: Path, process: Callable[[], Outbox]
) -> None:
    async with Receiver() as receiver:
        box = process()
        now = time.time()
        box.add(HERE, now, "{}")
        box.add(key_of(receiver.url), now, "not an event")
        box.add(key_of(receiver.url), now - GIVEN_UP_AFTER - 1, json_format.MessageToJson(event()))
        box.close()
        clock, drops = LoopClock(asyncio.get_running_loop()), Drops()
        hooks = Webhooks([receiver.url], KEY, SECRET, clock, drops.count, outbox=Outbox(path))
        hooks.resume()
        assert drops["webhook_forgotten"] == 3
        hooks.tell(known := event())
        await until(lambda: receiver.ids() == [known.id], "the event of today")
        await hooks.close(1.0)
    assert after(path) == []


async def test_an_engine_that_was_killed_tells_what_it_could_not_when_it_is_back(tmp_path: Path) -> None:
    async with Receiver() as receiver:
        receiver.answer = lambda event: 503
        with running_engine(tmp_path, MEDIA_WEBHOOK_URLS=receiver.url) as engine:
            kept = tmp_path / f"media-webhooks-{engine.port}.jsonl"
            async with joined(engine, "teacher"):
                await until(lambda: len(kept.read_text().splitlines()) >= 2, "a room and a teacher on paper")
                engine.process.kill()
        assert receiver.taken == []
        receiver.answer = lambda event: 200
        with running_engine(tmp_path, engine.port, MEDIA_WEBHOOK_URLS=receiver.url):
            await until(lambda: len(receiver.taken) >= 2, "what the killed engine held")
            assert [event.event for event in receiver.taken][:2] == ["room_started", "participant_joined"]
            await until(lambda: kept.read_text() == "", "an empty outbox")
