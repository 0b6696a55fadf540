"""What the engine has done since its start, under names of a fixed set; metrics.py shows it.

Nothing is counted for each packet here: tracks count for themselves, and leave their sums when they go.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from signaling.sfu.downtrack import DownTrack
    from signaling.sfu.uptrack import UpTrack

FLOWS = ("in_packets", "in_octets", "out_packets", "out_octets", "nacks_in", "resent")


class Tally(Counter[str]):
    """`tally.count("nacks_out")`; flows end in their kind: "in_packets_video"."""

    def count(self, name: str, number: int = 1) -> None:
        self[name] += number

    def received(self, track: UpTrack) -> None:
        """Add what a publisher's track has brought."""
        self[f"in_packets_{track.kind}"] += sum(layer.packets for layer in track.layers)
        self[f"in_octets_{track.kind}"] += sum(layer.octets.total() for layer in track.layers)

    def sent(self, listener: DownTrack) -> None:
        """Add what a listener's track was sent."""
        kind, stats = listener.source.kind, listener.stats
        self[f"out_packets_{kind}"] += stats.packets
        self[f"out_octets_{kind}"] += stats.octets
        self[f"nacks_in_{kind}"] += stats.nacked
        self[f"resent_{kind}"] += stats.resent
