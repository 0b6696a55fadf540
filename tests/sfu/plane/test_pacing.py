"""Bursts are smoothed, everything else passes at once, and nothing changes places."""

import heapq
import itertools

from hypothesis import given
from hypothesis import strategies as st

from signaling.sfu.pacing import BURST, GRAIN, LONGEST, Pacer
from signaling.sfu.rtp import Packet


class Timeline:
    """Time, timers, and what was handed on when."""

    def __init__(self):
        self.now, self.handed, self._timers, self._count = 0.0, [], [], itertools.count()
        self.pacer = Pacer(
            lambda packet, newest: self.handed.append((self.now, packet, newest)), self, self.read
        )

    def read(self):
        return self.now

    def __call__(self, delay, call):
        entry = [self.now + delay, next(self._count), call]
        heapq.heappush(self._timers, entry)
        self.cancel = lambda: entry.__setitem__(2, lambda: None)
        return self

    def pass_(self, seconds):
        until = self.now + seconds
        while self._timers and self._timers[0][0] <= until:
            self.now, _, call = heapq.heappop(self._timers)
            call()
        self.now = until

    def arrive(self, number, octets, bitrate=1e6):
        packet = Packet(
            payload_type=96, marker=0, sequence=number & 0xFFFF, timestamp=0, ssrc=1, payload=bytes(octets)
        )
        self.pacer.take(packet, number % 5 > 0, self.now, bitrate)
        return packet


def test_an_even_stream_is_never_held_up():
    line = Timeline()
    for number in range(1000):
        line.arrive(number, 1100)
        assert len(line.handed) == number + 1
        line.pass_(0.002)


def test_a_frame_of_usual_size_passes_at_once():
    line = Timeline()
    for number in range(BURST // 1200):
        line.arrive(number, 1200)
    assert len(line.handed) == BURST // 1200


def test_a_large_key_frame_is_spread_and_late_by_40_ms_at_most():
    line = Timeline()
    packets = [line.arrive(number, 1200) for number in range(200)]
    assert len(line.handed) == BURST // 1200
    line.pass_(1)
    times = [at for at, _, _ in line.handed]
    assert [packet for _, packet, _ in line.handed] == packets
    assert 0.02 < times[-1] <= LONGEST + GRAIN
    assert len(set(times)) > 5


def test_closing_twice_leaves_nothing_behind():
    line = Timeline()
    for number in range(100):
        line.arrive(number, 1200)
    before = len(line.handed)
    for _ in range(2):
        line.pacer.close()
    line.pass_(1)
    assert len(line.handed) == before


@given(
    st.lists(
        st.tuples(st.integers(1, 1300), st.sampled_from([0.0, 0.0, 0.0005, 0.01, 0.2])),
        min_size=1,
        max_size=300,
    )
)
def test_order_is_kept_and_nothing_is_lost_or_late(arrivals):
    line, sent = Timeline(), []
    for number, (octets, pause) in enumerate(arrivals):
        sent.append((line.now, line.arrive(number, octets), number % 5 > 0))
        line.pass_(pause)
    line.pass_(1)
    assert [(packet, newest) for _, packet, newest in sent] == [(p, newest) for _, p, newest in line.handed]
    for (came, *_), (went, *_) in zip(sent, line.handed, strict=True):
        assert went - came <= LONGEST + 2 * GRAIN
