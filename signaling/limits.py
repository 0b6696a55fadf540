"""What one socket may ask of the server. Plain arithmetic; the clock is passed in."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from signaling.refusals import TooFast, TooLarge

MOST_BYTES = 32 * 1024  # an offer of four tracks with all that a browser can do takes half of it
FINAL_CAPTIONS = 4  # at once, whatever came before


class Bucket:
    """A token bucket: `burst` at once, then `rate` a second."""

    def __init__(self, rate: float, burst: int) -> None:
        self.rate = rate
        self.burst = burst
        self.tokens = float(burst)
        self.at: datetime | None = None

    def take(self, at: datetime, leaving: int = 0) -> datetime | None:
        """Take a token where that leaves so many; without one, the time when there will be one."""
        passed = (at - self.at).total_seconds() if self.at else 0.0
        self.tokens = min(float(self.burst), self.tokens + max(0.0, passed) * self.rate)
        self.at = at
        if self.tokens < 1 + leaving:
            return at + timedelta(seconds=(1 + leaving - self.tokens) / self.rate)
        self.tokens -= 1
        return None


class Pace:
    """How fast one socket may speak: messages of all types, and of these, lines of chat, reactions, captions,
    offers of files, and joins and older pages of the chat, which are answered at length."""

    def __init__(self) -> None:
        self.messages = Bucket(rate=10, burst=30)
        self.lines = Bucket(rate=2, burst=10)
        self.reactions = Bucket(rate=1, burst=5)
        self.captions = Bucket(rate=3, burst=12)
        self.offers = Bucket(rate=0.2, burst=10)
        self.pages = Bucket(rate=1, burst=10)
        self.joins = Bucket(rate=0.5, burst=10)
        self.patience = Bucket(rate=1, burst=50)
        self.abused = False

    def check(self, at: datetime) -> None:
        """For every message, before it is read. Raises TooFast."""
        self._spend(self.messages, at)

    def check_line(self, at: datetime) -> None:
        """For every line of chat, each change of one and each emoji on one. Raises TooFast."""
        self._spend(self.lines, at)

    def check_reaction(self, at: datetime) -> None:
        """For every reaction to what goes on: each is told to all. Raises TooFast."""
        self._spend(self.reactions, at)

    def check_caption(self, at: datetime) -> None:
        """For every caption that is final, and each wish for some. Raises TooFast."""
        self._spend(self.captions, at)

    def has_room_for_caption(self, at: datetime) -> bool:
        """For every caption that another will take the place of: those that are final come first."""
        return self.captions.take(at, leaving=FINAL_CAPTIONS) is None

    def check_page(self, at: datetime) -> None:
        """For every older page of the chat. Raises TooFast."""
        self._spend(self.pages, at)

    def check_offer(self, at: datetime) -> None:
        """For every offer of files. Raises TooFast."""
        self._spend(self.offers, at)

    def check_join(self, at: datetime) -> None:
        """For every coming in. Raises TooFast."""
        self._spend(self.joins, at)

    def _spend(self, bucket: Bucket, at: datetime) -> None:
        retry_at = bucket.take(at)
        if retry_at is not None:
            self.abused = self.patience.take(at) is not None
            raise TooFast(retry_at)


def check_size(text: str | None, data: bytes | None) -> None:
    """Raises TooLarge."""
    size = len(text.encode("utf-8", "surrogatepass")) if text is not None else len(data or b"")
    if size > MOST_BYTES:
        raise TooLarge


class Backlog:
    """Bytes of events and snapshots on their way that the page has not said it has seen."""

    def __init__(self, most: int = 2 * 1024 * 1024) -> None:
        self.most = most
        self.waiting: deque[tuple[int, int]] = deque()
        self.bytes = 0

    def sent(self, seq: int, size: int) -> None:
        self.waiting.append((seq, size))
        self.bytes += size

    def seen(self, seq: int) -> None:
        while self.waiting and self.waiting[0][0] <= seq:
            self.bytes -= self.waiting.popleft()[1]

    @property
    def is_half_full(self) -> bool:
        """Time to leave out what is of no use later."""
        return self.bytes > self.most // 2

    @property
    def is_full(self) -> bool:
        return self.bytes > self.most
