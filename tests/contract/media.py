"""The media server under contract: our engine, or any LiveKit server or cluster named in the environment."""

from __future__ import annotations

import asyncio
import os
import socket
import uuid
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from livekit import api

from signaling.sfu.addresses import local, usable
from tests.sfu.protocol.doubles import KEY, SECRET
from tests.sfu.protocol.engine import free_port, running_engine


@dataclass(frozen=True)
class Media:
    """Where it is, and how its tokens are signed."""

    url: str
    key: str
    secret: str = field(repr=False)

    def token(self, identity: str, room: str, *, ttl: float = 300, **grants: Any) -> str:
        """`grants` are those of livekit-api, like `can_publish=False`; `ttl` is in seconds."""
        grant = api.VideoGrants(room_join=True, room=room, **grants)
        token = (
            api.AccessToken(self.key, self.secret).with_identity(identity).with_ttl(timedelta(seconds=ttl))
        )
        return token.with_name(identity.title()).with_grants(grant).to_jwt()

    def ask(self, call: Callable[[api.LiveKitAPI], Coroutine[Any, Any, Any]]) -> Any:
        """What `call` answers over the server API."""

        async def run() -> Any:
            address = self.url.replace("ws", "http", 1)
            async with api.LiveKitAPI(address, self.key, self.secret) as livekit:
                return await call(livekit)

        # Playwright keeps a loop running in this thread.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, run()).result(30)


@contextmanager
def under_contract(folder: Path) -> Iterator[Media]:
    """MEDIA_URL, MEDIA_API_KEY and MEDIA_API_SECRET name another server; else our engine is started."""
    key, secret = os.environ.get("MEDIA_API_KEY"), os.environ.get("MEDIA_API_SECRET")
    if key and secret:
        yield Media(os.environ["MEDIA_URL"], key, secret)
        return
    port = free_port(socket.SOCK_STREAM)
    # Firefox sends nothing to a loopback address on a machine that has others.
    own = next(address for address in usable(local()) if address.version == 4)
    reachable = {
        "MEDIA_BIND": f"0.0.0.0:{port}",
        "MEDIA_RTC_HOST": "0.0.0.0",
        "MEDIA_ANNOUNCE": f"127.0.0.1,{own}",
    }
    with running_engine(folder, port, **reachable) as engine:
        yield Media(engine.url, KEY, SECRET)


def new_room() -> str:
    return f"contract.{uuid.uuid4().hex[:12]}"
