"""Asking a class, and answering.

As in actions.py: one transaction each, from a seat, at a time; the sockets hear of it after the commit. Every
one raises Ended, NotHere and NoLongerMember; all but `vote` are for those who lead and raise NotAllowed.

An anonymous poll keeps who voted what only while it runs, so that a vote can be changed: no event and no page
tells it, and at its end the votes become numbers.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from classrooms.live import rules
from classrooms.live.log import record
from classrooms.live.refusals import (
    NoSuchChoice,
    PollOver,
    PollRuns,
    StillRuns,
    StudentsOnly,
    TooManyPolls,
    UnknownPoll,
)
from classrooms.live.seats import Seat, people_of, read_session, taken
from classrooms.live.standing import leads
from classrooms.live.tallies import (
    count_told,
    counted,
    end_told,
    find_poll,
    poll_told,
    polls_told,
    sees_counts,
)
from classrooms.models import ClassSession, Participant, Poll, PollVote

MOST_POLLS = 30  # in one class
TOGETHER = timedelta(seconds=1)  # votes within it are told together


@transaction.atomic
def ask(
    *,
    seat: Seat,
    key: str,
    question: str,
    choices: list[str],
    at: datetime,
    several: bool = False,
    by_name: bool = False,
    live: bool = False,
) -> None:
    """Begin a poll. Asked before under this `key`: nothing happens. Raises PollRuns, TooManyPolls."""
    session, by = _led(seat)
    polls = Poll.objects.filter(session=session)
    if polls.filter(key=key).exists():
        return
    if polls.filter(ended_at=None).exists():
        raise PollRuns
    if polls.count() >= MOST_POLLS:
        raise TooManyPolls
    poll = Poll.objects.create(
        session=session,
        number=session.last_seq + 1,
        by=by,
        key=key,
        question=question,
        choices=choices,
        several=several,
        by_name=by_name,
        live=live,
        asked_at=at,
        counted_at=at - TOGETHER,
    )
    told, others = poll_told(poll, by), poll_told(poll, None)
    _record(session, poll, at=at, type="poll_started", by=by, told={"poll": told}, others={"poll": others})


@transaction.atomic
def vote(*, seat: Seat, poll: int, chosen: list[int], at: datetime) -> bool:
    """Choose, or choose anew, until it ends; whether that is still to be told (`tell_counts`).

    Raises StudentsOnly, UnknownPoll, PollOver, NoSuchChoice.
    """
    session = read_session(seat.session_id, locked=True)
    by = taken(session, seat)
    if leads(session, by):
        raise StudentsOnly
    asked = _find(session, poll)
    _check_choice(asked, chosen)
    chosen = sorted(chosen)
    own = PollVote.objects.filter(poll=asked, by=by).first()
    if own is not None and own.chosen == chosen:
        return not own.told
    PollVote.objects.update_or_create(poll=asked, by=by, defaults={"chosen": chosen, "told": False})
    if at - asked.counted_at < TOGETHER:
        return True
    _tell_counts(session, asked, at)
    return False


def _check_choice(poll: Poll, chosen: list[int]) -> None:
    """Raises PollOver, NoSuchChoice."""
    if poll.ended_at is not None:
        raise PollOver
    fits = chosen and len(set(chosen)) == len(chosen) and max(chosen) < len(poll.choices)
    if not fits or (len(chosen) > 1 and not poll.several):
        raise NoSuchChoice


@transaction.atomic
def tell_counts(*, session_id: int, at: datetime) -> None:
    """Tell of the votes that nobody was told of yet, if there are any. Raises NoLongerMember."""
    if not PollVote.objects.filter(poll__session_id=session_id, poll__ended_at=None, told=False).exists():
        return
    session = read_session(session_id, locked=True)
    poll = Poll.objects.filter(session=session, ended_at=None).first()
    if poll is not None and PollVote.objects.filter(poll=poll, told=False).exists():
        _tell_counts(session, poll, at)


def _tell_counts(session: ClassSession, poll: Poll, at: datetime) -> None:
    """To those who lead; to all where students see the counts as well. The log names no voter of an anonymous
    poll."""
    fresh = PollVote.objects.filter(poll=poll, told=False)
    voters = list(fresh.values_list("by__public_id", flat=True)) if poll.by_name else []
    fresh.update(told=True)
    poll.counted_at = at
    poll.save(update_fields=["counted_at"])
    stored = {"poll": poll.number, "voters": voters}
    told = count_told(poll, stored, leads=True)
    others = {**told, "votes": []} if sees_counts(poll, leads=False) else None
    _record(session, poll, at=at, type="poll_counted", stored=stored, told=told, others=others)


@transaction.atomic
def end(*, seat: Seat, poll: int, at: datetime) -> None:
    """No more votes; everybody sees the counts. Over already: nothing happens. Raises UnknownPoll."""
    session, by = _led(seat)
    found = _find(session, poll)
    if found.ended_at is None:
        _end(session, found, at, by)


def end_running(session: ClassSession, at: datetime) -> None:
    """As the class ends."""
    poll = Poll.objects.filter(session=session, ended_at=None).first()
    if poll is not None:
        _end(session, poll, at, None)


def _end(session: ClassSession, poll: Poll, at: datetime, by: Participant | None) -> None:
    votes = PollVote.objects.filter(poll=poll)
    if poll.by_name and votes.filter(told=False).exists():
        _tell_counts(session, poll, at)
    poll.counts, poll.voters = counted(len(poll.choices), votes.values_list("chosen", flat=True))
    poll.ended_at = at
    poll.save(update_fields=["counts", "voters", "ended_at"])
    if not poll.by_name:
        votes.delete()
    record(session, at=at, type="poll_ended", payload={"poll": poll.number}, told=end_told(poll), by=by)


@transaction.atomic
def show(*, seat: Seat, poll: int, at: datetime) -> None:
    """Put the result before everybody again. Raises UnknownPoll, StillRuns."""
    session, by = _led(seat)
    found = _find(session, poll)
    if found.ended_at is None:
        raise StillRuns
    record(session, at=at, type="poll_shown", payload={"poll": found.number, "by": by.public_id}, by=by)


@transaction.atomic
def delete(*, seat: Seat, poll: int, at: datetime) -> None:
    """Question and votes are gone for good. Raises UnknownPoll."""
    session, by = _led(seat)
    found = _find(session, poll)
    record(session, at=at, type="poll_deleted", payload={"poll": found.number}, by=by)
    found.delete()


def all_polls(*, seat: Seat) -> list[dict[str, Any]]:
    """As this person may see them now."""
    session = read_session(seat.session_id)
    return polls_told(session, taken(session, seat))


def _led(seat: Seat) -> tuple[ClassSession, Participant]:
    """The class and who acts, if they lead it. Raises NotAllowed."""
    session = read_session(seat.session_id, locked=True)
    by = taken(session, seat)
    rules.check_leading(leads=leads(session, by))
    return session, by


def _find(session: ClassSession, number: int) -> Poll:
    found = find_poll(session, number)
    if found is None:
        raise UnknownPoll
    return found


def _record(
    session: ClassSession,
    poll: Poll,
    *,
    at: datetime,
    type: str,
    told: dict[str, Any],
    others: dict[str, Any] | None,
    stored: dict[str, Any] | None = None,
    by: Participant | None = None,
) -> None:
    """`told` to those who lead, `others` to all others; None: that a number is taken."""
    leading = list(people_of(session).filter(role=Participant.Role.TEACHER))
    stored = stored or {"poll": poll.number}
    record(session, at=at, type=type, payload=stored, told=told, by=by, only=leading, others=others)
