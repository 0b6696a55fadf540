"""A storm of joins: 200 in 30 s into one class, from opening the socket to the first packet of a key frame.

Light clients do what a browser does until then: token, signalling, ICE, DTLS, decryption. They share one core
with the publisher, so a slow join may be theirs; Janus beside Aula shows that.
"""

from __future__ import annotations

import asyncio
import time
from argparse import ArgumentParser, Namespace
from typing import Any

from bench import clip, report
from bench.forward import subjects
from bench.light import LightClient
from bench.load import Class, classroom
from bench.process import CLIENT_CORE, pinned
from bench.sdp import VIDEO
from bench.streams import body

P95, WITHIN = 2.0, 10.0  # seconds
SMALLEST = 200  # octets: what is smaller is sound


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--joins", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30.0, help="over which the joins are spread")


async def run(options: Namespace) -> bool:
    """Measure, print, write. True when on Aula no join fails and p95 is below the target."""
    samples: dict[str, list[float | None]] = {}
    for server in subjects():
        with pinned(CLIENT_CORE):
            async with server, classroom(server, 0, "storm", clip.LECTURE) as lesson:
                samples[server.name] = await storm(lesson, options.joins, options.seconds)
    rows = [summarise(name, taken) for name, taken in samples.items()]
    head = ("joins", "p50, ms", "p95, ms", "highest", "failed", "number")
    cells = [
        (row["server"], *(f"{row[key]:.0f}" for key in ("p50", "p95", "highest")), row["failed"], row["n"])
        for row in rows
    ]
    print(report.table(f"Storm: {options.joins} joins in {options.seconds:.0f} s", head, cells))
    reached = not rows[0]["failed"] and rows[0]["p95"] < P95 * 1e3
    print(f"\nTarget: none fails, p95 < {P95:.0f} s: {'reached' if reached else 'MISSED'}")
    print(f"Written to {report.write('storm', parameters=vars(options), samples=samples, rows=rows)}")
    return reached


def summarise(name: str, taken: list[float | None]) -> dict[str, Any]:
    times = [value * 1e3 for value in taken if value is not None] or [float("nan")]
    shares = {"p50": 0.5, "p95": 0.95, "highest": 1.0}
    found = {key: report.percentile(times, share) for key, share in shares.items()}
    return {"server": name, "n": len(taken), "failed": taken.count(None), **found}


async def storm(lesson: Class, joins: int, seconds: float) -> list[float | None]:
    """Seconds of each join; None for one that failed."""

    async def one(number: int) -> float | None:
        await asyncio.sleep(seconds * number / joins)
        return await join(lesson)

    return await asyncio.gather(*(one(number) for number in range(joins)))


async def join(lesson: Class) -> float | None:
    """Seconds until the first packet of a key frame."""
    start, seen = time.monotonic(), asyncio.get_running_loop().create_future()

    def watch(client: LightClient) -> None:
        def look(packet: bytes) -> None:
            if packet[1] & 127 == VIDEO and clip.starts_key_frame(packet[body(packet) :]):
                client.on_media = None
                seen.set_result(time.monotonic() - start)

        client.on_media = look

    try:
        async with asyncio.timeout(WITHIN):
            lesson.listeners.append(await lesson.server.listen("storm", watch))
            return await seen
    except (TimeoutError, OSError, RuntimeError) as error:
        print(f"  a join failed: {error!r}", flush=True)
        return None
