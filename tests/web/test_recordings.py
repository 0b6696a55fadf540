"""Recorded files on their way from the media server into the storage, and out of it again."""

from __future__ import annotations

import hashlib
import json
import os
import time
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from livekit.protocol import egress as protocol

from accounts.models import Membership
from classrooms import downloads
from classrooms.live import egress
from classrooms.live.reconcile import media_track_published
from classrooms.models import (
    ChatMessage,
    Material,
    Participant,
    Recording,
    RecordingDownload,
    RecordingTrack,
    SessionEvent,
)
from classrooms.recorded import jobs
from classrooms.recorded.playback import may_still_watch
from tenants.scope import tenant_scope
from tests.compose.tracks import film
from tests.conftest import NOON
from tests.sfu.egress.films import probe

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
        rest = {"key": str(seq), "text": f"minute {minute}", "said_at": at, **more}
        return ChatMessage.objects.create(session=recording.session, number=seq, by=writer, **rest)

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
        with_file = said(11, 5.5, text="")
        added = {"by": student.member, "size": 4, "added_at": NOON}
        Material.objects.create(session=recording.session, name="cell.pdf", message=with_file, **added)
    told = student.get(recording_page(recording) + "data/").json()
    said_then = [(line["text"], line["files"]) for line in told["chat"]]
    assert said_then == [("minute 1", []), ("minute 5", []), ("", ["cell.pdf"])]


@pytest.fixture(scope="module")
def film_of_three_seconds(tmp_path_factory):
    return film(tmp_path_factory.mktemp("film") / "camera.webm", seconds=3).read_bytes()


def stop_at(track, seconds):
    with tenant_scope(track.tenant):
        track.recording.end_tracks(NOON + timedelta(seconds=seconds))


def test_what_ran_on_into_a_pause_is_cut_off_and_its_last_picture_lasts_until_then(
    folders, track, film_of_three_seconds
):
    stop_at(track, 1.49)
    egress.recorded(ended(folders, content=film_of_three_seconds))
    kept = fresh(track)
    content = (folders / "files" / kept.file.name).read_bytes()
    assert (kept.state, kept.ended_at) == ("ready", NOON + timedelta(seconds=1.49))
    assert (kept.size, kept.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    found = probe(folders / "files" / kept.file.name)
    assert 1.4 < found["times"][-1] < 1.49
    assert found["duration"] == pytest.approx(1.49, abs=0.002)
    assert not list((folders / "written").rglob("*.webm"))


def test_what_ended_before_the_pause_is_kept_as_it_is(folders, track, film_of_three_seconds):
    stop_at(track, 60)
    egress.recorded(ended(folders, content=film_of_three_seconds))
    assert (folders / "files" / fresh(track).file.name).read_bytes() == film_of_three_seconds


@pytest.mark.parametrize("seconds", [-1, 0])
def test_of_a_track_that_came_after_the_pause_nothing_is_kept(
    seconds, folders, track, recording, film_of_three_seconds
):
    stop_at(track, seconds)
    egress.recorded(ended(folders, content=film_of_three_seconds))
    assert (fresh(track).state, track.file.name) == ("empty", "")
    assert not list(folders.rglob("*.webm"))
    assert fresh(recording).state == Recording.State.READY


def test_a_track_that_comes_after_all_has_the_rest_found_out_and_made_anew(folders, track, recording):
    with tenant_scope(recording.tenant):
        ready = {"state": Recording.State.READY, "analysed_at": NOON}
        Recording.objects.filter(pk=recording.pk).update(**ready)
        made = RecordingDownload(tenant=recording.tenant, recording=recording, kind="video", asked_at=NOON)
        made.state = RecordingDownload.State.READY
        made.file.save("demo/recordings/made.mp4", ContentFile(b"without it"))
    egress.recorded(ended(folders))
    assert fresh(recording).analysed_at is None
    assert not list(folders.rglob("*.mp4"))


@pytest.mark.parametrize(
    ("goes_on", "status", "again"), [(True, 4, 1), (True, 6, 1), (True, 3, 0), (False, 4, 0)]
)
def test_a_track_that_broke_off_is_recorded_again_while_the_class_goes_on(
    goes_on, status, again, folders, track, recording, monkeypatch
):
    if goes_on:
        with tenant_scope(recording.tenant):
            Recording.objects.filter(pk=recording.pk).update(state=Recording.State.ON, ended_at=None)
    asked = []
    monkeypatch.setattr(egress, "later", lambda *args: asked.append(args))
    egress.recorded(ended(folders, status=status, error="The disk is full."))
    assert len(asked) == again


def test_a_recording_that_was_not_settled_is_looked_at_until_it_is(folders, track, recording, monkeypatch):
    async def ask(room, slug, plan):
        return egress.Told([], [])

    monkeypatch.setattr(egress, "ask", ask)
    jobs.keep_house(NOON + timedelta(minutes=5))
    assert fresh(recording).state == Recording.State.FINISHING
    jobs.keep_house(NOON + timedelta(minutes=11))
    assert fresh(recording).state == Recording.State.READY


def test_files_that_no_row_knows_go_after_a_day_and_no_others(folders, track, recording):
    names = {
        "ours": f"{'a' * 32}.webm",
        "so far": f"{'b' * 32}-so-far.webm",
        "known": f"{'c' * 32}.webm",
        "of today": f"{'d' * 32}.webm",
        "packets": f"{'e' * 32}.packets",
        "another's": "lecture.webm",
    }
    place = folders / "written/demo/recordings"
    for what, name in names.items():
        (place / name).write_bytes(b"film")
        age = 3600 if what == "of today" else 90_000
        os.utime(place / name, (NOON.timestamp() - age,) * 2)
    with tenant_scope(recording.tenant):
        RecordingTrack.objects.update(written=f"demo/recordings/{names['known']}")
    jobs.keep_house(NOON)
    left = {path.name for path in place.iterdir()}
    assert left == {names[each] for each in ("known", "of today", "packets", "another's")}


async def test_a_long_answer_ends_when_its_reader_may_no_longer_have_it(monkeypatch):
    async def parts():
        for _ in range(3):
            yield b"x"

    monkeypatch.setattr(downloads, "ASK_EVERY", -1)
    assert [part async for part in downloads.guarded(parts(), lambda: True)] == [b"x"] * 3
    with pytest.raises(downloads.NoLonger):
        _ = [part async for part in downloads.guarded(parts(), lambda: False)]


def test_who_may_still_watch_is_asked_of_the_rows(stored, recording, student, course):
    recording = fresh(recording)
    assert may_still_watch(recording, student.member)
    with tenant_scope(recording.tenant):
        course.enrolments.filter(membership=student.member).delete()
    assert not may_still_watch(recording, student.member)


@pytest.mark.parametrize("change", ["membership", "bin"])
def test_who_left_the_school_may_not_nor_what_is_in_the_bin(change, stored, recording, student):
    recording = fresh(recording)
    with tenant_scope(recording.tenant):
        if change == "bin":
            Recording.objects.filter(pk=recording.pk).update(deleted_at=NOON)
        else:
            Membership.objects.filter(pk=student.member.pk).update(is_active=False)
    assert not may_still_watch(recording, student.member)
