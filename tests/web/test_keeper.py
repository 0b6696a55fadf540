"""What `manage.py run` does with processes that die, stall, never start, or are told to stop."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from aula import child, keeper
from aula.child import Program
from aula.keeper import Keeper, pause_after

PATIENCE = 20  # seconds
LIVES = "import signal; signal.pause()"
STANDS_BY = "import signal, sys; sys.stdin.readline() and (print('serving', flush=True), signal.pause())"
RELEASES = """
import os, signal, sys, time
sys.stdin.readline()
def let_go(*_):
    os.write(int(os.environ["AULA_HEARTBEAT"]), b"x")
    time.sleep(60)
signal.signal(signal.SIGTERM, let_go)
print("serving", flush=True)
signal.pause()
"""
HANGS = """
import faulthandler, os, sys, time
faulthandler.enable()
sys.stdin.readline()
os.write(int(os.environ["AULA_HEARTBEAT"]), b".")
def stuck(): time.sleep(60)
stuck()
"""


async def at_once() -> None:
    """Serves as soon as it is started."""


class Terminal:
    """What a person reads; tests wait for words on it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.more = asyncio.Event()

    def say(self, who: str, line: str) -> None:
        self.lines.append(f"{who} {line}")
        self.more.set()

    async def shows(self, words: str, times: int = 1) -> re.Match[str]:
        async with asyncio.timeout(PATIENCE):
            while len(found := list(re.finditer(words, "\n".join(self.lines)))) < times:
                self.more.clear()
                await self.more.wait()
        return found[times - 1]

    async def pid(self, name: str, times: int = 1) -> int:
        return int((await self.shows(rf"{name} started \(pid (\d+)\)", times))[1])


def program(
    name: str, script: str, serves: Callable[[], Awaitable[None]] = at_once, **more: object
) -> Program:
    return Program(name, (sys.executable, "-c", script), serves, **more)  # type: ignore[arg-type]


@asynccontextmanager
async def kept(*programs: Program) -> AsyncIterator[tuple[Keeper, Terminal, asyncio.Task[int]]]:
    terminal = Terminal()
    kept = Keeper(programs, environment=os.environ, folder=Path.cwd(), say=terminal.say)
    running = asyncio.create_task(kept.run())
    try:
        yield kept, terminal, running
    finally:
        kept.stop()
        await asyncio.wait_for(running, PATIENCE)


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def ended(pid: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while lives(pid):  # noqa: ASYNC110 (somebody else's process)
            await asyncio.sleep(0.02)


async def test_a_process_that_dies_is_started_again_and_the_others_go_on() -> None:
    async with kept(program("web", LIVES), program("tasks", LIVES)) as (_, terminal, running):
        web, tasks = await terminal.pid("web"), await terminal.pid("tasks")
        os.kill(web, signal.SIGKILL)
        await terminal.shows(r"web ended \(SIGKILL\); is started again")
        assert await terminal.pid("web", 2) != web
        assert await terminal.pid("tasks") == tasks
        assert not running.done()


async def test_a_spare_serves_the_moment_the_first_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "SPARE_AFTER", 0.0)
    async with kept(program("media", STANDS_BY, has_spare=True)) as (kept_, terminal, _):
        for life in range(1, 4):
            pid = await terminal.pid("media", life)
            await terminal.shows("media serving", life)
            async with asyncio.timeout(PATIENCE):
                while len(kept_._children) < 2:  # noqa: ASYNC110 (the spare says nothing)
                    await asyncio.sleep(0.01)
            spare = next(each for each in kept_._children if each.process.pid != pid)
            os.kill(pid, signal.SIGKILL)
            assert await terminal.pid("media", life + 1) == spare.process.pid


async def test_a_spare_goes_home_when_it_is_not_needed() -> None:
    async with kept(program("media", STANDS_BY, has_spare=True)) as (kept_, terminal, running):
        await terminal.shows("media serving")
        async with asyncio.timeout(PATIENCE):
            while len(kept_._children) < 2:  # noqa: ASYNC110 (the spare says nothing)
                await asyncio.sleep(0.01)
        pids = [each.process.pid for each in kept_._children]
        kept_.stop()
        assert await asyncio.wait_for(running, PATIENCE) == 0
        assert not any(lives(pid) for pid in pids)


async def test_who_has_let_go_of_its_ports_is_followed_at_once_and_may_take_its_time_to_end() -> None:
    slow = program("media", RELEASES, has_spare=True, stalls_after=60.0)
    async with kept(slow) as (kept_, terminal, _):
        kept_._stop_within = 0.1
        first = await terminal.pid("media")
        await terminal.shows("media serving")
        os.kill(first, signal.SIGTERM)
        await terminal.shows("media serving", 2)
        await ended(first)


async def test_a_process_whose_heartbeat_stops_writes_down_where_and_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(child, "LOOK_EVERY", 0.05)
    stuck = program("media", HANGS, has_spare=True, stalls_after=0.2)
    async with kept(stuck) as (_, terminal, _running):
        await terminal.shows("media has not answered for .* s and is replaced")
        await terminal.shows(r"media   File .* in stuck")
        await terminal.shows(r"media ended \(SIGABRT\)")
        await terminal.pid("media", 2)


async def test_a_process_that_never_served_ends_the_run_with_its_error() -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    broken = program("media", "raise SystemExit('MEDIA_BIND is wrong')", never)
    async with kept(program("web", LIVES), broken) as (_, terminal, running):
        web = await terminal.pid("web")
        assert await asyncio.wait_for(running, PATIENCE) == 1
        await terminal.shows("media MEDIA_BIND is wrong")
        await terminal.shows("media did not start")
        await ended(web)


async def test_a_command_that_does_not_exist_ends_the_run() -> None:
    missing = Program("media", ("/nonexistent",), at_once)
    async with kept(missing) as (_, terminal, running):
        assert await asyncio.wait_for(running, PATIENCE) == 1
        await terminal.shows("FileNotFoundError")


class Exhausted:
    """`Child.start` as it is on a machine that, for so many times, has no process left to give."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0
        self.start = child.Child.start
        monkeypatch.setattr(child.Child, "start", self)

    async def __call__(self, *given: Any) -> child.Child:
        if self.times:
            self.times -= 1
            raise BlockingIOError(errno.EAGAIN, "no more processes")
        return await self.start(*given)


async def test_a_machine_without_a_process_to_give_is_asked_again_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exhausted = Exhausted(monkeypatch)
    async with kept(program("web", LIVES), program("tasks", LIVES)) as (_, terminal, running):
        web, tasks = await terminal.pid("web"), await terminal.pid("tasks")
        exhausted.times = 1
        os.kill(web, signal.SIGKILL)
        await terminal.shows("web cannot be started: .*no more processes")
        assert await terminal.pid("web", 2) != web
        assert lives(tasks)
        assert not running.done()


async def test_a_spare_that_cannot_be_started_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "LONGEST_PAUSE", 0.01)
    exhausted = Exhausted(monkeypatch)
    async with kept(program("media", STANDS_BY, has_spare=True)) as (kept_, terminal, _):
        await terminal.pid("media")
        exhausted.times = 2
        await terminal.shows("media has no spare: .*no more processes", 2)
        async with asyncio.timeout(PATIENCE):
            while len(kept_._children) < 2:  # noqa: ASYNC110 (the spare says nothing)
                await asyncio.sleep(0.01)


async def test_one_that_does_not_end_when_told_is_killed() -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True);"
    async with kept(program("tasks", deaf + LIVES)) as (kept_, terminal, running):
        kept_._stop_within = 0.1
        await terminal.shows("tasks deaf")
        kept_.stop()
        assert await asyncio.wait_for(running, PATIENCE) == 0
        await terminal.shows("not all ended in time")


def test_who_dies_again_and_again_waits_longer_and_longer_up_to_a_bound() -> None:
    assert [pause_after(falls) for falls in range(1, 10)] == [0, 0, 0.5, 1, 2, 4, 8, 15, 15]


async def test_the_processes_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = f"""
import asyncio, os, sys
from pathlib import Path
sys.path.insert(0, "platform")
from aula.child import Program
from aula.keeper import Keeper
async def at_once(): pass
lives = Program("web", (sys.executable, "-c", {LIVES!r}), at_once)
def say(who, line): print(line, flush=True)
asyncio.run(Keeper([lives], environment=os.environ, folder=Path.cwd(), say=say).run())
"""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout
    line = (await asyncio.wait_for(parent.stdout.readline(), PATIENCE)).decode()
    parent.kill()
    await parent.wait()
    await ended(int(line.rpartition(" ")[2].rstrip(")\n")))
