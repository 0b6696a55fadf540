"""How much feedback of one peer is read."""

import struct

from signaling.sfu import rtcp
from signaling.sfu.spending import BURST, RATE, STATUSES, Feedbacks

PAIR = struct.pack("!HH", 1, 0xFFFF)


def nacks(count):
    return rtcp._feedback(rtcp.RTPFB, rtcp.NACK, 1, 2, count * PAIR)


def lost(count):
    """Feedback that none of so many packets arrived."""
    return rtcp.transport_cc(1, 2, struct.pack("!HHIHH", 0, count, 0, count, 0))


def spender(now=10.0):
    refused = []
    return Feedbacks(now, lambda: refused.append(1)), refused


def test_what_a_browser_asks_for_after_a_blackout_is_read():
    spending, refused = spender()
    items, malformed = rtcp.parse(nacks(1000 // 17) + lost(1000), spending)
    assert (len(items), malformed, refused) == (2, 0, [])


def test_a_datagram_full_of_nacks_is_read_in_part_and_again_when_time_has_passed():
    spending, refused = spender()
    items, malformed = rtcp.parse(5 * nacks(57), spending)
    assert malformed == 0
    assert len(items) + len(refused) == 5
    assert sum(len(item.sequences) for item in items) <= BURST
    spending.now += 969 / RATE
    assert len(rtcp.parse(nacks(57), spending)[0]) == 1


def test_a_datagram_full_of_feedback_is_read_in_part():
    spending, refused = spender()
    items, _ = rtcp.parse(58 * lost(2000), spending)
    assert refused
    assert sum(len(item.arrivals) for item in items) <= BURST * STATUSES


def test_who_asks_for_too_much_is_still_heard_about_other_things():
    spending, _ = spender()
    rtcp.parse(10 * nacks(57), spending)
    items, _ = rtcp.parse(nacks(57) + rtcp.picture_loss(1, 7), spending)
    assert items == [rtcp.KeyFrameRequest(7)]
