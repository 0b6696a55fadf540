"""What a page really decodes, read from the browser's own WebRTC statistics."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

PATIENCE = 25.0  # seconds


@dataclass(frozen=True)
class Picture:
    """One video stream over an interval: frames per second and size in pixels."""

    fps: float
    width: int
    height: int


def until(page: Page, said: str, holds: Callable[[Any], bool]) -> None:
    """Wait for what a page's scripts say; asked from outside, its policy forbids evaluating inside."""
    end = time.monotonic() + PATIENCE
    while not holds(now := page.evaluate(said)):
        assert time.monotonic() < end, f"{said} is {now}"
        page.wait_for_timeout(250)


def inbound(page: Page, kind: str) -> list[dict]:
    return [stat for stat in page.evaluate("testInbound()") if stat["kind"] == kind]


def pictures(page: Page, over: float = 2.0) -> list[Picture]:
    """Each video stream that decoded something during the last `over` seconds."""
    before = {stat["id"]: stat for stat in inbound(page, "video")}
    page.wait_for_timeout(over * 1000)
    seen = []
    for stat in inbound(page, "video"):
        past = before.get(stat["id"])
        if past is None:
            continue
        frames = stat.get("framesDecoded", 0) - past.get("framesDecoded", 0)
        seconds = (stat["timestamp"] - past["timestamp"]) / 1000
        if frames and seconds:
            seen.append(Picture(frames / seconds, stat.get("frameWidth", 0), stat.get("frameHeight", 0)))
    return seen


def wait_for_pictures(page: Page, count: int, *, fps: float = 10, width: int = 640) -> list[Picture]:
    """Wait until `count` streams decode at `fps` or more and at least `width` pixels wide."""
    until = time.monotonic() + PATIENCE
    while True:
        seen = pictures(page)
        good = [picture for picture in seen if picture.fps >= fps and picture.width >= width]
        if len(good) >= count:
            return good
        assert time.monotonic() < until, f"wanted {count} moving pictures, saw {seen}"


def wait_for_sound(page: Page, count: int = 1) -> None:
    """Wait until `count` audio streams carry energy that grows: somebody is heard, not silence."""
    until = time.monotonic() + PATIENCE
    before: dict[str, float] = {}
    while True:
        now = {stat["id"]: stat.get("totalAudioEnergy", 0.0) for stat in inbound(page, "audio")}
        heard = [name for name, energy in now.items() if energy > before.get(name, energy) + 1e-6]
        if len(heard) >= count:
            return
        assert time.monotonic() < until, f"wanted {count} voices, energies were {now}"
        before = {**now, **{k: v for k, v in before.items() if k in now}}
        page.wait_for_timeout(500)


def wait_until_it_may_send(page: Page, bitrate: float) -> None:
    """Wait until the engine's transport-wide feedback has let the browser up to `bitrate` in bit/s."""
    until = time.monotonic() + PATIENCE
    while (now := page.evaluate("testMaySend()")) < bitrate:
        assert time.monotonic() < until, f"the browser may send {now:.0f} bit/s, wanted {bitrate:.0f}"
        page.wait_for_timeout(250)


@contextmanager
def slow_uploads(page: Page, speed: float) -> Iterator[None]:
    """Let no more than `speed` bytes per second leave in requests."""
    browser = page.context.new_cdp_session(page)
    line = {"offline": False, "latency": 0, "downloadThroughput": -1}
    browser.send("Network.emulateNetworkConditions", {**line, "uploadThroughput": speed})
    yield
    browser.send("Network.emulateNetworkConditions", {**line, "uploadThroughput": -1})
    browser.detach()


def wait_for_progress(bar: Locator) -> None:
    """Wait until a progress bar has moved twice, and is not at its end."""
    until = time.monotonic() + PATIENCE
    seen: set[float] = set()
    while len(seen) < 3:
        assert time.monotonic() < until, f"the bar was at {seen}"
        seen.add(float(bar.evaluate("bar => bar.position")))
        bar.page.wait_for_timeout(100)
    assert max(seen) < 1
