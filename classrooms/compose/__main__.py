"""`python -m classrooms.compose`: a job on standard input (JSON), lines of JSON on standard output.

`{"done": 0.25}` while it goes on; at the end of an analysis `{"speech": {track: spans}, "every": seconds}`.
A failure is one line on standard error, and an exit code that is not 0.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import av

from classrooms.compose import film
from classrooms.compose.job import Job
from classrooms.compose.speech import speech
from classrooms.compose.storyboard import storyboard

TELL_EVERY = 0.5  # seconds


class Teller:
    """Says how far it is, not too often."""

    def __init__(self) -> None:
        self._at = 0.0

    def __call__(self, done: float) -> None:
        now = time.monotonic()
        if now - self._at >= TELL_EVERY:
            self._at = now
            say(done=round(done, 4))


def say(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def analyse(job: Job, tell: Teller) -> None:
    found = {}
    for index, track in enumerate(job.sounds):
        if track.source == "microphone":
            found[track.id] = speech(Path(track.path))
        tell(index / len(job.tracks))
    tracks = [replace(track, speech=found.get(track.id)) for track in job.tracks]
    say(speech=found, every=storyboard(Job(job.kind, job.path, tracks)))


def main() -> int:
    job = Job.load(json.load(sys.stdin))
    tell = Teller()
    try:
        if job.kind == "analysis":
            analyse(job, tell)
        else:
            film.make(job, tell)
    except (OSError, av.FFmpegError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
