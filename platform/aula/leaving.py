"""What the web process does before its loop ends.

On SIGTERM daphne cancels all applications and stops once the first of them is gone; what sockets had begun
in the database would be committed, and told to nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from twisted.internet.defer import Deferred


def wait_for(last: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Have the reactor stop no earlier than `last` is done."""
    from twisted.internet import reactor  # daphne, an installed app, has chosen which

    def begin() -> Deferred[None]:
        return Deferred.fromFuture(asyncio.ensure_future(last()))

    reactor.addSystemEventTrigger("before", "shutdown", begin)  # type: ignore[arg-type]  # a name will do
