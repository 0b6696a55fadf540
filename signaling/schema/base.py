"""What all messages share: their base, events, and the small types."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST_KEY = 36

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[\w-]+$", min_length=1, max_length=MOST_KEY)]
Seq = Annotated[int, Field(ge=0, le=2**31 - 1)]
Count = Annotated[int, Field(ge=0)]
Hue = Annotated[int, Field(ge=0, le=11)]
Role = Literal["teacher", "student", "guest"]


class Message(BaseModel):
    """Frozen, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Event(Message):
    """`seq` counts 1, 2, 3 … within a class without gaps, for everyone: what is private to others comes as
    `withheld`. An event at or below the last one handled is a repetition: skip it (a repeated `said` still
    settles its `key`)."""

    seq: Seq
    at: datetime

    @cached_property
    def wire(self) -> str:
        """The event as it is sent: written once for all sockets of a process."""
        return self.model_dump_json()


class Named(Message):
    """A person, under the name of then."""

    id: Id
    name: str
