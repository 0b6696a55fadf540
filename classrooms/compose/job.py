"""What is to be made of a recording: plain data, handed over as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from classrooms.recorded.timeline import Span, Stretch, stretches

Kind = Literal["video", "audio", "analysis"]
SOUNDS = ("microphone", "screen_share_audio")


@dataclass(frozen=True)
class Source:
    """One recorded track: its file, and when it was, in seconds of the class."""

    id: str
    path: str
    source: str
    person: str
    teaches: bool
    start: float
    end: float
    speech: list[Span] | None = None

    @property
    def is_sound(self) -> bool:
        return self.source in SOUNDS

    @property
    def is_screen(self) -> bool:
        return self.source == "screen_share"


@dataclass(frozen=True)
class Job:
    """`path`: where the file is to be; the analysis writes its storyboard there."""

    kind: Kind
    path: str
    tracks: list[Source] = field(default_factory=list)

    @property
    def stretches(self) -> list[Stretch]:
        return stretches((track.start, track.end) for track in self.tracks)

    @property
    def pictures(self) -> list[Source]:
        return [track for track in self.tracks if not track.is_sound]

    @property
    def sounds(self) -> list[Source]:
        return [track for track in self.tracks if track.is_sound]

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def load(cls, data: dict[str, Any]) -> Job:
        tracks = [Source(**track) for track in data["tracks"]]
        return cls(kind=data["kind"], path=data["path"], tracks=tracks)
