"""Layer switches under a real decoder: listeners of a simulcast change its size again and again.

Every packet and every picture of each listener goes through `viewer`: any fault fails the run.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from argparse import ArgumentParser, Namespace

from bench import clip, report
from bench.aula import Aula, Peer
from bench.load import until
from bench.process import CLIENT_CORE, SERVER_CORE, pinned
from bench.viewer import Viewer, decoded, known

ROOM, RIDS = "switches", "qhf"
ENCODINGS = tuple(clip.LAYERS[rid] for rid in RIDS)
SWITCHED_WITHIN = 10.0
REST = 0.2  # seconds between two switches, so that they fall anywhere between two pictures


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--switches", type=int, default=1000)
    parser.add_argument("--listeners", type=int, default=4, help="who share them")


async def run(options: Namespace) -> bool:
    """Switch, print, write. True when there was no fault."""
    known(ENCODINGS), [decoded(encoding) for encoding in ENCODINGS]
    with pinned(CLIENT_CORE):
        async with Aula(SERVER_CORE) as server:
            viewers, waits = await watch(server, options.listeners, options.switches)
    faults = [fault for viewer in viewers for fault in viewer.faults]
    row = {
        "switches": sum(viewer.switches for viewer in viewers),
        "pictures": sum(viewer.pictures for viewer in viewers),
        "faults": len(faults),
        "p50": report.percentile(waits, 0.5) * 1e3,
        "p95": report.percentile(waits, 0.95) * 1e3,
    }
    head = ("layer switches", "pictures", "faults", "until the new size: p50, ms", "p95")
    cells = [(row["switches"], row["pictures"], row["faults"], f"{row['p50']:.0f}", f"{row['p95']:.0f}")]
    print(report.table("Switches between three layers, every picture decoded and compared", head, cells))
    print("\n".join(faults[:10]))
    print(f"Written to {report.write('switches', parameters=vars(options), samples=faults, rows=[row])}")
    return not faults


async def watch(server: Aula, listeners: int, switches: int) -> tuple[list[Viewer], list[float]]:
    """All viewers, and the seconds each switch took from the request to the first picture."""
    teacher = await server.publish(ROOM, ENCODINGS, RIDS)
    viewers, peers, waits = [Viewer(ENCODINGS) for _ in range(listeners)], list[Peer](), list[float]()
    try:
        for viewer in viewers:
            peers.append(await server.listen(ROOM, viewer.sit_before))
        camera = peers[0].cameras[teacher.sid]
        shares = [switches // listeners + (i < switches % listeners) for i in range(listeners)]
        for taken in await asyncio.gather(*map(change, peers, viewers, [camera] * listeners, shares)):
            waits += taken
    finally:
        for peer in [*peers, teacher]:
            await peer.close()
    return viewers, waits


async def change(peer: Peer, viewer: Viewer, camera: str, times: int) -> list[float]:
    """Ask for another layer, wait for its first picture; the next one follows a random moment later."""
    dice, waits = random.Random(times), []
    await until(lambda: viewer.pictures > 0, SWITCHED_WITHIN)
    for _ in itertools.takewhile(lambda _: viewer.switches < times, itertools.count()):
        other = dice.choice([e for e in ENCODINGS if (e.width, e.height) != viewer.size])
        start = time.monotonic()
        await peer.resize(camera, other.width, other.height)
        await until(lambda: viewer.size == (other.width, other.height), SWITCHED_WITHIN)  # noqa: B023
        waits.append(time.monotonic() - start)
        await asyncio.sleep(dice.random() * REST)
    return waits
