"""Whose hand was up when, and what became of it: on the page of a class that is over, for who leads it."""

from __future__ import annotations

import pytest

from classrooms.models import Participant, SessionEvent
from tenants.scope import tenant_scope
from tests.web.there import MINUTE, was_there


@pytest.fixture
def asked(over, teacher, student, classmate, tenant):
    """Write what happens to hands into the class's log: `asked(("raised", student, 10), …)`."""
    seats = {each.member: was_there(over, each, (0, 45)) for each in (teacher, student, classmate)}

    def write(*happened):
        with tenant_scope(tenant):
            for seq, (kind, who, minute, *by) in enumerate(happened, start=1):
                payload = {"participant": seats[who.member].public_id} if who else {}
                payload |= {"by": seats[by[0].member].public_id} if by else {}
                at = over.starts_at + minute * MINUTE
                SessionEvent.objects.create(session=over, seq=seq, type=kind, payload=payload, at=at)
        return over

    return write


def told(person, session):
    """The rows of the list, without markup's spaces."""
    page = person.get(session.get_absolute_url())
    return [
        (hand.who.name, f"{hand.raised_at:%M}", str(hand.outcome), hand.waited // MINUTE)
        for hand in page.context["hands"]
    ]


def test_who_was_let_speak_is_told_from_who_was_not(asked, teacher, student, classmate):
    session = asked(
        ("hand_raised", student, 2),
        ("hand_raised", classmate, 3),
        ("may_speak", student, 5, teacher),
        ("hand_lowered", classmate, 6, classmate),
        ("hand_raised", classmate, 8),
        ("hand_lowered", classmate, 9, teacher),
        ("hand_raised", student, 10),
        ("hand_raised", classmate, 10),
        ("hands_lowered", None, 12, teacher),
        ("may_speak", classmate, 13, teacher),
        ("hand_raised", student, 40),
    )
    assert told(teacher, session) == [
        ("Sue Student", "02", "let_speak", 3),
        ("Cal Classmate", "03", "taken_down", 3),
        ("Cal Classmate", "08", "lowered", 1),
        ("Sue Student", "10", "lowered", 2),
        ("Cal Classmate", "10", "lowered", 2),
        ("Sue Student", "40", "waited", 0),
    ]
    page = " ".join(teacher.get(session.get_absolute_url()).content.decode().split())
    assert "raised at 12:02 · up for 3 min" in page
    for words in ("Let speak", "Lowered it again", "Lowered by a teacher", "Not called on"):
        assert f"{words}</span>" in page


def test_only_who_leads_reads_it(asked, teacher, admin, student, classmate, outsider, guest):
    session = asked(("hand_raised", student, 2))
    for person in (teacher, admin):
        assert 'id="hands"' in person.get(session.get_absolute_url()).content.decode()
    for person in (student, classmate, outsider, guest):
        assert 'id="hands"' not in person.get(session.get_absolute_url()).content.decode()


def test_a_class_without_hands_and_one_that_is_on_have_no_list(asked, teacher, student, make_session):
    assert 'id="hands"' not in teacher.get(asked().get_absolute_url()).content.decode()
    live = make_session(state="live")
    with tenant_scope(live.tenant):
        seat = Participant.objects.create(session=live, membership=student.member, name="Sue")
        payload = {"participant": seat.public_id}
        SessionEvent.objects.create(
            session=live, seq=1, type="hand_raised", payload=payload, at=live.starts_at
        )
    assert 'id="hands"' not in teacher.get(live.get_absolute_url()).content.decode()
