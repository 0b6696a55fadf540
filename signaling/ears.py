"""Straight to a socket: what a whole class is told, without a queue and a task for each of its sockets.

A class of five hundred is told five thousand things a second if ten people write; Channels has each of them
wait in a queue, wakes a task for it, and then another one. A socket that has nothing to do and nothing
waiting hears it at once instead; every other one finds it in its queue, as ever.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any

logger = logging.getLogger(__name__)


class Ear:
    """One socket's. `hear` answers whether it took the message. `waiting` counts the messages that it has not
    handled yet, queued ones and those under way."""

    def __init__(self, hear: Callable[[dict[str, Any]], bool]) -> None:
        self.hear = hear
        self.waiting = 0


class Ears:
    """Those of the sockets of one process, by the name of their channel."""

    def __init__(self) -> None:
        self.by_channel: dict[str, Ear] = {}

    def open(self, channel: str, ear: Ear) -> None:
        """From now on; before anybody knows the channel, so that every message is counted."""
        self.by_channel[channel] = ear

    def close(self, channel: str) -> None:
        self.by_channel.pop(channel, None)

    def heard(self, channel: str, message: dict[str, Any]) -> bool:
        """Whether the socket took `message`; otherwise it belongs into its queue, behind what waits there."""
        ear = self.by_channel.get(channel)
        if ear is None or ear.waiting:
            return False
        try:
            return ear.hear(message)
        except Exception:
            logger.exception("A socket did not hear %s", message["type"])
            return False

    def queued(self, channel: str) -> None:
        """The layer has put a message into the socket's queue."""
        if ear := self.by_channel.get(channel):
            ear.waiting += 1


ears = Ears()


def at_once(sending: Coroutine[Any, Any, None]) -> None:
    """Run to its end what waits for nothing, as a web server's send does.

    Raises RuntimeError if it does wait.
    """
    try:
        sending.send(None)
    except StopIteration:
        return
    sending.close()
    raise RuntimeError("Sending waits")
