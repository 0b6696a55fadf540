"""`python -m bench.guest PORT TOKEN`: one light listener in a process of its own, which can be stopped.

Says `hears` on a line once media flows, then goes on until it is ended.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass

import aiohttp

from bench.aula import Aula
from bench.load import FLOWING_WITHIN, hears_both, until


@dataclass
class Door:
    """A server that somebody else started."""

    port: int
    key: str
    http: aiohttp.ClientSession

    def token(self, room: str) -> str:
        return self.key

    listen = Aula.listen


async def main(port: int, key: str) -> None:
    async with aiohttp.ClientSession() as http:
        peer = await Door(port, key, http).listen("")
        await until(lambda: hears_both(peer.client), FLOWING_WITHIN)
        print("hears", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
