"""A teacher and two students in a process of their own, who only want to have class: did a picture stop?

`python -m bench.fuzz.watchers PORT KEY SECRET ROOM` runs until it reads a line, then writes JSON.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys

import aiohttp
from livekit import api

from bench.aula import Aula, Peer
from bench.streams import Flow

STUDENTS = 2
WITHIN = 20.0  # seconds to the first packets


class Door(Aula):
    """Somebody else's engine."""

    def __init__(self, port: int, key: str, secret: str) -> None:
        self.port, self.key, self.secret = port, key, secret
        self.numbers = itertools.count(1)

    async def __aenter__(self) -> Door:
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.close()

    def token(self, room: str) -> str:
        token = api.AccessToken(self.key, self.secret).with_identity(f"watcher{next(self.numbers)}")
        return token.with_grants(api.VideoGrants(room_join=True, room=room)).to_jwt()


def busiest(peer: Peer) -> Flow:
    return max(peer.client.flows.values(), key=lambda flow: flow.received)


def longest(flow: Flow) -> float:
    """Seconds it was silent, by the kernel's stamps."""
    stamps = [at for _, at in flow.arrivals]
    return max((later - earlier for earlier, later in itertools.pairwise(stamps)), default=float("inf"))


async def watch(port: int, key: str, secret: str, room: str) -> dict[str, float]:
    async with Door(port, key, secret) as door:
        teacher = await door.publish(room)
        students = [await door.listen(room) for _ in range(STUDENTS)]
        async with asyncio.timeout(WITHIN):
            while not all(student.client.received > 50 for student in students):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        pictures = [busiest(student) for student in students]  # before anybody else comes
        sounds = [
            flow for student in students for flow in student.client.flows.values() if flow not in pictures
        ]
        for student in students:
            student.client.stamping = True
        print("watching", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        gone = sum(peer.socket.closed for peer in (teacher, *students))
        found = {
            "gap": max(map(longest, sounds)),
            "picture_gap": max(map(longest, pictures)),
            "lost": float(sum(flow.highest - flow.first + 1 - flow.received for flow in sounds)),
            "received": float(sum(flow.received for flow in sounds)),
            "sent_away": float(gone),
        }
        for peer in (teacher, *students):
            await peer.close()
        return found


if __name__ == "__main__":
    number, *words = sys.argv[1:]
    print(json.dumps(asyncio.run(watch(int(number), *words))), flush=True)
