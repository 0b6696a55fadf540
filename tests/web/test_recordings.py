"""Recorded files on their way from the media server into the storage, and out of it again."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from livekit.protocol import egress as protocol

from classrooms.live import egress
from classrooms.live.reconcile import media_track_published
from classrooms.models import ChatMessage, Participant, Recording, RecordingTrack, SessionEvent
from tenants.scope import tenant_scope
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("folders")

AT = round(NOON.timestamp() * 1e9)


@pytest.fixture
def recording(make_session, teacher):
    live = make_session(starts=timedelta(minutes=-5), state="live")
    with tenant_scope(live.tenant):
        return Recording.objects.create(
            tenant=live.tenant,
            session=live,
            by=teacher.member,
            state=Recording.State.FINISHING,
            started_at=NOON,
            changed_at=NOON,
            ended_at=NOON,
        )


@pytest.fixture
def track(recording):
    with tenant_scope(recording.tenant):
        return RecordingTrack.objects.create(
            tenant=recording.tenant,
            recording=recording,
            name="Tom Teacher",
            source="camera",
            track_sid="TR_1",
            egress_id="EG_1",
        )


def ended(folders, *, content=b"film", status=3, name="demo/recordings/a.webm", error="", room="demo.x"):
    """What the media server tells of a finished track."""
    file = protocol.FileInfo(filename=name, started_at=AT, ended_at=AT + 5_000_000_000, size=len(content))
    if name and content is not None:
        (folders / "written" / name).write_bytes(content)
    details = json.dumps({"sha256": "ab" * 32, "width": 640, "height": 360})
    return protocol.EgressInfo(
        egress_id="EG_1",
        room_name=room,
        status=status,
        file=file,
        file_results=[file],
        details=details,
        error=error,
    )


def fresh(row):
    with tenant_scope(row.tenant):
        row.refresh_from_db()
    return row


def test_a_finished_track_is_taken_into_the_storage_and_the_recording_is_ready(folders, track, recording):
    egress.recorded(ended(folders))
    kept = fresh(track)
    assert (kept.state, kept.kind, kept.size, kept.width) == ("ready", "video/webm", 4, 640)
    assert (kept.started_at, kept.ended_at) == (NOON, NOON + timedelta(seconds=5))
    assert kept.file.name == "demo/recordings/a.webm"
    assert (folders / "files" / kept.file.name).read_bytes() == b"film"
    assert not list((folders / "written").rglob("*.webm"))
    assert fresh(recording).state == Recording.State.READY


def test_it_is_told_twice_and_kept_once(folders, track):
    info = ended(folders)
    egress.recorded(info)
    egress.recorded(info)
    assert len(list((folders / "files").rglob("*.webm"))) == 1


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"status": 4, "error": "The recording could not be finished."}, "failed"),
        ({"name": ""}, "empty"),
        ({"name": "demo/recordings/gone.webm", "content": None}, "failed"),
        ({"status": 6, "error": "The disk is full."}, "ready"),
    ],
)
def test_what_became_of_a_track_is_told_as_it_is(facts, state, folders, track, recording):
    if facts.get("content", b"") is None:
        file = protocol.FileInfo(filename=facts["name"], size=4)
        info = protocol.EgressInfo(
            egress_id="EG_1", room_name="demo.x", status=3, file=file, file_results=[file]
        )
    else:
        info = ended(folders, **facts)
    egress.recorded(info)
    assert fresh(track).state == state
    assert track.error == facts.get("error", track.error)
    assert fresh(recording).state == Recording.State.READY


def test_a_recording_is_not_ready_while_anything_of_it_is_written(folders, track, recording):
    with tenant_scope(recording.tenant):
        RecordingTrack.objects.create(tenant=recording.tenant, recording=recording, egress_id="EG_2")
    egress.recorded(ended(folders))
    assert fresh(recording).state == Recording.State.FINISHING


@pytest.mark.parametrize("room", ["nobody.x", "other.x"])
def test_a_track_of_another_school_or_of_nobodys_is_left_alone(room, folders, track, other_tenant):
    egress.recorded(ended(folders, room=room))
    assert fresh(track).state == "writing"


def test_a_deleted_recording_takes_its_files_with_it(folders, track, recording):
    egress.recorded(ended(folders))
    with tenant_scope(recording.tenant):
        recording.session.delete()
    assert not list((folders / "files").rglob("*.webm"))


def test_a_new_track_in_a_recorded_class_is_recorded_too(recording, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "classrooms.live.reconcile.drive", mock.Mock(enqueue=lambda *args: asked.append(args))
    )
    room = recording.session.room_name
    media_track_published(room=room, identity="x", source="CAMERA")
    assert not asked
    with tenant_scope(recording.tenant):
        Recording.objects.update(state=Recording.State.ON, ended_at=None)
    media_track_published(room=room, identity="x", source="CAMERA")
    assert asked == [(recording.tenant_id, recording.session_id)]
    media_track_published(room="nobody.x", identity="x", source="CAMERA")
    assert len(asked) == 1


def test_times_of_the_media_server_are_read_in_utc():
    assert egress.moment(AT) == datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def stored(folders, track, recording):
    """A recording that can be played."""
    egress.recorded(ended(folders, content=bytes(range(100))))
    return fresh(track)


def link(person, recording):
    """Where the page of this person finds the file."""
    page = person.get(recording_page(recording) + "data/")
    return page.json()["tracks"][0]["url"]


def recording_page(recording):
    return f"/c/{recording.session.public_id}/recordings/{recording.public_id}/"


def test_people_of_the_class_find_and_play_it(stored, recording, student):
    page = student.get(recording.session.get_absolute_url()).content.decode()
    assert recording_page(recording) in page
    assert student.get(recording_page(recording)).status_code == 200
    told = student.get(recording_page(recording) + "data/").json()
    assert [(each["source"], each["from"], each["to"]) for each in told["tracks"]] == [("camera", 0, 5)]
    got = student.get(link(student, recording), HTTP_RANGE="bytes=10-19")
    assert (got.status_code, got.headers["Content-Type"]) == (206, "video/webm")
    assert got.headers["Content-Range"] == "bytes 10-19/100"


@pytest.mark.parametrize("who", ["classmate", "outsider"])
def test_nobody_else_gets_anything_of_it(who, stored, recording, student, request):
    stranger = request.getfixturevalue(who)
    for path in (recording_page(recording), recording_page(recording) + "data/", link(student, recording)):
        assert stranger.get(path).status_code == 404


def test_a_link_is_one_persons_and_one_tracks(stored, recording, student, teacher, client):
    theirs = link(student, recording)
    assert teacher.get(theirs).status_code == 404  # who may watch has a link of their own
    assert student.get(theirs.replace(stored.public_id, "0" * 32)).status_code == 404
    assert student.get(theirs[:-3] + "xx/").status_code == 404
    assert client.get(theirs, HTTP_HOST="demo.localhost").status_code == 302
    assert student.get(theirs).status_code == 200


def test_a_link_ends_after_five_minutes(stored, recording, student):
    theirs = link(student, recording)
    with mock.patch("django.core.signing.time.time", return_value=time.time() + 301):
        assert student.get(theirs).status_code == 404


def test_who_may_no_longer_watch_may_not_with_the_old_link_either(stored, recording, student, course):
    theirs = link(student, recording)
    with tenant_scope(course.tenant):
        course.enrolments.filter(membership=student.member).delete()
    assert student.get(theirs).status_code == 404


def test_a_recording_without_anything_to_play_has_no_page(recording, teacher):
    assert teacher.get(recording_page(recording)).status_code == 404


@pytest.mark.parametrize("status", [3, 4])
def test_a_word_of_the_media_server_that_was_lost_is_made_good(
    status, folders, track, recording, monkeypatch
):
    async def ask(room, slug, plan):
        return egress.Told([], [ended(folders, status=status)])

    monkeypatch.setattr(egress, "ask", ask)
    egress.drive.call(recording.tenant_id, recording.session_id)
    assert fresh(track).state == ("ready" if status == 3 else "failed")
    assert fresh(recording).state == Recording.State.READY


def test_a_media_server_that_cannot_be_asked_is_asked_again(recording, monkeypatch):
    async def ask(room, slug, plan):
        raise OSError

    asked = []
    monkeypatch.setattr(egress, "ask", ask)
    monkeypatch.setattr(egress, "later", lambda *args: asked.append(args))
    egress.drive.call(recording.tenant_id, recording.session_id)
    assert asked == [(recording.tenant_id, recording.session_id, timedelta(seconds=2), 2)]
    assert fresh(recording).state == Recording.State.FINISHING


def test_a_track_the_media_server_knows_nothing_of_is_given_up_in_the_end(track, recording, monkeypatch):
    async def ask(room, slug, plan):
        return egress.Told([], [])

    monkeypatch.setattr(egress, "ask", ask)
    egress.drive.call(recording.tenant_id, recording.session_id)
    assert fresh(track).state == "writing"
    egress.drive.call(recording.tenant_id, recording.session_id, egress.ATTEMPTS)
    assert fresh(track).state == "failed"
    assert fresh(recording).state == Recording.State.READY


def test_a_failed_track_that_a_later_media_server_finished_is_kept_after_all(folders, track):
    egress.recorded(ended(folders, status=4, error="The recording could not be finished."))
    assert fresh(track).state == "failed"
    egress.recorded(ended(folders))
    assert fresh(track).state == "ready"


def test_what_was_written_in_a_pause_is_not_in_the_chat_beside_it(stored, recording, student):
    def event(seq, minute, type, **payload):
        at = NOON + timedelta(minutes=minute)
        SessionEvent.objects.create(
            tenant=recording.tenant, session=recording.session, seq=seq, type=type, at=at, payload=payload
        )

    def said(seq, minute, **more):
        at = NOON + timedelta(minutes=minute)
        rest = {"key": str(seq), "text": f"minute {minute}", "said_at": at}
        session = recording.session
        ChatMessage.objects.create(session=session, number=seq, by=writer, **rest, **more)

    with tenant_scope(recording.tenant):
        people = Participant.objects
        writer = people.create(session=recording.session, membership=student.member, name="Sue")
        other = people.create(session=recording.session, membership=recording.session.teacher, name="Tom")
        recording.ended_at = NOON + timedelta(minutes=9)
        recording.save()
        for seq, (minute, state) in enumerate([(0, "on"), (2, "paused"), (4, "on"), (6, None)], 1):
            told = {"state": state} if state else None
            event(seq, minute, "recording_changed", recording=told)
        for seq, minute in enumerate((1, 3, 5, 7), 5):
            said(seq, minute)
        said(9, 1.5, to=other)
        said(10, 1.6, deleted="teacher")
    told = student.get(recording_page(recording) + "data/").json()
    assert [line["text"] for line in told["chat"]] == ["minute 1", "minute 5"]
