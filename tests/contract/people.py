"""People with the stock livekit-client in a bare page of a real browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.contract.media import Media

PATIENCE = 25.0  # seconds anything may take on a busy machine


class Person:
    """Whatever is no method here is a function of `window.stock` (stock.js), called by its name there."""

    def __init__(self, page: Page, media: Media, identity: str, room: str) -> None:
        self.page, self.media, self.identity, self.room = page, media, identity, room

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *given: self.page.evaluate(
            "([name, given]) => window.stock[name](...given)", [name, list(given)]
        )

    def enter(
        self,
        *,
        connections: int = 1,
        key: str = "",
        token: str = "",
        options: dict[str, Any] | None = None,
        **grants: Any,
    ) -> Person:
        """Join; `options` are livekit-client's RoomOptions, `connections` the number of peer connections."""
        token = token or self.media.token(self.identity, self.room, **grants)
        options = {"singlePeerConnection": connections == 1, **(options or {})}
        self.join(self.media.url, token, options, {}, key)
        return self

    def until(self, what: str, true: Callable[[], object]) -> None:
        """Wait for a condition; says which one never came."""
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, f"{self.identity} waited in vain: {what}; had {self.events()}"
            self.page.wait_for_timeout(100)

    def until_seen(self, identity: str, *, more: int = 8, width: int = 0) -> None:
        """Wait for `more` new pictures of `identity`, and with `width` until they are of that many pixels."""
        before = self.picture(identity)["frames"]
        self.until(
            f"the picture of {identity}",
            lambda: (
                self.picture(identity)["frames"] >= before + more
                and (not width or self.picture(identity)["width"] == width)
            ),
        )

    def until_still(self, identity: str) -> None:
        """Wait until the picture of `identity` stood still for half a second."""
        frames = [-1] * 5
        while len(set(frames)) > 1:
            frames = [*frames[1:], self.picture(identity)["frames"]]
            self.page.wait_for_timeout(100)

    def until_heard(self, identity: str) -> None:
        before = self.sound(identity)["energy"]
        self.until(f"the voice of {identity}", lambda: self.sound(identity)["energy"] > before)

    def until_event(self, event: str, times: int = 1) -> None:
        self.until(event, lambda: self.events().count(event) >= times)
