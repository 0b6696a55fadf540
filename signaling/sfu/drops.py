"""Every packet the plane does not pass on, counted under a name."""

from __future__ import annotations

from collections import Counter


class Drops(Counter[str]):
    """`drops.count("srtp_auth")`; reads as a mapping of reason to number."""

    def count(self, reason: str) -> None:
        self[reason] += 1
