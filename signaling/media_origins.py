"""Which pages may open the media socket: the media server's own host's, and those of schools.

The token lets in, no cookie does. But a token that leaked into a page of another site is of no use there.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from django.db import DatabaseError

from signaling.database import in_database
from signaling.sfu.refusals import Busy, NotGranted
from tenants.hosts import bare_host, tenant_for_host

ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)  # RFC 6454, 6.2
KEPT = 60.0  # seconds that a host counts as looked up
MOST = 1000  # hosts kept


class Origins:
    """The hosts looked up of late: a socket seldom costs a query."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[bool, float]] = {}  # a school's?, when looked up

    async def check(self, headers: Sequence[tuple[bytes, bytes]]) -> None:
        """Raises Refusal. Native clients say no Origin, and pass."""
        told = [value.decode("latin1") for name, value in headers if name == b"origin"]
        if not told:
            return
        page = ORIGIN.fullmatch(told[0])
        if len(told) > 1 or page is None:
            raise NotGranted("This is no page's Origin.")
        own = {bare_host(value.decode("latin1")) for name, value in headers if name == b"host"}
        host = bare_host(page[1])
        if host not in own and not await self._is_school(host):
            raise NotGranted("Pages of this host may not connect.")

    async def _is_school(self, host: str) -> bool:
        """While the database is away, what was known of the host counts on."""
        known, looked_up = self._known.get(host, (None, 0.0))
        if known is not None and time.monotonic() - looked_up < KEPT:
            return known
        try:
            found = await in_database(tenant_for_host, host) is not None
        except DatabaseError:
            if known is None:
                raise Busy("The hosts of schools cannot be looked up just now.") from None
            return known
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[host] = found, time.monotonic()
        return found
