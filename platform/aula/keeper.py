"""Keeps programs running: one that dies is started again, and where a spare waits it takes over at once.

A program that ends before it ever served ends them all with its exit code: that is a wrong setting, and
trying again would only hide it. Nothing of Django is needed here.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from aula.child import Child, Program

SETTLED = 5.0  # seconds; one that lived that long starts counting its falls anew
FREE_FALLS = 2  # in a row that cost no pause
PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds before the next try, doubled with each fall beyond those
SPARE_AFTER = 3.0  # seconds; until then the one that took over has the processor to itself
SYSTEM = "system"


class Keeper:
    """`say(who, line)` writes a line for people; `stop_within` seconds after SIGTERM comes SIGKILL."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        environment: Mapping[str, str],
        folder: Path,
        say: Callable[[str, str], None],
        stop_within: float = 10.0,
    ) -> None:
        self.programs = programs
        self.say = say
        self._environment, self._folder, self._stop_within = environment, folder, stop_within
        self._children: dict[Child, asyncio.Task[None]] = {}  # with what passes on its lines
        self._ending: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._code = 0

    async def run(self) -> int:
        """Until `stop`, or until one of them cannot be started: 0, or the exit code of that one."""
        tasks = [asyncio.create_task(Post(self, program).keep()) for program in self.programs]
        for task in tasks:
            task.add_done_callback(self._failed)
        await self._stopping.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._end_all()
        return self._code

    def stop(self) -> None:
        """End all of them; a second call tells them that it is urgent."""
        if self._stopping.is_set():
            self._signal_all(signal.SIGTERM)
        self._stopping.set()

    def fail(self, code: int) -> None:
        self._code = self._code or code or 1
        self._stopping.set()

    async def start(self, program: Program) -> Child:
        child = await Child.start(program, self._environment, self._folder)
        self._children[child] = asyncio.create_task(child.relay(self.say))
        return child

    def let_end(self, child: Child) -> None:
        """It is about to end, or has; in no hurry, until it does not."""
        task = asyncio.create_task(self._let_end(child))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _let_end(self, child: Child) -> None:
        try:
            await asyncio.wait_for(child.process.wait(), self._stop_within)
        except TimeoutError:
            child.signal(signal.SIGKILL)
            await child.process.wait()
        await self.forget(child)

    async def forget(self, child: Child) -> None:
        """It has ended; its last lines are passed on."""
        if relay := self._children.pop(child, None):
            await asyncio.wait([relay], timeout=1)
            relay.cancel()

    async def _end_all(self) -> None:
        self._signal_all(signal.SIGTERM)
        children = list(self._children)
        ends = [asyncio.create_task(child.process.wait()) for child in children]
        if ends and (await asyncio.wait(ends, timeout=self._stop_within))[1]:
            self.say(SYSTEM, "not all ended in time; they are killed")
            self._signal_all(signal.SIGKILL)
            await asyncio.wait(ends)
        for child in children:
            await self.forget(child)

    def _signal_all(self, number: int) -> None:
        for child in self._children:
            child.signal(number)

    def _failed(self, task: asyncio.Task[None]) -> None:
        """A bug here, or a command that does not exist: nothing is left half running."""
        if not task.cancelled() and (error := task.exception()):
            self.say(SYSTEM, f"{type(error).__name__}: {error}")
            self.fail(1)


class Post:
    """One program's place: who serves there, and who takes over."""

    def __init__(self, keeper: Keeper, program: Program) -> None:
        self._keeper = keeper
        self._program = program
        self._spare: Child | None = None
        self._recruiting: asyncio.Task[None] | None = None

    async def keep(self) -> None:
        """Have somebody serve until cancelled, or until the first one ends before it served."""
        falls = 0
        has_served = asyncio.Event()
        try:
            while True:
                child = await self._take_spare() or await self._start(has_served.is_set())
                child.take_turn()
                self._say(f"started (pid {child.process.pid})")
                code, lived = await self._serve(child, has_served)
                if not has_served.is_set():
                    self._say(f"did not start (exit code {code}); the others are stopped")
                    self._keeper.fail(code)
                    return
                falls = 1 if lived >= SETTLED else falls + 1
                pause = pause_after(falls)
                self._say(f"ended ({meaning(code)}); is started again{f' in {pause:g} s' if pause else ''}")
                await asyncio.sleep(pause)
        finally:
            if self._recruiting:
                self._recruiting.cancel()

    async def _start(self, has_served: bool) -> Child:
        """A command that could be started once can be again, when the machine has room for it."""
        falls = FREE_FALLS
        while True:
            try:
                return await self._keeper.start(self._program)
            except OSError as error:
                if not has_served:
                    raise
                falls += 1
                self._say(f"cannot be started: {error}; is tried again in {pause_after(falls):g} s")
                await asyncio.sleep(pause_after(falls))

    async def _serve(self, child: Child, has_served: asyncio.Event) -> tuple[int, float]:
        """Its exit code, and how many seconds it lived."""
        began = time.monotonic()
        watching = asyncio.create_task(self._greet(has_served))
        try:
            code = await child.ended(self._on_stall)
        finally:
            watching.cancel()
        lived = time.monotonic() - began
        if code == 0 and child.process.returncode is None:
            self._keeper.let_end(child)  # it has let go of its ports
        else:
            await self._keeper.forget(child)
        return code, lived

    async def _greet(self, has_served: asyncio.Event) -> None:
        """Once it serves, have a spare made."""
        await self._program.serves()
        if has_served.is_set():
            await asyncio.sleep(SPARE_AFTER)
        has_served.set()
        if self._program.has_spare and self._recruiting is None:
            self._recruiting = asyncio.create_task(self._recruit())

    async def _recruit(self) -> None:
        """Have one stand by; one that ends meanwhile is replaced, in no hurry."""
        while True:
            try:
                self._spare = spare = await self._keeper.start(self._program)
            except OSError as error:
                self._say(f"has no spare: {error}; it is tried again in {LONGEST_PAUSE:g} s")
                await asyncio.sleep(LONGEST_PAUSE)
                continue
            code = await spare.process.wait()
            if self._spare is not spare:
                return
            self._spare = None
            await self._keeper.forget(spare)
            self._say(f"a spare ended ({meaning(code)}); there is another one in {LONGEST_PAUSE:g} s")
            await asyncio.sleep(LONGEST_PAUSE)

    async def _take_spare(self) -> Child | None:
        spare, self._spare = self._spare, None
        if self._recruiting:
            self._recruiting.cancel()
            self._recruiting = None
        return spare if spare and spare.process.returncode is None else None

    def _on_stall(self, silence: float) -> None:
        self._say(f"has not answered for {silence:.0f} s and is replaced; its stacks follow")

    def _say(self, words: str) -> None:
        self._keeper.say(SYSTEM, f"{self._program.name} {words}")


def pause_after(falls: int) -> float:
    """Seconds before another try, after so many short lives in a row."""
    return 0.0 if falls <= FREE_FALLS else min(LONGEST_PAUSE, PAUSE * 2.0 ** (falls - FREE_FALLS - 1))


def meaning(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
