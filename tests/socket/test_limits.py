"""What one socket may ask of the server, as tables; the clock is passed in."""

from datetime import UTC, datetime, timedelta

import pytest

from signaling.limits import Backlog, Bucket, Pace, check_size
from signaling.refusals import TooFast, TooLarge

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_bucket_gives_its_burst_at_once_and_then_its_rate():
    bucket = Bucket(rate=2, burst=3)
    assert [bucket.take(NOON) for _ in range(4)] == [None, None, None, after(0.5)]
    assert bucket.take(after(0.5)) is None
    assert bucket.take(after(0.5)) == after(1)
    assert [bucket.take(after(60)) for _ in range(4)] == [None, None, None, after(60.5)]


def test_a_bucket_keeps_what_it_is_to_leave():
    bucket = Bucket(rate=2, burst=3)
    assert [bucket.take(NOON, leaving=2) for _ in range(2)] == [None, after(0.5)]
    assert [bucket.take(NOON) for _ in range(3)] == [None, None, after(0.5)]


def test_a_clock_that_goes_back_gives_nothing():
    bucket = Bucket(rate=1, burst=1)
    assert bucket.take(after(10)) is None
    assert bucket.take(after(0)) is not None


def test_a_fast_socket_is_refused_and_only_a_stubborn_one_is_abuse():
    pace = Pace()
    for _ in range(30):
        pace.check(NOON)
    for _ in range(50):
        with pytest.raises(TooFast) as refused:
            pace.check(NOON)
        assert refused.value.retry_at == after(0.1)
        assert not pace.abused
    with pytest.raises(TooFast):
        pace.check(NOON)
    assert pace.abused


def test_chat_has_a_pace_of_its_own():
    pace = Pace()
    for _ in range(10):
        pace.check_line(NOON)
    with pytest.raises(TooFast) as refused:
        pace.check_line(NOON)
    assert refused.value.retry_at == after(0.5)
    pace.check_line(after(0.5))


def test_coming_in_has_a_pace_of_its_own():
    pace = Pace()
    for _ in range(10):
        pace.check_join(NOON)
    with pytest.raises(TooFast) as refused:
        pace.check_join(NOON)
    assert refused.value.retry_at == after(2)
    pace.check_join(after(2))


@pytest.mark.parametrize(
    ("text", "data", "fits"),
    [
        ("x" * 32768, None, True),
        ("x" * 32769, None, False),
        ("ß" * 16385, None, False),
        (None, b"x" * 32768, True),
        (None, b"x" * 32769, False),
        (None, None, True),
        ("\ud800", None, True),
    ],
)
def test_a_message_has_at_most_32_kib(text, data, fits):
    if fits:
        check_size(text, data)
    else:
        with pytest.raises(TooLarge):
            check_size(text, data)


def test_the_backlog_is_what_was_sent_and_not_yet_seen():
    backlog = Backlog(most=100)
    for seq in range(1, 5):
        backlog.sent(seq, 30)
    assert backlog.is_full
    backlog.seen(1)
    assert backlog.bytes == 90
    assert not backlog.is_full
    backlog.seen(1)
    backlog.seen(99)
    assert backlog.bytes == 0
