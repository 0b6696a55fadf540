"""How many bit/s the way to one listener carries, from what the listener acknowledges. No I/O, no clock.

Two signs of too much: packets that queue (delay above the least of the last seconds, which no constant
difference or slow drift of the clocks can feign) and packets that are lost. After either the estimate falls
to what was really delivered. It grows only by what was shown to pass: with the traffic, or by probes
(probing.py), and never decays while we send less than it allows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from signaling.sfu.losses import LITTLE, Losses, Verdict
from signaling.sfu.standing import Standing

ASSUMED = 3_000_000.0  # bit/s, until something is known
LOWEST = 60_000.0  # bit/s: below it there is nothing left to save
BASE_BUCKET, BASE_BUCKETS = 1.0, 10  # seconds and number: the window of the least delay
QUEUED = 0.04  # seconds of queue that are no longer chance
DEEP = 0.2  # seconds of queue that need no second sign
BURST = 0.4  # the same, when we send less than the line was seen to carry: a key frame makes that much
BURST_TIME = 0.8  # seconds such a queue may take to empty
RATES = 0.5  # seconds over which rates are taken
LATELY = 0.1  # seconds
STEADY = 2.0  # seconds
FRESH = 3.0  # seconds without a cut
RECOVERY = 0.6  # seconds for a decrease to show effect
CUT = 0.85  # of what was delivered
DRAIN = 0.7  # the same, where a deep queue has to empty
ALL, GENTLE = 0.9, 0.7  # of what was sent, of the estimate: a cut when everything passes
GROWTH = 0.08  # a second
AHEAD = 1.25  # times what is delivered: growth without a probe ends there
BELOW_KNOWN = 0.95  # of what the line was seen to carry: only a probe leads further
SILENCE = 1.0  # seconds without feedback while we send
SPARE = 0.3  # of the estimate: who sends less is not told by what arrives how much would
MODEST = 300_000.0  # bit/s: voice and a small picture, where little is known of the line
FEW = 10  # packets whose feedback may be missing without a meaning


class QueueDelay:
    """Delay above the least of the last ten seconds."""

    def __init__(self) -> None:
        self._buckets: deque[tuple[float, float]] = deque(maxlen=BASE_BUCKETS)

    def above_base(self, now: float, delay: float) -> float:
        """`delay` in seconds between two clocks whose difference is unknown but steady."""
        if not self._buckets or now - self._buckets[-1][0] >= BASE_BUCKET:
            self._buckets.append((now, delay))
        elif delay < self._buckets[-1][1]:
            self._buckets[-1] = (self._buckets[-1][0], delay)
        return delay - min(least for _, least in self._buckets)

    def forget(self) -> None:
        """The path is another one."""
        self._buckets.clear()


@dataclass(slots=True)
class Batch:
    """What one round of feedback said. Times are seconds, on the sender's and on the listener's clock."""

    sent_until: float
    arrived_until: float
    sent: int  # octets
    arrived: int  # octets
    packets: int
    lost: int
    delay: float | None  # the least of the batch; None when nothing arrived
    lately: int  # octets that arrived within the last LATELY seconds of it


def gather(sent: Sequence[float], sizes: Sequence[int], arrivals: Sequence[float | None]) -> Batch | None:
    """None when there is nothing to learn. A packet whose time of sending is 0 is unknown to us."""
    sent_until = arrived_until = -1e18
    octets = arrived = packets = lost = 0
    least = 1e18
    for at, size, arrival in zip(sent, sizes, arrivals, strict=True):
        if not at:
            continue
        packets += 1
        octets += size
        if at > sent_until:
            sent_until = at
        if arrival is None:
            lost += 1
            continue
        arrived += size
        if arrival > arrived_until:
            arrived_until = arrival
        if arrival - at < least:
            least = arrival - at
    if not packets:
        return None
    delay = least if least < 1e18 else None
    lately = _since(arrived_until - LATELY, sizes, arrivals)
    return Batch(sent_until, arrived_until, octets, arrived, packets, lost, delay, lately)


def _since(begin: float, sizes: Sequence[int], arrivals: Sequence[float | None]) -> int:
    octets = 0
    for size, arrival in zip(reversed(sizes), reversed(arrivals), strict=True):
        if arrival is not None:
            if arrival <= begin:
                break
            octets += size
    return octets


class Rates:
    """Sent and delivered bit/s of the last half second; `lately` what its last tenth delivered."""

    def __init__(self) -> None:
        self._batches: deque[tuple[float, float, int, int]] = deque(maxlen=32)
        self.sent = self.delivered = self.lately = 0.0

    def take(self, batch: Batch) -> None:
        last = self._batches[-1] if self._batches else None
        arrived_until = batch.arrived_until
        if last is not None:
            arrived_until = max(arrived_until, last[1])
        elif batch.delay is None:
            return
        self._batches.append((batch.sent_until, arrived_until, batch.sent, batch.arrived))
        while len(self._batches) > 2 and arrived_until - self._batches[1][1] >= RATES:
            self._batches.popleft()
        first = self._batches[0]
        sent = sum(item[2] for item in self._batches) - first[2]
        arrived = sum(item[3] for item in self._batches) - first[3]
        if batch.sent_until > first[0]:
            self.sent = sent * 8 / (batch.sent_until - first[0])
        if arrived_until > first[1]:
            self.delivered = arrived * 8 / (arrived_until - first[1])
        if last is not None and batch.delay is not None:
            self.lately = batch.lately * 8 / LATELY


class Estimator:
    """`bitrate` in bit/s. Feed it every batch; ask `tick` about silence."""

    def __init__(self) -> None:
        self.bitrate = ASSUMED
        self.measured = False  # something was delivered
        self.silent = False  # the listener says nothing although we send
        self.queue = 0.0  # seconds, at the last batch
        self.rates = Rates()
        self.losses = Losses()
        self._delay = QueueDelay()
        self._standing = Standing()
        self._high = 0  # batches in a row with a queue
        self._high_since = 0.0
        self._steady = 0.0  # bit/s sent, over some seconds
        self._at = 0.0  # the last batch
        self._cut_at = -1e9
        self._cut_queue = 0.0
        self._before_loss = 0.0
        self._known: float | None = None  # bit/s the line carried when it was too much for it
        self._silent_since: float | None = None

    @property
    def congested(self) -> bool:
        return self._high > 0 or self.queue > QUEUED

    def moved(self) -> None:
        """The listener has another address: delays before say nothing about those to come."""
        self._rebase()

    def take(self, now: float, batch: Batch, *, probing: bool = False) -> None:
        """One round of feedback; a probe's own queue is forgiven unless it is deep."""
        elapsed = min(1.0, now - self._at) if self._at else 0.0
        self._at = now
        after_silence, self.silent, self._silent_since = self.silent, False, None
        self.rates.take(batch)
        self.measured |= batch.delay is not None
        if batch.delay is not None:
            self.queue = self._delay.above_base(now, batch.delay)
        queued = self.queue > (DEEP if probing else QUEUED)
        if not queued:
            self._high, self._high_since = 0, now
        else:
            self._high += 1
        self._stand(now, batch)
        self._steady += min(1.0, elapsed / STEADY) * (self.rates.sent - self._steady)
        if after_silence:
            self.losses.start_anew()  # what a blackout took says nothing about the rate
        verdict = None if probing or after_silence else self.losses.take(now, batch.packets, batch.lost)
        if self._too_long(now):
            self._queued(now)
        elif verdict is Verdict.LESS:
            self._lossy(now)
        elif verdict is Verdict.BACK:
            self.bitrate = max(self.bitrate, self._before_loss)
        elif not self.congested and now - self._cut_at > RECOVERY:
            self._grow(elapsed)

    def tick(self, now: float, unheard: int) -> None:
        """From time to time: `unheard` packets were sent and nothing has been said of them."""
        if unheard < FEW or not self.measured:
            self._silent_since = None
        elif self._silent_since is None:
            self._silent_since = now
        elif now - self._silent_since >= SILENCE:
            self._silent_since = now
            self.silent = True
            self.losses.abandon()
            self._cut(now, self._half())

    def probed(self, delivered: float, *, whole: bool) -> None:
        """`delivered` bit/s passed: all that was sent, or what is left of more."""
        self._known = None if whole else max(delivered, self._known or 0.0)
        self.bitrate = max(self.bitrate, BELOW_KNOWN * delivered)

    def _stand(self, now: float, batch: Batch) -> None:
        """A queue that is none, because it only stands, is the delay from now on."""
        if self._high == 0:
            self._standing.end()
            return
        self._standing.take(now, self.queue, batch.packets, batch.lost)
        if self._standing.proven(now, self.losses.inherent + LITTLE):
            self._rebase()
            self.queue, self._high_since = 0.0, now

    def _rebase(self) -> None:
        self._delay.forget()
        self._standing.end()
        self._high = 0

    def _too_long(self, now: float) -> bool:
        """Whether the queue is more than a burst of our own makes."""
        if self._known is not None and self._steady < BELOW_KNOWN * self._known:
            return self._high > 0 and (self.queue > BURST or now - self._high_since > BURST_TIME)
        return self._high >= 2 or self.queue > DEEP

    def _queued(self, now: float) -> None:
        """Cut; again only when that did not help within the time it takes."""
        self.losses.abandon()  # going back would be to what made the queue
        since = now - self._cut_at
        if self.queue < 0.9 * self._cut_queue and since < 5 * RECOVERY:
            self._cut_queue = max(self.queue, 0.5 * self._cut_queue)  # it empties
            return
        if since < (RECOVERY if self.queue < 1.5 * self._cut_queue else RECOVERY / 2):
            return
        if since < FRESH and self._standing.seems(now, self.losses.inherent + LITTLE):
            return  # it is not ours
        delivered, sent = self._passed(since), self.rates.sent
        aim = (DRAIN if self.queue > DEEP else CUT) * delivered
        if delivered > ALL * sent:
            aim = max(aim, GENTLE * self.bitrate)  # all of it passes: somebody else's queue, or a hiccup
        else:
            self._known = delivered
        self._cut(now, self._spared(aim))
        self._cut_queue = self.queue

    def _passed(self, since: float) -> float:
        """bit/s that the line delivers. When it has just shrunk, half a second still tells of before."""
        return min(self.rates.delivered, self.rates.lately) if since > FRESH else self.rates.delivered

    def _lossy(self, now: float) -> None:
        if now - self._cut_at >= RECOVERY:
            self._before_loss = self.bitrate
            self._cut(now, self._spared(0.9 * self._passed(now - self._cut_at)))
        elif self.losses.began:
            self.losses.abandon()  # nothing was tried

    def _spared(self, aim: float) -> float:
        """bit/s to fall to. Of a line of which we use little, what arrives does not tell what it carries."""
        used = max(self.rates.sent, self._steady)
        return max(aim, self._half()) if used < SPARE * self.bitrate else aim

    def _half(self) -> float:
        return max(min(self.bitrate, MODEST), self.bitrate / 2)

    def _cut(self, now: float, aim: float) -> None:
        self.bitrate = max(LOWEST, min(self.bitrate, aim))
        self._cut_at = now

    def _grow(self, elapsed: float) -> None:
        if self.losses.share > self.losses.inherent + LITTLE:
            return
        ceiling = AHEAD * self.rates.delivered
        if self._known is not None:
            ceiling = min(ceiling, BELOW_KNOWN * self._known)
        if self.bitrate < ceiling:
            self.bitrate = min(ceiling, self.bitrate * (1 + GROWTH * elapsed))
