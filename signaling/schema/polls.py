"""Polls: a question to the class, and its answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from signaling.schema.base import Count, Event, Id, Key, Message, Seq

MOST_QUESTION = 300
MOST_CHOICE = 100
FEWEST_CHOICES = 2
MOST_CHOICES = 6

Question = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=MOST_QUESTION, pattern=r"^[^\x00-\x1f]*$"
    ),
]
Choice = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=MOST_CHOICE, pattern=r"^[^\x00-\x1f]*$"
    ),
]
Chosen = Annotated[
    list[Annotated[int, Field(ge=0, lt=MOST_CHOICES)]], Field(min_length=1, max_length=MOST_CHOICES)
]


class AskPoll(Message):
    """Ask the class (teachers and co-teachers, as for all but `vote`); one poll runs at a time. `several`:
    more than one answer may be chosen. `by_name`: those who lead see who chose what, and each is told so
    before they vote; else nobody ever learns it. `live`: students see the counts while it runs. `key` is
    chosen by the page: sent again with the same key it is not asked twice."""

    type: Literal["ask_poll"]
    key: Key
    question: Question
    choices: Annotated[list[Choice], Field(min_length=FEWEST_CHOICES, max_length=MOST_CHOICES)]
    several: bool = False
    by_name: bool = False
    live: bool = False

    @field_validator("choices")
    @classmethod
    def differ(cls, choices: list[str]) -> list[str]:
        if len(set(choices)) < len(choices):
            raise ValueError("two choices are the same")
        return choices


class Vote(Message):
    """Choose answers (students), by their positions from 0; again to choose anew, until the poll ends.
    Answered by `vote_noted`."""

    type: Literal["vote"]
    poll: Seq
    chosen: Chosen


class EndPoll(Message):
    """No more votes; everybody sees the result. Over already: nothing happens."""

    type: Literal["end_poll"]
    poll: Seq


class ShowPoll(Message):
    """Put the result of a poll that is over before everybody again."""

    type: Literal["show_poll"]
    poll: Seq


class DeletePoll(Message):
    """Delete a poll, running or over, with its votes, for good."""

    type: Literal["delete_poll"]
    poll: Seq


class PollVote(Message):
    """What one person chose in a poll by name; for those who lead alone."""

    participant: Id
    name: str
    chosen: list[Count]


class Poll(Message):
    """A question to the class; `id` is the `seq` of its `poll_started`. `counts`, votes for each choice, and
    `voters`, how many people voted: none while you may not see them. `mine`: what you chose; of an anonymous
    poll it is forgotten at its end. `votes`: who chose what, by name, for those who lead."""

    id: Seq
    key: str
    by: str
    question: str
    choices: list[str]
    several: bool
    by_name: bool
    live: bool
    at: datetime
    ended_at: datetime | None
    counts: list[Count] | None
    voters: Count | None
    mine: list[Count] | None
    votes: list[PollVote]


class Polls(Message):
    """All polls as you see them now, when your role has changed."""

    type: Literal["polls"] = "polls"
    polls: list[Poll]


class VoteNoted(Message):
    """Your vote on `poll` is stored."""

    type: Literal["vote_noted"] = "vote_noted"
    poll: Seq
    chosen: list[Count]


class PollStarted(Event):
    """A poll was begun. In a replay it is as it is now."""

    type: Literal["poll_started"] = "poll_started"
    poll: Poll


class PollCounted(Event):
    """There are votes: `counts` for each choice, of `voters` people. `votes`: those that are new or changed,
    of a poll by name, for those who lead. Votes within a second are told together. Students get `withheld` in
    its place unless the poll is `live`."""

    type: Literal["poll_counted"] = "poll_counted"
    poll: Seq
    counts: list[Count]
    voters: Count
    votes: list[PollVote]


class PollEnded(Event):
    """A poll is over: this is its result. It also ends with the class."""

    type: Literal["poll_ended"] = "poll_ended"
    poll: Seq
    counts: list[Count]
    voters: Count
    ended_at: datetime | None


class PollShown(Event):
    """`by` puts the result of `poll` before everybody."""

    type: Literal["poll_shown"] = "poll_shown"
    poll: Seq
    by: Id


class PollDeleted(Event):
    """`poll` is gone, and in every replay too."""

    type: Literal["poll_deleted"] = "poll_deleted"
    poll: Seq
