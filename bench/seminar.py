"""A seminar: 16 people, all cameras simulcast, each shows one large and the rest as thumbnails.

What is missing is told by the numbers of each stream as it leaves the server, which have no gaps. On Janus
every person has a second connection to receive on, as its videoroom wants it.
"""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

from bench import clip, report
from bench.aula import Aula
from bench.drain import Drain
from bench.forward import WARM_UP, subjects
from bench.janus import Janus
from bench.light import LightClient
from bench.load import until
from bench.process import CLIENT_CORE, pinned

ROOM, RIDS = "seminar", "qhf"
ENCODINGS = tuple(clip.LAYERS[rid] for rid in RIDS)
THUMBNAIL, LARGE = (320, 180), (1280, 720)
LARGE_RATE = 120  # packets/s: only the top layer has more
SETTLED_WITHIN = 30.0
DELIVERED = 0.999


@dataclass(frozen=True)
class Result:
    """`cpu`: share of a core; `large`: listeners that get exactly one large picture; packets/s in and out."""

    cpu: float
    delivered: float
    microseconds: float
    inbound: float
    outbound: float
    large: int
    people: int


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10.0, help="of one sample")


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when on Aula everything arrives in the sizes asked for."""
    results: dict[str, Result] = {}
    for server in subjects():
        with pinned(CLIENT_CORE):
            results[server.name] = await sample(server, options.people, options.seconds)
    head = ("seminar", "of a core", "µs/packet", "delivered", "packets/s in", "out", "one large each")
    cells = [
        (
            name,
            f"{each.cpu:.0%}",
            f"{each.microseconds:.1f}",
            f"{each.delivered:.3%}",
            f"{each.inbound:.0f}",
            f"{each.outbound:.0f}",
            f"{each.large} of {each.people}",
        )
        for name, each in results.items()
    ]
    print(report.table(f"Seminar of {options.people}", head, cells))
    rows = [{"server": name} | asdict(each) for name, each in results.items()]
    print(f"\nWritten to {report.write('seminar', parameters=vars(options), samples=rows, rows=rows)}")
    ours = results[Aula.name]
    return ours.delivered >= DELIVERED and ours.large == options.people


async def sample(server: Any, people: int, seconds: float) -> Result:
    seat = seated_on_aula if isinstance(server, Aula) else seated_on_janus
    async with server, seat(server, people) as (sources, clients):
        await asyncio.sleep(WARM_UP)
        before, sent = server.usage(), sum(source.sent for source in sources)
        flows = [counted(client) for client in clients]
        await asyncio.sleep(seconds)
        after, sent = server.usage(), sum(source.sent for source in sources) - sent
        gained = [gain(client, at_start) for client, at_start in zip(clients, flows, strict=True)]
    spent, span = after.cpu - before.cpu, after.at - before.at
    received = sum(got for flow in gained for got, _ in flow)
    return Result(
        cpu=spent / span,
        delivered=received / sum(expected for flow in gained for _, expected in flow),
        microseconds=spent * 1e6 / received,
        inbound=sent / span,
        outbound=received / span,
        large=sum(sum(got > LARGE_RATE * seconds for got, _ in flow) == 1 for flow in gained),
        people=people,
    )


Counted = dict[int, tuple[int, int]]
"""SSRC -> packets received, highest number."""


def counted(client: LightClient) -> Counted:
    return {ssrc: (flow.received, flow.highest) for ssrc, flow in client.flows.items()}


def gain(client: LightClient, start: Counted) -> list[tuple[int, int]]:
    """(received, expected) of each media flow since `start`."""
    found = []
    for ssrc, flow in client.flows.items():
        received, highest = start.get(ssrc, (0, flow.first - 1))
        if flow.payload_type not in client.rtx_types and flow.highest > highest:
            found.append((flow.received - received, flow.highest - highest))
    return found


def watching(clients: list[LightClient], cameras: int) -> bool:
    """Whether everybody receives every camera and some sound."""
    return all(
        sum(flow.received > 2 for flow in client.flows.values() if flow.payload_type not in client.rtx_types)
        > cameras
        for client in clients
    )


@asynccontextmanager
async def seated_on_aula(server: Aula, people: int):
    """Sources, and the clients that receive: the same person's."""
    drain, peers = Drain(), []
    try:
        for _ in range(people):
            peers.append(await server.publish(ROOM, ENCODINGS, RIDS, size=THUMBNAIL))
            drain.add([peers[-1].client])
        clients = [peer.client for peer in peers]
        await until(lambda: all(len(peer.cameras) == people - 1 for peer in peers), SETTLED_WITHIN)
        for peer, neighbour in zip(peers, [*peers[1:], peers[0]], strict=True):
            await peer.resize(peer.cameras[neighbour.sid], *LARGE)
        await until(lambda: watching(clients, people - 1), SETTLED_WITHIN)
        yield [peer.source for peer in peers], clients
    finally:
        await drain.close()
        for peer in peers:
            await peer.close()


@asynccontextmanager
async def seated_on_janus(server: Janus, people: int):
    """The same with a second connection each, which subscribes to everybody else."""
    drain, peers, hearing = Drain(), [], []
    try:
        for _ in range(people):
            peers.append(await server.publish(ROOM, ENCODINGS, RIDS))
            drain.add([peers[-1].client])
        for peer, neighbour in zip(peers, [*peers[1:], peers[0]], strict=True):
            listener = await server.listen(ROOM, without=peer.feed)
            hearing.append(listener)
            drain.add([listener.client])
            sizes = [
                {"mid": stream["mid"], "substream": 2 if stream["feed_id"] == neighbour.feed else 0}
                for stream in listener.streams
                if stream["type"] == "video"
            ]
            await listener.message({"request": "configure", "streams": sizes})
        clients = [listener.client for listener in hearing]
        await until(lambda: watching(clients, people - 1), SETTLED_WITHIN)
        yield [peer.source for peer in peers], clients
    finally:
        await drain.close()
        for peer in [*hearing, *peers]:
            await peer.close()
