"""What recording costs the media process: publishers alone in their rooms, recorded and not, beside Janus.

CPU is the media process's own, disk thread included; finishing the files afterwards is a process of its own,
told beside it. Janus leaves its raw packets to a tool that somebody has to call, which is not counted. One
publisher is a camera of 1.7 Mbit/s and a microphone.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from argparse import ArgumentParser, Namespace
from dataclasses import asdict, dataclass
from typing import Any

from livekit import api
from livekit.protocol import egress

from bench import clip, report
from bench.aula import KEY, SECRET, Aula
from bench.forward import WARM_UP, subjects
from bench.janus import Janus
from bench.process import CLIENT_CORE, pinned

SHARE = 3.0  # per cent of a core for a recorded camera of 1.5 Mbit/s


@dataclass(frozen=True)
class Sample:
    """Cores used without and with recording; seconds from the last stop to the last file (ours)."""

    plain: float
    recorded: float
    finishing: float

    @property
    def cost(self) -> float:
        return self.recorded - self.plain


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--publishers", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=8.0, help="of one sample")


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when recording a publisher costs us less than its share."""
    taken: dict[str, list[Sample]] = {}
    for _ in range(options.rounds):
        for server in subjects():
            taken.setdefault(server.name, []).append(await measure(server, options))
    rows = [row(name, samples, taken[Aula.name], options.publishers) for name, samples in taken.items()]
    head = ("server", "% of a core", "recorded", "each", "range", "Aula / it", "finishing, s")
    title = f"Recording {options.publishers} cameras of 1.7 Mbit/s and as many microphones"
    print(report.table(title, head, [tuple(each.values()) for each in rows]))
    samples = {name: [asdict(sample) for sample in each] for name, each in taken.items()}
    print(f"\nWritten to {report.write('recording', parameters=vars(options), samples=samples, rows=rows)}")
    ours = statistics.median(sample.cost for sample in taken[Aula.name]) / options.publishers * 100
    print(f"Target: < {SHARE:.0f} % of a core each: {'reached' if ours < SHARE else 'MISSED'}")
    return ours < SHARE


def row(name: str, samples: list[Sample], ours: list[Sample], publishers: int) -> dict[str, Any]:
    each = [sample.cost / publishers * 100 for sample in samples]
    ratios = [mine.cost / other.cost for mine, other in zip(ours, samples, strict=True) if other.cost > 0]
    alone = name == Aula.name
    return {
        "server": name,
        "plain": f"{statistics.median(sample.plain for sample in samples) * 100:.1f}",
        "recorded": f"{statistics.median(sample.recorded for sample in samples) * 100:.1f}",
        "each": f"{statistics.median(each):.2f}",
        "range": f"{min(each):.2f}–{max(each):.2f}",
        "ratio": "" if alone or not ratios else report.spread(ratios, 2),
        "finishing": f"{statistics.median(sample.finishing for sample in samples):.1f}" if alone else "",
    }


async def measure(server: Any, options: Namespace) -> Sample:
    """One fresh server, with everybody recorded in the second half."""
    rooms = [f"alone {number}" for number in range(options.publishers)]
    with pinned(CLIENT_CORE):
        async with server:
            peers = [await server.publish(room, (clip.LESSON,)) for room in rooms]
            try:
                await asyncio.sleep(WARM_UP)
                plain = await cores(server, options.seconds)
                recorder = JanusRecorder(server, peers[0]) if isinstance(server, Janus) else Recorder(server)
                await recorder.begin(rooms)
                await asyncio.sleep(1)
                recorded = await cores(server, options.seconds)
                return Sample(plain, recorded, await recorder.end())
            finally:
                for peer in peers:
                    await peer.close()


class Recorder:
    """Ours, asked for as Django asks."""

    def __init__(self, server: Aula) -> None:
        self._address = f"http://127.0.0.1:{server.port}"
        self._begun: list[str] = []

    async def begin(self, rooms: list[str]) -> None:
        """Every track of everybody."""
        async with api.LiveKitAPI(self._address, KEY, SECRET) as service:
            for room in rooms:
                listed = await service.room.list_participants(api.ListParticipantsRequest(room=room))
                for track in (track for person in listed.participants for track in person.tracks):
                    file = egress.DirectFileOutput(filepath=f"bench/{track.sid}")
                    request = egress.TrackEgressRequest(room_name=room, track_id=track.sid, file=file)
                    self._begun.append((await service.egress.start_track_egress(request)).egress_id)

    async def end(self) -> float:
        """Seconds until the last file is there."""
        async with api.LiveKitAPI(self._address, KEY, SECRET) as service:
            for name in self._begun:
                await service.egress.stop_egress(egress.StopEgressRequest(egress_id=name))
            at = time.monotonic()
            for name in self._begun:
                while not await over(service, name):  # noqa: ASYNC110 (another process has no events)
                    await asyncio.sleep(0.2)
            return time.monotonic() - at


async def over(service: api.LiveKitAPI, name: str) -> bool:
    listed = await service.egress.list_egress(egress.ListEgressRequest(egress_id=name))
    return bool(listed.items) and listed.items[0].status >= egress.EgressStatus.EGRESS_COMPLETE


class JanusRecorder:
    """The videoroom's own: raw packets into a file for each stream (`.mjr`)."""

    def __init__(self, server: Janus, peer: Any) -> None:
        self._server, self._peer = server, peer
        self._rooms: list[str] = []

    async def begin(self, rooms: list[str]) -> None:
        self._rooms = rooms
        await self._turn(on=True)
        files = list(self._server.recordings.glob("*.mjr"))
        if len(files) < 2 * len(rooms):
            raise RuntimeError(f"Janus records {len(files)} of {2 * len(rooms)} streams")

    async def end(self) -> float:
        await self._turn(on=False)
        return 0.0

    async def _turn(self, *, on: bool) -> None:
        for room in self._rooms:
            request = {"request": "enable_recording", "room": self._server.rooms[room], "record": on}
            await self._peer.message(request)


async def cores(server: Any, seconds: float) -> float:
    before = server.usage()
    await asyncio.sleep(seconds)
    after = server.usage()
    return float((after.cpu - before.cpu) / (after.at - before.at))
