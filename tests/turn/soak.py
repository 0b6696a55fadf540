"""A class that outlasts many credentials: allocations stay, and new ones can be made at any time."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from tests.turn.coturn import SFU, Coturn, credential
from turncreds.allocation import RefusedByRelay, allocated
from turncreds.credentials import refresh_after

KINDS = ("udp", "tcp", "tls")
TICKS_PER_RENEWAL = 3


@dataclass
class Report:
    renewals: int = 0
    allocations: int = 0
    failures: list[str] = field(default_factory=list)


async def run(relay: Coturn, *, ttl: int, seconds: float) -> Report:
    """Hold one allocation per transport; renew the credential at half-life; allocate anew in between.

    Those who allocate anew have ids of their own, as other people of the class have: coturn gives a place of
    the quota back only about a second after its allocation ended.
    """
    report, over = Report(), time.monotonic() + seconds
    async with AsyncExitStack() as stack:
        held = [
            await stack.enter_async_context(
                allocated(relay.url(kind), credential("ada", ttl=ttl), tls=relay.tls)
            )
            for kind in KINDS
        ]
        while time.monotonic() < over:
            report.renewals += 1
            given = [credential(f"other-{report.renewals}-{n}", ttl=ttl) for n in range(TICKS_PER_RENEWAL)]
            for each in given:
                await asyncio.sleep(refresh_after(ttl) / TICKS_PER_RENEWAL)
                for kind, allocation in zip(KINDS, held, strict=True):
                    report.allocations += 1
                    if (answer := await relay.answer(kind, each)) != 200:
                        report.failures.append(f"{kind}: a new allocation was answered {answer}")
                    try:
                        async with asyncio.timeout(10):
                            await allocation.permit(SFU)
                    except (RefusedByRelay, OSError) as error:
                        report.failures.append(f"{kind}: the held allocation dropped: {error!r}")
    return report
