"""No answer is read from the disk faster than its reader takes it in; one to somebody who has gone is let go.

daphne hands everything to Twisted at once, and a large file would wait in memory for a slow line. Read from
daphne 4.2.3 and Twisted 26.10.0; tests/socket/test_flow.py drives it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from autobahn.exception import Disconnected
from daphne.server import Server
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web import http


class FlowingChannel(http.HTTPChannel):
    """A connection that knows whether its reader keeps up (twisted.internet.interfaces.IPushProducer)."""

    def connectionMade(self) -> None:
        self.flows = asyncio.Event()
        self.flows.set()
        super().connectionMade()  # type: ignore[no-untyped-call]

    def pauseProducing(self) -> None:
        self.flows.clear()
        super().pauseProducing()  # type: ignore[no-untyped-call]

    def resumeProducing(self) -> None:
        self.flows.set()
        super().resumeProducing()  # type: ignore[no-untyped-call]

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.flows.set()
        super().connectionLost(reason)  # type: ignore[no-untyped-call]


def wait_for_readers() -> None:
    """In this process from now on: the next piece of an answer is asked for once there is room for it."""
    hand_over = Server.handle_reply

    async def handle_reply(self: Server, protocol: Any, message: dict[str, Any]) -> None:
        with suppress(Disconnected):  # the socket's reader has just gone: daphne tells its consumer so next
            await hand_over(self, protocol, message)
        channel = getattr(protocol, "channel", None)
        if message.get("more_body") and isinstance(channel, FlowingChannel):
            await channel.flows.wait()

    Server.handle_reply = handle_reply
