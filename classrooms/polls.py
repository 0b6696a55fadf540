"""The polls of a class for its pages: results for who leads it, and for others what they answered by name."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from accounts.models import Membership
from classrooms.models import ClassSession, Poll, PollVote


@dataclass(frozen=True)
class Answer:
    """One choice; `names`: who chose it, where it was asked by name."""

    text: str
    count: int
    percent: int
    names: list[str]


@dataclass(frozen=True)
class Result:
    poll: Poll
    answers: list[Answer]


@dataclass(frozen=True)
class OwnAnswer:
    question: str
    chosen: list[str]


def results_of(session: ClassSession) -> list[Result]:
    """Every poll that is over, as asked."""
    polls = _over(session).prefetch_related(Prefetch("votes", PollVote.objects.select_related("by")))
    return [Result(poll, [_answer(poll, choice) for choice in range(len(poll.choices))]) for poll in polls]


def _over(session: ClassSession) -> QuerySet[Poll]:
    polls: QuerySet[Poll] = Poll.objects.filter(session=session).exclude(ended_at=None)
    return polls


def _answer(poll: Poll, choice: int) -> Answer:
    count = poll.counts[choice]
    percent = round(100 * count / poll.voters) if poll.voters else 0
    names = [vote.by.name for vote in poll.votes.all() if choice in vote.chosen] if poll.by_name else []
    return Answer(poll.choices[choice], count, percent, names)


def own_answers(session: ClassSession, member: Membership) -> list[OwnAnswer]:
    """What this person answered by name: nothing of an anonymous poll, nothing of others."""
    votes = PollVote.objects.filter(poll__in=_over(session), poll__by_name=True, by__membership=member)
    return [
        OwnAnswer(vote.poll.question, [vote.poll.choices[each] for each in vote.chosen])
        for vote in votes.select_related("poll").order_by("poll__number")
    ]
