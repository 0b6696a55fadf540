"""From where the work of this moment was asked for: an address and a door, for the audit log.

Set for each request by the middleware; outside of one it is a command or the background worker.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.http import HttpRequest

PAGE, ADMIN, API, INSIDE = "page", "admin", "api", "inside"
ROOTS = {"/admin/": ADMIN, "/api/": API}


@dataclass(frozen=True)
class Whence:
    """`address` is empty where nobody asked over the network; `key`: the beginning of an API key."""

    address: str = ""
    door: str = INSIDE
    key: str = ""


_now: ContextVar[Whence] = ContextVar("whence", default=Whence())  # noqa: B039 (frozen)


def whence() -> Whence:
    return _now.get()


@contextmanager
def asked_by(request: HttpRequest) -> Iterator[None]:
    """Everything inside was asked for by this request."""
    door = next((door for root, door in ROOTS.items() if request.path.startswith(root)), PAGE)
    token = _now.set(Whence(request.META.get("REMOTE_ADDR") or "", door))
    try:
        yield
    finally:
        _now.reset(token)


def asked_with_key(prefix: str) -> None:
    """This request came with the API key that begins so."""
    _now.set(replace(_now.get(), key=prefix))
