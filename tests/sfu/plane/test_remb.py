"""The estimate for listeners without transport-wide feedback."""

from signaling.sfu.remb import FORGOTTEN, LOWEST, Fallback


def listener(sent=1e6):
    fallback = Fallback()
    fallback.sent = sent
    return fallback


def test_nothing_limits_until_something_says_so():
    fallback = listener()
    fallback.remb(1.2e6, 1.0)  # what clients say of a stream of 1 Mbit/s that flows well
    fallback.lost(0.01, 1.0)
    assert fallback.bitrate is None


def test_a_listener_that_can_take_less_than_is_sent_limits():
    fallback = listener()
    fallback.remb(400e3, 1.0)
    assert fallback.bitrate == 400e3


def test_the_limit_follows_the_listener_up_and_is_forgotten_well_above_what_is_sent():
    fallback = listener()
    fallback.remb(400e3, 1.0)
    fallback.sent = 300e3
    fallback.remb(450e3, 3.0)
    assert fallback.bitrate == 450e3
    fallback.remb(FORGOTTEN * 300e3 + 1, 5.0)
    assert fallback.bitrate is None


def test_loss_limits_once_a_second_however_many_tracks_report_it():
    fallback = listener()
    for _ in range(10):
        fallback.lost(0.2, 1.0)
    assert fallback.bitrate == 0.9e6
    fallback.lost(0.2, 2.0)
    assert fallback.bitrate == 0.9e6 * 0.9


def test_without_any_remb_a_limit_after_loss_grows_again():
    fallback = listener()
    fallback.lost(0.2, 1.0)
    for second in range(2, 60):
        fallback.lost(0.0, float(second))
    assert fallback.bitrate is None or fallback.bitrate > 3e6


def test_no_limit_is_absurdly_low():
    fallback = listener()
    fallback.remb(1.0, 1.0)
    assert fallback.bitrate == LOWEST
