"""What is decided about a live class, as tables."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from classrooms.live import rules
from classrooms.live.refusals import (
    Barred,
    Ended,
    Locked,
    NotAGuest,
    NotAllowed,
    NotHere,
    NotOpen,
    NotStarted,
    NotThem,
    TurnedAway,
)

OPENS = datetime(2026, 11, 25, 9, 50, tzinfo=UTC)
EARLY, NOW = OPENS - timedelta(seconds=1), OPENS
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("state", "leads", "at", "no"),
    [
        ("scheduled", True, NOW, None),
        ("scheduled", True, EARLY, NotOpen),
        ("scheduled", False, EARLY, NotOpen),
        ("scheduled", False, NOW, NotStarted),
        ("live", False, EARLY, NotOpen),
        ("live", False, NOW, None),
        ("live", True, NOW, None),
        ("ended", True, NOW, Ended),
        ("ended", False, EARLY, Ended),
    ],
)
def test_who_may_come_in(state, leads, at, no):
    def enter():
        rules.check_entry(state=state, leads=leads, opens_at=OPENS, at=at, zone=BERLIN)

    if no is None:
        enter()
    else:
        with pytest.raises(no):
            enter()


def test_the_time_of_opening_is_told_in_the_persons_zone_and_for_the_page():
    with pytest.raises(NotOpen) as refused:
        rules.check_entry(state="scheduled", leads=False, opens_at=OPENS, at=EARLY, zone=BERLIN)
    assert str(refused.value) == "This class opens at 10:50."
    assert refused.value.retry_at == OPENS


@pytest.mark.parametrize(
    ("state", "here", "no"),
    [("live", True, None), ("live", False, NotHere), ("ended", True, Ended), ("ended", False, Ended)],
)
def test_who_may_take_part(state, here, no):
    if no is None:
        rules.check_inside(state=state, here=here)
    else:
        with pytest.raises(no):
            rules.check_inside(state=state, here=here)


@pytest.mark.parametrize(("own", "leads"), [(True, False), (True, True), (False, True)])
def test_a_hand_is_lowered_by_its_owner_or_a_teacher(own, leads):
    rules.check_lowering(own=own, leads=leads)


def test_a_hand_is_not_lowered_by_another_student():
    with pytest.raises(NotAllowed):
        rules.check_lowering(own=False, leads=False)


@pytest.mark.parametrize(
    ("away", "kept"),
    [(None, False), (timedelta(0), True), (timedelta(minutes=2), True), (timedelta(minutes=2.1), False)],
)
def test_a_raised_hand_outlives_a_short_absence(away, kept):
    left_at = None if away is None else NOW - away
    assert rules.keeps_hand(left_at=left_at, at=NOW) is kept


@pytest.mark.parametrize(
    ("since", "last_seq", "replays"),
    [(None, 9, False), (0, 0, True), (9, 9, True), (0, 500, True), (0, 501, False), (10, 9, False)],
)
def test_what_was_missed_is_replayed_unless_it_is_too_much(since, last_seq, replays):
    assert rules.can_replay(since=since, last_seq=last_seq) is replays


@pytest.mark.parametrize(
    ("guest", "waiting_room", "let_in", "removed"), list(itertools.product((False, True), repeat=4)), ids=str
)
def test_who_comes_no_further_than_the_waiting_room(guest, waiting_room, let_in, removed):
    """Never a member; a guest until let in, if there is a waiting room; who was removed also without one."""
    waits = rules.must_wait(guest=guest, waiting_room=waiting_room, let_in=let_in, removed=removed)
    if not guest or let_in:
        assert not waits
    else:
        assert waits is (waiting_room or removed)


@pytest.mark.parametrize(
    ("state", "at", "more", "no"),
    [
        ("scheduled", NOW, {}, None),
        ("scheduled", EARLY, {}, NotOpen),
        ("live", NOW, {}, None),
        ("live", NOW, {"locked_out": True}, Locked),
        ("live", NOW, {"barred": True}, Barred),
        ("ended", NOW, {}, Ended),
    ],
)
def test_when_the_waiting_room_is_open(state, at, more, no):
    def knock():
        rules.check_entry(state=state, leads=False, opens_at=OPENS, at=at, zone=BERLIN, waits=True, **more)

    if no is None:
        knock()
    else:
        with pytest.raises(no):
            knock()


@pytest.mark.parametrize(
    ("ago", "may"),
    [(None, True), (timedelta(0), False), (timedelta(seconds=29.9), False), (timedelta(seconds=30), True)],
)
def test_whoever_was_turned_away_asks_again_after_half_a_minute(ago, may):
    turned_away_at = None if ago is None else NOW - ago
    if may:
        rules.check_knock(turned_away_at=turned_away_at, at=NOW)
    else:
        with pytest.raises(TurnedAway) as refused:
            rules.check_knock(turned_away_at=turned_away_at, at=NOW)
        assert refused.value.retry_at == turned_away_at + rules.ASK_AGAIN


@pytest.mark.parametrize(("by_right", "guest", "no"), [(True, False, NotThem), (False, True, NotAGuest)])
def test_neither_a_teacher_nor_a_guest_becomes_a_co_teacher(by_right, guest, no):
    with pytest.raises(no):
        rules.check_appointing(by_right=by_right, guest=guest)
