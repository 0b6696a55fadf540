"""Having a job done by a process of low priority (classrooms/compose), for as long as it is wanted."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

from django.conf import settings

from classrooms.compose.job import Job

BEAT = 1.0  # seconds
STUCK = 900.0  # seconds without a word
COMMAND = ("nice", "-n", "15", sys.executable, "-m", "classrooms.compose")


class Failed(Exception):
    """It could not be made; says why."""


class Cancelled(Exception):
    """Nobody wants it any more."""


def run(job: Job, beat: Callable[[float], bool]) -> dict[str, Any]:
    """What was found out. `beat` hears every second which part is done, and says whether to go on.

    Raises Failed, Cancelled.
    """
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    with tempfile.TemporaryFile("w+") as trouble, begin(trouble) as process:
        reader = threading.Thread(target=read, args=(process.stdout, lines), daemon=True)
        reader.start()
        try:
            hand_over(job, process)
            facts = follow(lines, beat)
            code = process.wait()
        finally:
            process.kill()
            reader.join()
        if code:
            trouble.seek(0)
            raise Failed(trouble.read().strip().rpartition("\n")[2] or f"exit code {code}")
        return facts


def begin(trouble: IO[str]) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 (our own program)
        COMMAND, stdin=pipe, stdout=pipe, stderr=trouble, cwd=settings.ROOT, text=True
    )


def hand_over(job: Job, process: subprocess.Popen[str]) -> None:
    """One that has ended already says why itself."""
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        json.dump(job.dump(), process.stdin)
        process.stdin.close()


def follow(lines: queue.SimpleQueue[str], beat: Callable[[float], bool]) -> dict[str, Any]:
    """All that it says, to its end. Raises Cancelled, Failed."""
    facts: dict[str, Any] = {"done": 0.0}
    heard = told = time.monotonic()
    while True:
        now = time.monotonic()
        if now - told >= BEAT:
            told = now
            if not beat(facts["done"]):
                raise Cancelled
        if now - heard > STUCK:
            raise Failed("it says nothing any more")
        try:
            line = lines.get(timeout=BEAT)
        except queue.Empty:
            continue
        if not line:
            return facts
        heard = now
        facts |= json.loads(line)


def read(stream: IO[str], lines: queue.SimpleQueue[str]) -> None:
    """Every line, then an empty one."""
    for line in stream:
        lines.put(line)
    lines.put("")
