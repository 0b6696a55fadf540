"""`python -m bench.fuzz`: 10^6 damaged datagrams and messages. Ends with 1 when the engine minded.

Half go over the wire at an engine of its own, under genuine keys where that takes them further, while a class
watches; the other half are protobuf messages, offers and join requests in this process.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from argparse import ArgumentParser
from collections import Counter

import psutil
import uvloop

from bench import report
from bench.fuzz import wire
from bench.fuzz.messages import Messages
from signaling.sfu.plane import Plane

GROWTH = 10_000_000  # bytes
GAP = 1.0  # seconds without a packet of sound, or of a picture, for those who watch
WARM = 40_000  # messages before memory is measured: those who left take a second to be gone


async def messages(total: int, seed: int) -> tuple[int, Counter[str]]:
    """Growth in bytes and what was sent; whatever is raised ends the run."""
    plane = Plane(hosts=["127.0.0.1"], port=0)
    await plane.start()
    fuzz = Messages(plane, seed)
    warm = min(WARM, total // 2)
    await fuzz.run(warm)
    gc.collect()
    before = psutil.Process().memory_info().rss
    await fuzz.run(total - warm)
    gc.collect()
    growth = psutil.Process().memory_info().rss - before
    fuzz.close()
    await plane.close()
    return growth, fuzz.counts


def judge(seen: wire.Outcome, growth: int) -> bool:
    """Whether the engine lived, kept its size, complained of nothing, and the class saw and heard on."""
    minded = not seen.alive or seen.complaints or seen.sent_away
    grew = max(seen.growth, growth) >= GROWTH
    froze = max(seen.gap, seen.picture_gap) >= GAP
    return not (minded or grew or froze)


def main() -> int:
    parser = ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("--datagrams", type=int, default=600_000)
    parser.add_argument("--messages", type=int, default=400_000)
    parser.add_argument("--seed", type=int, default=time.time_ns() & 0xFFFF)
    options = parser.parse_args()
    print(f"seed {options.seed}")
    began = time.monotonic()
    seen = uvloop.run(wire.run(options.datagrams, options.seed))
    print(f"{seen.total} datagrams in {time.monotonic() - began:.0f} s: {dict(seen.sent)}")
    print(f"engine: alive {seen.alive}, grew {seen.growth / 1e6:.1f} MB, kernel dropped {seen.unread}")
    print(f"engine: its loop was {seen.lag:.3f} s late at worst")
    print(f"class: longest gap {seen.gap:.3f} s of sound, {seen.picture_gap:.3f} s of a picture,")
    print(f"  {seen.lost:.0f} of {seen.received:.0f} lost")
    print(*seen.complaints, sep="\n")
    began = time.monotonic()
    growth, counts = asyncio.run(messages(options.messages, options.seed))
    took = time.monotonic() - began
    print(f"{options.messages} messages in {took:.0f} s, {growth / 1e6:.1f} MB: {dict(counts)}")
    good = judge(seen, growth)
    row = {**vars(seen), "message_growth": growth, "messages": dict(counts), "good": good}
    report.write("fuzz", parameters=vars(options), samples=[], rows=[row])
    print("good" if good else "NOT good")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
