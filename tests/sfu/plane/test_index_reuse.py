"""An outgoing (SSRC, sequence number) never carries two packets: AES-GCM would give its key away.

Nor is a number left out without a loss. indices.py is the oracle; a million steps are its own command.
"""

import pytest

from signaling.sfu.spec import SendSpec
from tests.sfu.plane.conftest import VIDEO
from tests.sfu.plane.indices import Lesson, Stream
from tests.sfu.plane.pictures import vp8
from tests.sfu.plane.stage import Sent, Stage


@pytest.mark.parametrize("seed", range(8))
def test_no_publisher_and_no_listener_can_make_an_index_carry_two_packets(seed):
    lesson = Lesson(seed)
    for _ in range(2500):
        lesson.step()
    assert lesson.sent > 2000


def sealed(sequence, octets):
    return Sent(False, 96, sequence, 0, 1, b"", {}, b"", octets)


def test_the_oracle_notices_an_index_that_comes_again_with_other_octets():
    stream = Stream()
    assert [stream.seal(sealed(n & 0xFFFF, b"%d" % n)) for n in (65_534, 65_535, 65_537, 65_536)] == [
        1,
        1,
        2,
        0,
    ]
    assert stream.seal(sealed(65_535, b"65535")) == 0
    with pytest.raises(AssertionError, match="two packets"):
        stream.seal(sealed(1, b"65536"))


def test_a_listener_without_rtx_never_gets_one_number_with_two_contents_after_it_follows_another_track():
    stage = Stage()
    first, second = stage.publish(VIDEO), stage.publish(VIDEO)
    listener = stage.listen(first, SendSpec("6", 100, None, transport_cc=3))
    listener.rest_on(first)
    listener.follow(second, SendSpec("6", 102, 103, transport_cc=3))
    stage.arrive(second, 1, vp8(key=True))
    (sent,) = stage.sent
    stage.clock.now += 0.2
    listener.nacked((sent.sequence,), stage.clock())
    assert stage.sent == [sent]
