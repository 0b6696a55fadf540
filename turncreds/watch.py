"""Whether the relay works, for health endpoints: asked in the background, so that nobody waits for it."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from typing import Literal

from django.conf import settings

from turncreds.plan import check_target
from turncreds.reachability import Finding, check_relay

log = logging.getLogger(__name__)

State = Literal["none", "unknown", "ok", "failing"]
EVERY = 300.0  # seconds from one check to the next, while somebody asks


def ask_relay() -> list[Finding]:
    """Make real allocations, as `manage.py checkturn` does. Raises OSError or ValueError."""
    return asyncio.run(check_relay(check_target()))


class RelayWatch:
    """`none` without a relay; `unknown` until the first check is over. What fails is logged with its mend,
    once, and so is that it is over."""

    def __init__(
        self, ask: Callable[[], list[Finding]] = ask_relay, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask, self._clock = ask, clock
        self._state: State = "unknown"
        self._asked_at = -EVERY
        self._failed: tuple[Finding, ...] = ()
        self._lock = threading.Lock()

    def state(self) -> State:
        """As of the last check; begins the next when that is old. Never blocks."""
        if not settings.TURN_URLS:
            return "none"
        with self._lock:
            known, due = self._state, self._clock() - self._asked_at >= EVERY
            if due:
                self._asked_at = self._clock()
        if due:
            threading.Thread(target=self.check, name="relay-check", daemon=True).start()
        return known

    def check(self) -> None:
        """Whatever goes wrong is a finding."""
        try:
            findings = self._ask()
        except (OSError, ValueError) as error:
            findings = [Finding("TURN_CA_FILE", False, str(error))]
        except Exception:
            log.exception("The relay could not be checked")
            findings = [Finding("TURN_URLS", False, "could not be checked, see the log")]
        failed = tuple(each for each in findings if not each.ok)
        for each in failed if failed != self._failed else ():
            log.warning("relay %s: %s %s", each.url, each.text, each.mend)
        if self._failed and not failed:
            log.info("the relay works again")
        self._failed = failed
        self._state = "failing" if failed else "ok"


relay_watch = RelayWatch()
