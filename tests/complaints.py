"""What pages complain of in their consoles: a test fails of each complaint that it does not expect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # what has no browser need not wait for it
    from playwright.sync_api import BrowserContext, ConsoleMessage


def heard(context: BrowserContext) -> list[str]:
    """Of all pages that `context` will open: errors in a console, with the address that they are about, and
    what no script caught. The list grows."""
    complaints: list[str] = []

    def hear(line: ConsoleMessage) -> None:
        if line.type == "error":
            complaints.append(f"{line.text} ({line.location['url']})")

    context.on("console", hear)
    context.on("weberror", lambda fault: complaints.append(str(fault.error)))
    return complaints


def unexpected(complaints: list[str], words: tuple[str, ...]) -> list[str]:
    """Those in which none of the words stands."""
    return [each for each in complaints if not any(word in each for word in words)]


def listening(request: pytest.FixtureRequest) -> Iterator[Callable[[BrowserContext], list[str]]]:
    """Hear contexts until the test is over; it fails of what is then left, but for what has one of the words
    of its mark `complains` in it."""
    contexts: list[list[str]] = []

    def listen(context: BrowserContext) -> list[str]:
        contexts.append(heard(context))
        return contexts[-1]

    yield listen
    words = tuple(word for mark in request.node.iter_markers("complains") for word in mark.args)
    left = [each for complaints in contexts for each in unexpected(complaints, words)]
    assert not left, "\n".join(left)
