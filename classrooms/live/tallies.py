"""Polls as one person may see them: plain JSON in the socket schema's shape. What is not theirs to know is
not there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from classrooms.live.log import iso
from classrooms.models import ClassSession, Participant, Poll, PollVote


def polls_told(session: ClassSession, person: Participant | None) -> list[dict[str, Any]]:
    """All polls of the class, in the order they were asked."""
    polls = list(Poll.objects.filter(session=session).select_related("by"))
    return [poll_told(poll, person) for poll in polls]


def find_poll(session: ClassSession, number: int) -> Poll | None:
    poll: Poll | None = Poll.objects.filter(session=session, number=number).select_related("by").first()
    return poll


def poll_told(poll: Poll, person: Participant | None) -> dict[str, Any]:
    """A poll as `person` sees it; nobody: as a student who did not vote."""
    leads = leads_now(person)
    counts, voters = tally(poll) if sees_counts(poll, leads=leads) else (None, None)
    own = PollVote.objects.filter(poll=poll, by=person).first() if person else None
    return {
        "id": poll.number,
        "key": poll.key,
        "by": poll.by.name if poll.by else "",
        "question": poll.question,
        "choices": poll.choices,
        "several": poll.several,
        "by_name": poll.by_name,
        "live": poll.live,
        "at": iso(poll.asked_at),
        "ended_at": iso(poll.ended_at) if poll.ended_at else None,
        "counts": counts,
        "voters": voters,
        "mine": own.chosen if own else None,
        "votes": votes_told(poll) if leads else [],
    }


def leads_now(person: Participant | None) -> bool:
    """A co-teacher too."""
    return person is not None and person.role == Participant.Role.TEACHER


def sees_counts(poll: Poll, *, leads: bool) -> bool:
    """Who leads always; students once it has ended, or while it runs where that was chosen."""
    return leads or poll.live or poll.ended_at is not None


def tally(poll: Poll) -> tuple[list[int], int]:
    """Votes for each choice, and how many people voted."""
    if poll.ended_at is not None:
        return poll.counts, poll.voters
    return counted(len(poll.choices), PollVote.objects.filter(poll=poll).values_list("chosen", flat=True))


def counted(choices: int, votes: Iterable[list[int]]) -> tuple[list[int], int]:
    """Pure."""
    all_votes = list(votes)
    return [sum(choice in chosen for chosen in all_votes) for choice in range(choices)], len(all_votes)


def votes_told(poll: Poll, voters: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Who chose what in a poll by name (of `voters`, public ids, alone); nothing of an anonymous one."""
    if not poll.by_name:
        return []
    votes = PollVote.objects.filter(poll=poll).select_related("by")
    if voters is not None:
        votes = votes.filter(by__public_id__in=voters)
    return [{"participant": vote.by.public_id, "name": vote.by.name, "chosen": vote.chosen} for vote in votes]


def count_told(poll: Poll, stored: dict[str, Any], *, leads: bool) -> dict[str, Any]:
    """What `poll_counted` tells: the counts as they are now, and to who leads the votes that are new."""
    counts, voters = tally(poll)
    votes = votes_told(poll, stored["voters"]) if leads else []
    return {"poll": poll.number, "counts": counts, "voters": voters, "votes": votes}


def end_told(poll: Poll) -> dict[str, Any]:
    counts, voters = tally(poll)
    ended_at = iso(poll.ended_at) if poll.ended_at else None
    return {"poll": poll.number, "counts": counts, "voters": voters, "ended_at": ended_at}
