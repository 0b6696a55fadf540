"""Recorded files on their way from the media server into the storage, and out of it again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from livekit.protocol import egress

from classrooms import recordings
from classrooms.live.reconcile import media_track_published
from classrooms.live.recording import moment
from classrooms.models import Recording, RecordingTrack
from tenants.scope import tenant_scope
from tests.conftest import NOON

AT = round(NOON.timestamp() * 1e9)


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    """The storage, and where the media server writes."""
    options = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "files"},
    }
    settings.STORAGES = settings.STORAGES | {"default": options}
    settings.RECORDINGS_DIR = tmp_path / "written"
    (settings.RECORDINGS_DIR / "demo/recordings").mkdir(parents=True)
    with mock.patch("django.db.transaction.on_commit", side_effect=lambda effect, **_: effect()):
        yield tmp_path


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
    file = egress.FileInfo(filename=name, started_at=AT, ended_at=AT + 5_000_000_000, size=len(content))
    if name and content is not None:
        (folders / "written" / name).write_bytes(content)
    details = json.dumps({"sha256": "ab" * 32, "width": 640, "height": 360})
    return egress.EgressInfo(
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
    recordings.recorded(ended(folders))
    kept = fresh(track)
    assert (kept.state, kept.kind, kept.size, kept.width) == ("ready", "video/webm", 4, 640)
    assert (kept.started_at, kept.ended_at) == (NOON, NOON + timedelta(seconds=5))
    assert kept.file.name == "demo/recordings/a.webm"
    assert (folders / "files" / kept.file.name).read_bytes() == b"film"
    assert not list((folders / "written").rglob("*.webm"))
    assert fresh(recording).state == Recording.State.READY


def test_it_is_told_twice_and_kept_once(folders, track):
    info = ended(folders)
    recordings.recorded(info)
    recordings.recorded(info)
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
        file = egress.FileInfo(filename=facts["name"], size=4)
        info = egress.EgressInfo(
            egress_id="EG_1", room_name="demo.x", status=3, file=file, file_results=[file]
        )
    else:
        info = ended(folders, **facts)
    recordings.recorded(info)
    assert fresh(track).state == state
    assert track.error == facts.get("error", track.error)
    assert fresh(recording).state == Recording.State.READY


def test_a_recording_is_not_ready_while_anything_of_it_is_written(folders, track, recording):
    with tenant_scope(recording.tenant):
        RecordingTrack.objects.create(tenant=recording.tenant, recording=recording, egress_id="EG_2")
    recordings.recorded(ended(folders))
    assert fresh(recording).state == Recording.State.FINISHING


@pytest.mark.parametrize("room", ["nobody.x", "other.x"])
def test_a_track_of_another_school_or_of_nobodys_is_left_alone(room, folders, track, other_tenant):
    recordings.recorded(ended(folders, room=room))
    assert fresh(track).state == "writing"


def test_a_deleted_recording_takes_its_files_with_it(folders, track, recording):
    recordings.recorded(ended(folders))
    with tenant_scope(recording.tenant):
        recording.session.delete()
    assert not list((folders / "files").rglob("*.webm"))


def test_a_new_track_in_a_recorded_class_is_recorded_too(recording, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "classrooms.live.reconcile.drive", mock.Mock(enqueue=lambda *args: asked.append(args))
    )
    room = recording.session.room_name
    media_track_published(room=room)
    assert not asked
    with tenant_scope(recording.tenant):
        Recording.objects.update(state=Recording.State.ON, ended_at=None)
    media_track_published(room=room)
    assert asked == [(recording.tenant_id, recording.session_id)]
    media_track_published(room="nobody.x")
    assert len(asked) == 1


def test_times_of_the_media_server_are_read_in_utc():
    assert moment(AT) == datetime(2026, 11, 25, 12, tzinfo=UTC)
