"""Polls on the class's page, as a table, and in a recording: results for who leads, and no more than that."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from classrooms.models import Participant, Poll, PollVote, Recording, SessionEvent
from classrooms.recorded.chapters import marks_told
from tenants.scope import tenant_scope
from tests.conftest import NOON


@pytest.fixture
def over(session, teacher, student, classmate):
    """A class that is over: asked once anonymously and once by name, and something that was cut short."""
    with tenant_scope(session.tenant):
        session.entry, session.state = "school", "ended"
        session.save()
        sue, cal = (
            Participant.objects.create(session=session, membership=each.member, name=each.member.name)
            for each in (student, classmate)
        )

        def asked(number, question, **more):
            at = NOON + timedelta(minutes=number)
            ends = {"ended_at": at, "voters": 2} | more
            rest = {"key": str(number), "choices": ["=1+1", "Two"], "asked_at": at, "counted_at": at}
            return Poll.objects.create(session=session, number=number, question=question, **rest, **ends)

        asked(1, "What is anonymous?", counts=[2, 0])
        named = asked(2, "What is by name?", counts=[1, 2], by_name=True, several=True)
        PollVote.objects.create(poll=named, by=sue, chosen=[0, 1])
        PollVote.objects.create(poll=named, by=cal, chosen=[1])
        asked(3, "Never ended?", ended_at=None, voters=0)
    return session


def page(person, session):
    return person.get(f"/c/{session.public_id}/").content.decode()


def test_who_leads_reads_all_results(over, teacher, admin):
    for person in (teacher, admin):
        html = page(person, over)
        assert "What is anonymous?" in html
        assert "2 votes · 100 %" in html
        assert "<bdi>Sue Student</bdi>, <bdi>Cal Classmate</bdi>" in html
        assert "Never ended?" not in html


def test_others_read_nothing_but_what_they_answered_by_name(over, student, classmate):
    html = page(student, over)
    assert "What is by name?" in html
    assert "<bdi>=1+1</bdi>, <bdi>Two</bdi>" in html
    for hidden in ("What is anonymous?", "Cal Classmate", "votes ·", "polls.csv"):
        assert hidden not in html
    assert "<bdi>=1+1</bdi>" not in page(classmate, over)


def test_as_a_table_it_names_those_who_were_asked_by_name_alone(over, teacher):
    answer = teacher.get(f"/c/{over.public_id}/polls.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[1:] == [
        ["2026-11-25 13:01:00", "What is anonymous?", "anonymous", "'=1+1", "2", "2", ""],
        ["2026-11-25 13:01:00", "What is anonymous?", "anonymous", "Two", "0", "2", ""],
        ["2026-11-25 13:02:00", "What is by name?", "by name", "'=1+1", "1", "2", "Sue Student"],
        ["2026-11-25 13:02:00", "What is by name?", "by name", "Two", "2", "2", "Sue Student; Cal Classmate"],
    ]


def test_the_table_is_for_who_leads(over, student, outsider):
    assert student.get(f"/c/{over.public_id}/polls.csv").status_code == 403
    assert outsider.get(f"/c/{over.public_id}/polls.csv").status_code == 404
    assert outsider.get(f"/c/{over.public_id}/").status_code == 404


def test_a_class_without_polls_says_nothing_of_them(session, teacher):
    assert 'id="polls"' not in page(teacher, session)


def test_the_database_lets_one_poll_run_at_a_time(over):
    with tenant_scope(over.tenant), pytest.raises(IntegrityError), transaction.atomic():
        Poll.objects.create(
            session=over, number=9, key="9", question="?", choices=["a"], asked_at=NOON, counted_at=NOON
        )


def test_a_poll_that_began_while_it_recorded_is_a_moment_of_the_recording(over):
    """On from the first minute, paused before the second poll."""
    with tenant_scope(over.tenant):
        recording = Recording.objects.create(
            session=over, started_at=NOON, changed_at=NOON, ended_at=NOON + timedelta(minutes=9)
        )
        for seq, minute, state in ((1, 0, "on"), (2, 1.5, "paused"), (3, 2.5, "on")):
            SessionEvent.objects.create(
                session=over,
                seq=seq,
                type="recording_changed",
                at=NOON + timedelta(minutes=minute),
                payload={"recording": {"state": state}},
            )
        told = marks_told(recording, NOON + timedelta(seconds=10), leads=False)
    assert told["polls"] == [
        {"at": 50.0, "title": "What is anonymous?"},
        {"at": 170.0, "title": "Never ended?"},
    ]
