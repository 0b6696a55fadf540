"""What one socket knows of its class: the order of events, the door, the inside."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling import schema, translate
from signaling.room import Due, Lobby, Place, Room, consequences
from signaling.stream import Stream

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
A, B = "a" * 32, "b" * 32
SESSION = schema.Session(
    id="c" * 32,
    title="Cells",
    course="Biology",
    teacher="Tom",
    state="scheduled",
    starts_at=NOON,
    opens_at=NOON,
    ends_at=NOON,
)
YOU = schema.You(name="Sue", role="student", hue=3, elsewhere=False)
DOOR = Lobby(SESSION, YOU, own=B, here={})


def joined(seq: int, id: str = A, name: str = "Tom") -> schema.ParticipantJoined:
    person = schema.Participant(id=id, name=name, role="teacher", hue=0, hand=None, joined_at=NOON)
    return schema.ParticipantJoined(seq=seq, at=NOON, participant=person)


def left(seq: int, id: str = A) -> schema.ParticipantLeft:
    return schema.ParticipantLeft(seq=seq, at=NOON, participant=id)


def hand(seq: int) -> schema.HandRaised:
    return schema.HandRaised(seq=seq, at=NOON, participant=A)


def numbers(events: list[schema.Event]) -> list[int]:
    return [event.seq for event in events]


@pytest.mark.parametrize("order", list(permutations([4, 5, 6])))
def test_events_come_out_in_order_whatever_way_they_came_in(order):
    stream = Stream(3)
    assert numbers([each for seq in order for each in stream.offer(hand(seq))]) == [4, 5, 6]
    assert not stream.has_gap


@pytest.mark.parametrize(
    ("start", "offered", "out", "has_gap"),
    [
        (0, [1], [1], False),
        (3, [1, 2, 3], [], False),
        (3, [4, 4, 4], [4], False),
        (3, [5], [], True),
        (3, [5, 7, 4], [4, 5], True),
        (3, [2, 4, 3, 6, 5], [4, 5, 6], False),
        (0, [*range(2, 1_500), *range(1, 1_500)], list(range(1, 1_500)), False),
    ],
)
def test_old_and_repeated_events_vanish_and_missing_ones_are_waited_for(start, offered, out, has_gap):
    stream = Stream(start)
    assert numbers([each for seq in offered for each in stream.offer(hand(seq))]) == out
    assert stream.has_gap is has_gap


def test_a_snapshot_swallows_what_it_holds_and_lets_the_rest_follow():
    stream = Stream(0)
    assert stream.offer(hand(3), hand(4), hand(6)) == []
    assert numbers(stream.jump(3)) == [4]
    assert stream.has_gap
    assert numbers(stream.offer(hand(5))) == [5, 6]


def test_a_snapshot_older_than_what_is_known_changes_nothing():
    stream = Stream(5)
    assert stream.jump(3) == []
    assert stream.seq == 5


@given(st.permutations(range(1, 9)), st.integers(0, 8), st.integers(0, 8))
def test_nothing_is_lost_or_doubled_wherever_the_snapshot_falls(order, at, snapshot):
    stream, out = Stream(0), []
    for seq in order[:at]:
        out += numbers(stream.offer(hand(seq)))
    passed = stream.seq
    out += numbers(stream.jump(snapshot))
    for seq in order[at:]:
        out += numbers(stream.offer(hand(seq)))
    known = [*range(1, passed + 1), *range(max(passed, snapshot) + 1, 9)]
    assert out == known


def test_a_page_at_the_door_is_told_no_events_but_its_lobby_follows():
    room = Room(0, DOOR)
    started = schema.ClassStarted(seq=1, at=NOON)
    assert room.take(started, joined(2), joined(3, B, "Sue"), hand(4)) == []
    assert room.lobby.session.state == "live"
    assert room.lobby.here == {A: "Tom", B: "Sue"}
    assert room.lobby.you.elsewhere
    assert room.take(left(5, B)) == []
    assert room.lobby.here == {A: "Tom"}
    assert not room.lobby.you.elsewhere


def test_a_page_inside_is_told_every_event():
    room = Room(0, DOOR)
    assert room.enter(2) == []
    assert numbers(room.take(joined(2), hand(3))) == [3]


def test_an_event_that_overtook_the_snapshot_follows_it():
    room = Room(0, DOOR)
    assert room.take(hand(4)) == []
    assert numbers(room.enter(3)) == [4]


def test_what_happened_while_entering_is_told_after_the_snapshot():
    room = Room(0, DOOR)
    assert numbers(room.take(hand(3))) == []
    assert numbers(room.enter(2)) == [3]


def test_the_end_is_told_and_nothing_after_it():
    room = Room(0, DOOR)
    room.enter(1)
    ended = schema.ClassEnded(seq=2, at=NOON, by=A)
    assert room.take(ended) == [ended]
    assert room.place is Place.OVER
    assert room.take(hand(3)) == []


def test_the_end_empties_the_lobby_of_a_page_at_the_door():
    room = Room(2, DOOR)
    room.take(joined(3, B, "Sue"), schema.ClassEnded(seq=4, at=NOON, by=None))
    assert room.lobby.session.state == "ended"
    assert room.lobby.here == {}
    assert not room.lobby.you.elsewhere


def test_a_page_that_left_is_at_the_door_again():
    room = Room(0, DOOR)
    room.enter(1)
    room.wait(3, DOOR)
    assert room.take(joined(4)) == []
    assert room.lobby.here == {A: "Tom"}


def veiled_events(own: str) -> list[schema.Event]:
    return [
        schema.Knocked(seq=1, at=NOON, participant=own),
        schema.StoppedWaiting(seq=1, at=NOON, participant=own),
        schema.EntryGranted(seq=1, at=NOON, participants=[A, own], by=A),
        schema.EntryDenied(seq=1, at=NOON, participant=own, by=A),
    ]


@pytest.mark.parametrize("event", veiled_events(B), ids=lambda event: event.type)
def test_what_happens_in_the_waiting_room_concerns_who_is_in_it_and_who_leads(event):
    assert consequences(event, own=B, lead=A) == {Due.DOOR, Due.LOBBY}
    assert consequences(event, own="c" * 32, lead=A) == {Due.LOBBY}


def test_a_page_that_waits_shows_nobody_however_many_come():
    room = Room(0, replace(DOOR, veiled=True))
    assert room.take(joined(1), joined(2, "d" * 32, "Ada")) == []
    told = translate.hello(room.lobby, NOON)
    assert (told.here, told.names) == (0, [])
