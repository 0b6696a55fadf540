"""The benchmarks of whole classes count what happened, on Aula and beside Janus."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench import (
    clip,
    impaired,
    latency,
    lecture,
    memory,
    participant,
    recording,
    seminar,
    stopped,
    storm,
)
from bench.aula import Aula
from bench.janus import Janus
from bench.lecture import Step
from bench.load import classroom, hears_both, until


@pytest.fixture(params=[Aula, Janus], ids=["aula", "janus"])
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


async def test_a_lecture_grows_and_shrinks_to_the_size_asked_for() -> None:
    async with Aula() as server, classroom(server, 0, lecture.ROOM, clip.LECTURE, polled=True) as lesson:
        for size in (3, 5, 2):
            step = await lecture.try_size(lesson, size, 0.5)
            assert step.listeners == size
            assert step.delivered == pytest.approx(1.0, abs=0.02)
            assert step.overrun == 0


def step(listeners: int, *, cpu: float) -> Step:
    return Step(listeners, cpu, delivered=1.0, microseconds=9.0, load=0.2, overrun=0)


@pytest.mark.parametrize(
    ("steps", "then"),
    [
        ([(200, 0.2)], 800),  # a guess of four times at most
        ([(200, 0.4)], 425),  # from what a listener costs
        ([(200, 0.9)], 100),  # halfway down
        ([(200, 0.4), (424, 0.9)], 312),  # between good and bad
        ([(400, 0.8), (410, 0.9)], 0),  # near enough
        ([(2000, 0.5)], 0),  # nobody asked for more
    ],
)
def test_the_search_ends_between_what_holds_and_what_does_not(steps: list[Any], then: int) -> None:
    assert lecture.next_size([step(listeners, cpu=cpu) for listeners, cpu in steps], most=2000) == then


async def test_every_packet_of_every_listener_has_a_latency(kind: Any) -> None:
    async with kind() as server, classroom(server, 2, polled=True) as lesson:
        source = lesson.publisher.source
        before = source.sent
        delays = await latency.measure(lesson, 1.0)
        assert len(delays) <= 2 * (source.sent - before)
    assert len(delays) > 2 * 150
    assert min(delays) > 0


async def test_a_storm_counts_every_join_that_sees_a_key_frame(kind: Any) -> None:
    async with kind() as server, classroom(server, 0, "storm", clip.LECTURE) as lesson:
        times = await storm.storm(lesson, joins=4, seconds=0.5)
    assert len(times) == 4
    assert None not in times


async def test_in_a_seminar_everybody_sees_one_large_and_the_others_small(kind: Any) -> None:
    result = await seminar.sample(kind(), people=3, seconds=2.0)
    assert result.large == result.people == 3


async def test_what_a_class_leaves_behind_is_read_from_the_process() -> None:
    async with Aula() as server:
        before = await memory.held(server)
        await memory.cycles(server, count=1, listeners=1)
        after = await memory.held(server)
    assert before.memory > 20
    assert after.threads >= 1
    assert after.descriptors > 3
    assert after.tasks >= 1
    assert memory.returned(before, before)


@pytest.mark.parametrize("what", ["threads", "descriptors", "tasks"])
def test_whatever_does_not_return_to_base_is_seen(what: str) -> None:
    base = memory.Held(memory=80.0, threads=5, descriptors=20, tasks=9)
    assert memory.returned(base, replace(base, **{what: getattr(base, what) + 2}))
    assert not memory.returned(base, replace(base, **{what: getattr(base, what) + 3}))


def test_metrics_that_do_not_tell_the_tasks_end_the_measurement() -> None:
    with pytest.raises(ValueError, match="tasks"):
        memory.tasks_told("aula_media_rooms 0.0\n")


@pytest.mark.parametrize(
    ("listener", "publisher", "reached"), [(300.0, 400.0, True), (977.0, 400.0, False), (300.0, 977.0, False)]
)
def test_a_participant_may_hold_a_megabyte(listener: float, publisher: float, reached: bool) -> None:
    rows = [
        {"server": "Aula", "listener_memory": listener, "publisher_memory": publisher},
        {"server": "Janus", "listener_memory": 5000.0, "publisher_memory": 5000.0},
    ]
    assert participant.judge(rows) is reached


async def test_a_guest_of_a_process_of_its_own_hears_the_class() -> None:
    async with Aula() as server, classroom(server, 1, stopped.ROOM) as lesson, stopped.guest(server):
        await until(lambda: hears_both(lesson.listeners[0].client), 5)


def test_time_without_a_new_picture_is_frozen_time() -> None:
    smooth = [(40.0 * number, 320) for number in range(26)]
    assert impaired.frozen(smooth) == 0
    assert impaired.frozen([*smooth, (1250.0, 320)]) == pytest.approx(250 / 1250)


@pytest.mark.journey
@pytest.mark.alone
@pytest.mark.parametrize("scene", ["moved", "switched", "blackout"])
async def test_chromium_on_a_bad_line_goes_on(scene: str) -> None:
    options = Namespace(moves=2, switches=4, seconds=1.0)
    found = await impaired.scenes([scene], options)
    assert "TimeoutError" not in found[scene]["figure"]
    assert "REJOINED" not in found[scene]["figure"]


def films(server: Aula) -> list[Path]:
    return list(Path(server.folder.name, "recordings/bench").glob("*.webm"))


async def test_what_recording_costs_is_measured_on_files_that_were_written(monkeypatch) -> None:
    written: list[Path] = []
    ended = recording.Recorder.end

    async def end(recorder: recording.Recorder) -> float:
        seconds = await ended(recorder)
        written.extend(films(server))
        return seconds

    monkeypatch.setattr(recording.Recorder, "end", end)
    server = Aula()
    sample = await recording.measure(server, Namespace(publishers=1, rounds=1, seconds=1.0))
    assert min(sample.plain, sample.recorded, sample.finishing) > 0
    assert len(written) == 2


async def test_januss_recording_is_measured_on_streams_that_it_writes() -> None:
    """It raises where Janus writes none."""
    sample = await recording.measure(Janus(), Namespace(publishers=1, rounds=1, seconds=1.0))
    assert min(sample.plain, sample.recorded) > 0
