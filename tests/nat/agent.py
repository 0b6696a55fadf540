"""A person without a browser: signs in, enters the class that is on, connects to the other one by STUN alone.

python -m tests.nat.agent EMAIL   prints what became of it, as JSON
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import Any

import aiohttp
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription

from tests.journeys.aula import PASSWORD
from tests.nat.lab import TURN, WEB

HOST = "demo.localhost:443"
ADDRESS = f"http://{WEB}:443"
HEADERS = {"Host": HOST, "Origin": f"http://{HOST}"}
PATIENCE = 12.0  # seconds for a way from one to the other; where there is one it takes one
STUN = RTCConfiguration([RTCIceServer(f"stun:{TURN}:3478")])


async def sign_in(http: aiohttp.ClientSession, email: str) -> None:
    async with http.get(f"{ADDRESS}/sign-in/", headers=HEADERS) as page:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', await page.text())
    assert found
    form = {"csrfmiddlewaretoken": found[1], "username": email, "password": PASSWORD}
    async with http.post(f"{ADDRESS}/sign-in/", data=form, headers=HEADERS, allow_redirects=False) as answer:
        assert answer.status == 302, await answer.text()


class Agent:
    """One person in the class."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.you = ""
        self.here: set[str] = set()
        self.pc = RTCPeerConnection(STUN)
        self.heard = asyncio.Event()
        self.pc.on("datachannel", self.talk)

    def talk(self, channel: Any) -> None:
        """Each sends a word; a word that arrives is what counts."""
        channel.on("message", lambda _: self.heard.set())
        channel.on("open", lambda: channel.send("a word"))
        if channel.readyState == "open":
            channel.send("a word")

    async def listen(self) -> None:
        await self.socket.send_json({"type": "join"})
        async for frame in self.socket:
            await self.take(json.loads(frame.data))

    async def take(self, message: dict[str, Any]) -> None:
        match message:
            case {"type": "joined", "you": you, "participants": people}:
                self.you, self.here = you, {each["id"] for each in people}
                await self.begin()
            case {"type": "participant_joined", "participant": {"id": who}}:
                self.here.add(who)
                await self.begin()
            case {"type": "refused", "re": "join"}:  # the teacher is on the way
                await asyncio.sleep(0.5)
                await self.socket.send_json({"type": "join"})
            case {"type": "signalled", "by": by, "call": call, "description": description}:
                await self.pc.setRemoteDescription(RTCSessionDescription(**description))
                if description["type"] == "offer":
                    await self.pc.setLocalDescription(await self.pc.createAnswer())
                    await self.signal(by, call)

    async def begin(self) -> None:
        """As pages do: the one whose name comes first calls."""
        others = self.here - {self.you}
        if len(others) == 1 and self.you < min(others) and self.pc.localDescription is None:
            self.talk(self.pc.createDataChannel("words"))
            await self.pc.setLocalDescription(await self.pc.createOffer())
            await self.signal(others.pop(), "agents")

    async def signal(self, to: str, call: str) -> None:
        made = self.pc.localDescription
        description = {"type": made.type, "sdp": made.sdp}
        await self.socket.send_json({"type": "signal", "to": to, "call": call, "description": description})


async def find_class(http: aiohttp.ClientSession) -> str:
    """The demo's class is the first one of the dashboard."""
    async with http.get(f"{ADDRESS}/", headers=HEADERS) as page:
        found = re.search(r"/c/([0-9a-f]{32})/", await page.text())
    assert found
    return found[1]


async def main(email: str) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        await sign_in(http, email)
        where = f"ws://{WEB}:443/ws/sessions/{await find_class(http)}/"
        async with http.ws_connect(where, headers=HEADERS) as socket:
            agent = Agent(socket)
            listening = asyncio.create_task(agent.listen())
            try:
                await asyncio.wait_for(agent.heard.wait(), PATIENCE)
                await asyncio.sleep(1)  # the other one hears as well
            except TimeoutError:
                pass
            finally:
                sys.stdout.write(
                    json.dumps({"connected": agent.heard.is_set(), "met": len(agent.here)}) + "\n"
                )
                sys.stdout.flush()
                listening.cancel()
                await agent.pc.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
