"""Reactions to what goes on, gathered for a moment: three hundred people clap in one message, not in three
hundred."""

from __future__ import annotations

from signaling import schema

MOST_BY = 12


class Gathered:
    """Which emoji came how often, and from whom, since they were told last."""

    def __init__(self) -> None:
        self.by: dict[str, list[str]] = {}

    def add(self, participant: str, emoji: str) -> None:
        self.by.setdefault(emoji, []).append(participant)

    def take(self) -> schema.Reactions:
        """All there are; from now on there are none."""
        told = [
            {"emoji": emoji, "count": len(people), "by": list(dict.fromkeys(people))[:MOST_BY]}
            for emoji, people in self.by.items()
        ]
        self.by = {}
        return schema.Reactions.model_validate({"reactions": told})
