"""Added latency: from the publisher's send call to the arrival at each listener's socket (kernel's stamp).

Loopback adds some 30 µs of its own. Numbers are rewritten on the way, so the first packets of each stream are
decrypted and found among those sent; from then on a packet is known by its sequence number.
"""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from typing import Any

from bench import report
from bench.forward import WARM_UP, subjects
from bench.light import LightClient
from bench.load import Class, classroom, until
from bench.process import CLIENT_CORE, pinned
from bench.streams import Outgoing, body

P50, P99 = 2.0, 15.0  # ms
DESCRIPTOR = 6  # octets of the VP8 payload descriptor, which servers rewrite
KNOWN_WITHIN = 10.0


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--listeners", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=10.0, help="of one sample")
    parser.add_argument("--rounds", type=int, default=2)


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when Aula's median and p99 reach the targets."""
    samples: dict[str, list[float]] = {}
    for _ in range(options.rounds):
        for server in subjects():
            with pinned(CLIENT_CORE):
                async with server, classroom(server, options.listeners, polled=True) as lesson:
                    await asyncio.sleep(WARM_UP)
                    samples.setdefault(server.name, []).extend(await measure(lesson, options.seconds))
    rows = [summarise(name, values) for name, values in samples.items()]
    head = ("added latency", "p50, ms", "p95, ms", "p99, ms", "highest", "packets")
    cells = [(r["server"], *(f"{r[k]:.2f}" for k in ("p50", "p95", "p99", "highest")), r["n"]) for r in rows]
    print(report.table(f"In to out, {options.listeners} listeners", head, cells))
    ours = rows[0]
    reached = ours["p50"] < P50 and ours["p99"] < P99
    print(f"\nTarget: p50 < {P50} ms, p99 < {P99} ms: {'reached' if reached else 'MISSED'}")
    print(f"Written to {report.write('latency', parameters=vars(options), samples=[], rows=rows)}")
    return reached


def summarise(name: str, values: list[float]) -> dict[str, Any]:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "highest": 1.0}
    found = {key: report.percentile(values, share) * 1e3 for key, share in shares.items()}
    return {"server": name, "n": len(values), **found}


async def measure(lesson: Class, seconds: float) -> list[float]:
    """Seconds on the way, of every packet that reached a listener."""
    source = lesson.publisher.source
    streams = [source.audio, *source.videos]
    for stream in streams:
        stream.sent_at = []
    learned = [Learned(peer.client, streams) for peer in lesson.listeners]
    await until(lambda: all(each.complete for each in learned), KNOWN_WITHIN)
    for each in learned:
        each.client.on_media, each.client.stamping = None, True
    await asyncio.sleep(seconds)
    for each in learned:
        each.client.stamping = False
    found = delays(learned)
    for each in learned:
        for flow in each.client.flows.values():
            flow.arrivals.clear()
    return found


class Learned:
    """Which of the publisher's streams each of one listener's flows is, and how far its numbers are off."""

    def __init__(self, client: LightClient, streams: list[Outgoing]) -> None:
        self.client, self.streams = client, streams
        self.flows: dict[int, tuple[Outgoing, int]] = {}
        client.on_media = self.look

    @property
    def complete(self) -> bool:
        return len(self.flows) == len(self.streams)

    def look(self, packet: bytes) -> None:
        ssrc, sequence = int.from_bytes(packet[8:12], "big"), int.from_bytes(packet[2:4], "big")
        if ssrc in self.flows:
            return
        payload = packet[body(packet) + DESCRIPTOR :]
        for stream in self.streams:
            for number, _, sent in reversed(stream.sent_at or []):
                if sent[DESCRIPTOR:] == payload:
                    self.flows[ssrc] = stream, sequence - number & 0xFFFF
                    return


def delays(learned: list[Learned]) -> list[float]:
    sent = {
        id(stream): {number: at for number, at, _ in stream.sent_at or []}
        for each in learned[:1]
        for stream in each.streams
    }
    found = []
    for each in learned:
        for ssrc, (stream, shift) in each.flows.items():
            left = sent[id(stream)]
            arrivals = each.client.flows[ssrc].arrivals
            ways = ((left.get(number - shift & 0xFFFF), at) for number, at in arrivals)
            found += [at - start for start, at in ways if start is not None]
    return found
