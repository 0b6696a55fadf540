"""What recording costs the media process: publishers alone in their rooms, recorded and not, in turns.

CPU is the media process's own, disk thread included; finishing the files afterwards is a process of its own,
told beside it. A camera of 1.7 Mbit/s and a microphone count as one publisher.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from argparse import ArgumentParser, Namespace
from typing import Any

from livekit import api
from livekit.protocol import egress

from bench import clip, report
from bench.aula import KEY, SECRET, Aula, Peer
from bench.forward import WARM_UP
from bench.process import CLIENT_CORE, SERVER_CORE, pinned

SHARE = 3.0  # per cent of a core for a recorded camera of 1.5 Mbit/s


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--publishers", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=8.0, help="of one sample")


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when recording a publisher costs less than its share."""
    with pinned(CLIENT_CORE):
        async with Aula(SERVER_CORE) as server:
            plain, recorded, finishing = await measure(server, options)
    costs = [
        (after - before) / options.publishers * 100 for before, after in zip(plain, recorded, strict=True)
    ]
    row = {
        "publishers": options.publishers,
        "plain": f"{statistics.median(plain) * 100:.1f}",
        "recorded": f"{statistics.median(recorded) * 100:.1f}",
        "cost": f"{statistics.median(costs):.2f}",
        "range": f"{min(costs):.2f}–{max(costs):.2f}",
        "finishing": f"{finishing:.1f}",
    }
    head = ("publishers", "% of a core", "recorded", "each", "range", "finishing, s")
    print(report.table("Recording a camera of 1.7 Mbit/s and a microphone", head, [tuple(row.values())]))
    samples = {"plain": plain, "recorded": recorded}
    print(f"\nWritten to {report.write('recording', parameters=vars(options), samples=samples, rows=[row])}")
    reached = statistics.median(costs) < SHARE
    print(f"Target: < {SHARE:.0f} % of a core each: {'reached' if reached else 'MISSED'}")
    return reached


async def measure(server: Aula, options: Namespace) -> tuple[list[float], list[float], float]:
    """Cores used without and with recording, by round; seconds from the last stop to the last file."""
    peers = [await server.publish(f"alone {n}", (clip.LESSON,)) for n in range(options.publishers)]
    plain, recorded = [], []
    try:
        await asyncio.sleep(WARM_UP)
        async with api.LiveKitAPI(f"http://127.0.0.1:{server.port}", KEY, SECRET) as service:
            for _ in range(options.rounds):
                plain.append(await cores(server, options.seconds))
                begun = await record(service, peers, options.publishers)
                await asyncio.sleep(1)
                recorded.append(await cores(server, options.seconds))
                finishing = await stop(service, begun)
    finally:
        for peer in peers:
            await peer.close()
    return plain, recorded, finishing


async def cores(server: Aula, seconds: float) -> float:
    before = server.usage()
    await asyncio.sleep(seconds)
    after = server.usage()
    return (after.cpu - before.cpu) / (after.at - before.at)


async def record(service: api.LiveKitAPI, peers: list[Peer], count: int) -> list[str]:
    """Both tracks of everybody; their egresses' ids."""
    begun = []
    for number in range(count):
        room = f"alone {number}"
        listed = await service.room.list_participants(api.ListParticipantsRequest(room=room))
        for track in (track for person in listed.participants for track in person.tracks):
            file = egress.DirectFileOutput(filepath=f"bench/{track.sid}-{time.monotonic_ns()}")
            request = egress.TrackEgressRequest(room_name=room, track_id=track.sid, file=file)
            begun.append((await service.egress.start_track_egress(request)).egress_id)
    return begun


async def stop(service: api.LiveKitAPI, begun: list[str]) -> float:
    """Seconds until the last file is there."""
    for name in begun:
        await service.egress.stop_egress(egress.StopEgressRequest(egress_id=name))
    at = time.monotonic()
    for name in begun:
        while not await over(service, name):  # noqa: ASYNC110 (another process has no events)
            await asyncio.sleep(0.2)
    return time.monotonic() - at


async def over(service: api.LiveKitAPI, name: str) -> Any:
    listed = await service.egress.list_egress(egress.ListEgressRequest(egress_id=name))
    return listed.items and listed.items[0].status >= egress.EgressStatus.EGRESS_COMPLETE
