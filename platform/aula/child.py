"""One process of a program that is kept running (keeper.py): its start, its words, its heartbeat, its end."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import time
from asyncio import FIRST_COMPLETED
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

GO = b"go\n"  # what a spare reads on its standard input when its turn has come; the input's end: go home
HEARTBEAT = "AULA_HEARTBEAT"  # names the descriptor to which a program with `stalls_after` writes as it lives
RELEASED = b"x"  # in place of a heartbeat: its ports are free, whoever takes over need not wait for its end
START_WITHIN = 60.0  # seconds from its turn to the first heartbeat
LOOK_EVERY = 0.5  # seconds
LAST_WORDS = 1.0  # seconds to write down where it stalls
LONGEST_LINE = 65_536  # octets; more goes out as several
PR_SET_PDEATHSIG = 1  # prctl(2)
libc = ctypes.CDLL(None)


@dataclass(frozen=True)
class Program:
    """`serves` returns once the program is up. `has_spare`: a second one stands by (see GO). `stalls_after`:
    seconds without a heartbeat after which it is ended and replaced."""

    name: str
    command: Sequence[str]
    serves: Callable[[], Awaitable[None]]
    has_spare: bool = False
    stalls_after: float | None = None


class Child:
    """`heart` is the end of the heartbeat's pipe that is ours."""

    def __init__(self, program: Program, process: asyncio.subprocess.Process, heart: int | None) -> None:
        self.program = program
        self.process = process
        self.turn_at: float | None = None
        self.beat_at: float | None = None
        self._heart = heart
        self._released = asyncio.Event()
        if heart is not None:
            os.set_blocking(heart, False)
            asyncio.get_running_loop().add_reader(heart, self._hear)

    @classmethod
    async def start(cls, program: Program, environment: Mapping[str, str], folder: Path) -> Child:
        """Raises OSError when there is no such command."""
        heart, beats = os.pipe() if program.stalls_after else (None, None)
        try:
            process = await asyncio.create_subprocess_exec(
                *program.command,
                env={**environment, **({HEARTBEAT: str(beats)} if beats is not None else {})},
                cwd=folder,
                stdin=asyncio.subprocess.PIPE if program.has_spare else asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is its parent's alone, which tells it to stop
                pass_fds=() if beats is None else (beats,),
                preexec_fn=die_with_parent,
            )
        except BaseException:
            if heart is not None:
                os.close(heart)
            raise
        finally:
            if beats is not None:
                os.close(beats)
        return cls(program, process, heart)

    def take_turn(self) -> None:
        """From here on it serves."""
        self.turn_at = time.monotonic()
        if self.process.stdin is not None:
            self.process.stdin.write(GO)

    async def ended(self, on_stall: Callable[[float], None]) -> int:
        """Its exit code, negative for a signal; 0 also when it has released its ports and is about to end.
        One that stalls is ended; `on_stall` hears for how long."""
        waiting = asyncio.ensure_future(self.process.wait())
        released = asyncio.ensure_future(self._released.wait())
        ends = (waiting, released)
        try:
            while not (await asyncio.wait(ends, timeout=LOOK_EVERY, return_when=FIRST_COMPLETED))[0]:
                if silence := self.silence(time.monotonic()):
                    on_stall(silence)
                    self.signal(signal.SIGABRT)  # faulthandler writes down all stacks
                    await asyncio.wait([waiting], timeout=LAST_WORDS)
                    self.signal(signal.SIGKILL)
                    break
            return 0 if released.done() and not waiting.done() else await waiting
        finally:
            waiting.cancel()
            released.cancel()
            self._forget_heart()

    def silence(self, now: float) -> float:
        """Seconds without a heartbeat, once they are too many; else 0."""
        if self.turn_at is None or self.program.stalls_after is None:
            return 0.0
        if self.beat_at is None:
            return since if (since := now - self.turn_at) > START_WITHIN else 0.0
        return since if (since := now - self.beat_at) > self.program.stalls_after else 0.0

    def signal(self, number: int) -> None:
        """Nothing happens where it has ended."""
        with suppress(ProcessLookupError):
            self.process.send_signal(number)

    async def relay(self, say: Callable[[str, str], None]) -> None:
        """Pass on what it writes, line by line, to its end."""
        stream, rest = self.process.stdout, b""
        while stream is not None and (chunk := await stream.read(LONGEST_LINE)):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > LONGEST_LINE:
                lines, rest = [*lines, rest], b""
            for line in lines:
                say(self.program.name, line.decode(errors="replace"))
        if rest:
            say(self.program.name, rest.decode(errors="replace"))

    def _hear(self) -> None:
        beats = os.read(self._heart, 4096) if self._heart is not None else b""
        self.beat_at = time.monotonic()
        if RELEASED in beats:
            self._released.set()
        elif not beats:
            self._forget_heart()

    def _forget_heart(self) -> None:
        heart, self._heart = self._heart, None
        if heart is not None:
            asyncio.get_running_loop().remove_reader(heart)
            os.close(heart)


def die_with_parent() -> None:
    """Runs in the child: end it when its parent is killed, so that nobody holds the ports of the next run."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
