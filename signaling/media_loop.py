"""The media process has one event loop, uvloop's, for Twisted (daphne), the sockets and the packets.

`install` must run before anything imports daphne or another part of Twisted that fetches the reactor, and
daphne is an installed app: hence the call in manage.py, before Django starts.
"""

from __future__ import annotations

import asyncio
import sys

REACTOR = "twisted.internet.reactor"


def install() -> None:
    """Make Twisted's reactor run on a new uvloop loop, which becomes the current one."""
    from twisted.internet import asyncioreactor

    if REACTOR in sys.modules:
        raise RuntimeError("Twisted's reactor was chosen before the media process could choose it.")
    asyncioreactor.install(_new_loop())  # type: ignore[no-untyped-call]


def current() -> asyncio.AbstractEventLoop:
    """The loop of the installed reactor."""
    from twisted.internet import reactor

    loop: asyncio.AbstractEventLoop = reactor._asyncioEventloop
    return loop


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # uvloop has no Windows build; everything works without it, slower
        loop = asyncio.new_event_loop()
    else:
        loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop
