"""`make soak`: 10,000 peer addresses against each profile, and a quarter-hour over a TTL of 60 s.

The long versions of tests/turn, against a coturn on loopback. Ends with 1 when anything is wrong.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path

from tests.turn import coturn, soak
from tests.turn.addresses import sample
from tests.turn.permissions import permitted
from turncreds.coturn import Profile
from turncreds.peers import is_allowed, networks

SFU_ADDRESSES = ("127.0.0.1", "198.51.100.7", "2001:db8:7::7")


async def peers(profile: Profile, count: int) -> bool:
    """Whether coturn permits exactly the peers that the plan means."""
    tried = [*sample(count, seed=10), *(network[0] for network in networks(SFU_ADDRESSES))]
    with tempfile.TemporaryDirectory() as folder:
        plan = replace(coturn.plan(Path(folder), profile), allowed=tuple(networks(SFU_ADDRESSES)))
        meant = {
            peer
            for peer in tried
            if is_allowed(peer, allowed=plan.allowed_ranges, denied=plan.denied_ranges) and int(peer)
        }
        async with coturn.running(plan, Path(folder), addresses=("127.0.0.1", "::1")) as relay:
            found = await permitted(relay, tried)
    wrong = sorted(map(str, found ^ meant))
    print(
        f"{profile}: {len(tried)} peers tried, {len(found)} permitted, {len(wrong)} wrong {wrong[:10]}",
        flush=True,
    )
    return not wrong


async def renewals(ttl: int, seconds: float) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        async with coturn.running(coturn.plan(Path(folder)), Path(folder)) as relay:
            report = await soak.run(relay, ttl=ttl, seconds=seconds)
    print(
        f"{seconds:.0f} s over a TTL of {ttl} s: {report.renewals} renewals, {report.allocations} new "
        f"allocations, {len(report.failures)} failures {report.failures[:5]}"
    )
    return not report.failures


async def run(count: int, ttl: int, seconds: float) -> bool:
    good = [await peers(profile, count) for profile in Profile]
    return all(good) and await renewals(ttl, seconds)


def main(words: list[str]) -> int:
    parser = ArgumentParser(prog="python -m bench.turnsoak", description=__doc__)
    parser.add_argument("--peers", type=int, default=10_000)
    parser.add_argument("--ttl", type=int, default=60, help="seconds")
    parser.add_argument("--seconds", type=float, default=900.0)
    options = parser.parse_args(words)
    return 0 if asyncio.run(run(options.peers, options.ttl, options.seconds)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
