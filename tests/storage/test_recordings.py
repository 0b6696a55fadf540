"""Recorded tracks: into a bucket, from there to the player, and out of it with their rows."""

from __future__ import annotations

import fcntl
import json
import os
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone
from livekit.protocol import egress as protocol

from classrooms import retries
from classrooms.live import egress
from classrooms.management.commands.runjobs import guarded
from classrooms.models import Recording, RecordingDownload, RecordingTrack
from classrooms.recorded import keeping
from classrooms.recorded.jobs import at_hand, make, next_download, turn
from classrooms.recorded.sofar import keep_so_far
from classrooms.refusals import StorageAway
from tenants.scope import tenant_scope
from tests.compose.tracks import tone
from tests.conftest import NOON
from tests.storage.files import all_in, content

AT = round(NOON.timestamp() * 1e9)
NAME = "demo/recordings/0123456789abcdef.webm"
FILM = os.urandom(3_000_000)


@pytest.fixture
def recording(make_session, teacher):
    live = make_session(starts=timedelta(minutes=-5), state="live")
    times = {"started_at": NOON, "changed_at": NOON, "ended_at": NOON}
    with tenant_scope(live.tenant):
        return Recording.objects.create(
            tenant=live.tenant, session=live, by=teacher.member, state=Recording.State.FINISHING, **times
        )


@pytest.fixture
def track(recording):
    with tenant_scope(recording.tenant):
        return RecordingTrack.objects.create(
            tenant=recording.tenant, recording=recording, source="camera", egress_id="EG_1"
        )


def finished(written, content: bytes = FILM, **more: Any) -> protocol.EgressInfo:
    """What the media server tells of a track, with its file where it leaves it."""
    (written / NAME).write_bytes(content)
    file = protocol.FileInfo(filename=NAME, started_at=AT, ended_at=AT + 5_000_000_000, size=len(content))
    facts = {"status": 3, "file": file, "file_results": [file], "details": json.dumps({"sha256": "ab" * 32})}
    return protocol.EgressInfo(egress_id="EG_1", room_name="demo.x", **facts | more)


def fresh(row):
    with tenant_scope(row.tenant):
        row.refresh_from_db()
    return row


def left(written) -> list[str]:
    return [path.name for path in written.rglob("*.webm")]


def link(person, recording) -> str:
    with tenant_scope(recording.tenant):
        page = f"/c/{recording.session.public_id}/recordings/{recording.public_id}/data/"
    return person.get(page).json()["tracks"][0]["url"]


def test_a_track_is_kept_played_and_gone_with_its_class(
    bucket, written, wire, recording, track, student, outsider, at_once
):
    egress.recorded(finished(written))
    assert fresh(track).state == "ready"
    assert fresh(recording).state == Recording.State.READY
    assert all_in(bucket) == {NAME}
    assert left(written) == []
    here = link(student, recording)
    assert here.startswith("/")
    before = wire.received
    part = student.get(here, HTTP_RANGE="bytes=1000000-1009999")
    assert (part.status_code, content(part)) == (206, FILM[1_000_000:1_010_000])
    assert part.headers["Content-Range"] == "bytes 1000000-1009999/3000000"
    assert wire.received - before < 15_000
    assert outsider.get(here).status_code == 404
    with tenant_scope(recording.tenant):
        recording.session.delete()
    assert all_in(bucket) == set()


def test_who_makes_one_file_of_tracks_has_them_at_hand(bucket, written, track, at_once, tmp_path):
    egress.recorded(finished(written))
    here = at_hand(fresh(track), tmp_path)
    assert here.read_bytes() == FILM
    assert here.parent == tmp_path


def test_heavy_work_waits_for_a_storage_that_is_away_and_is_done_once_it_is_back(
    bucket, written, swift, recording, track, at_once, tmp_path, settings
):
    egress.recorded(finished(written, content=tone(tmp_path / "tone.webm", seconds=2).read_bytes()))
    settings.VAR = tmp_path
    with tenant_scope(recording.tenant):
        asked = {"kind": RecordingDownload.Kind.AUDIO, "asked_at": timezone.now()}
        download = RecordingDownload.objects.create(tenant=recording.tenant, recording=recording, **asked)
    swift.stop()
    for _ in range(4):
        assert guarded(turn) is None
    assert fresh(recording).analysed_at is None
    with tenant_scope(recording.tenant), pytest.raises(StorageAway):
        make(next_download(timezone.now()))
    assert (fresh(download).state, download.attempts, download.error) == ("waiting", 0, "")
    swift.start()
    assert guarded(turn)
    assert guarded(turn)
    assert fresh(recording).analysed_at
    assert fresh(download).state == "ready"
    assert {NAME, download.file.name} <= all_in(bucket)


def test_what_there_was_so_far_goes_when_the_whole_is_there(bucket, written, track, at_once):
    (written / NAME).with_name("sofar.webm").write_bytes(b"beginning")
    made = {"path": "demo/recordings/sofar.webm", "ended": NOON.timestamp(), "started": NOON.timestamp()}
    keep_so_far.call(track.tenant_id, track.pk, made)
    assert all_in(bucket) == {"demo/recordings/sofar.webm"}
    assert left(written) == []
    egress.recorded(finished(written))
    assert all_in(bucket) == {NAME}
    assert not fresh(track).so_far


def test_each_school_has_its_own_part_of_the_bucket(bucket, written, track, other_tenant, at_once):
    egress.recorded(finished(written))
    with tenant_scope(other_tenant):
        assert not RecordingTrack.objects.exists()
    assert all_in(bucket) == {NAME}
    assert NAME.startswith(f"{track.tenant.slug}/recordings/")


def test_a_player_whose_storage_is_away_is_told_so(bucket, written, wire, recording, track, student, at_once):
    egress.recorded(finished(written))
    here = link(student, recording)
    wire.close()
    answer = student.get(here, HTTP_RANGE="bytes=0-9")
    assert answer.status_code == 503
    assert "Files cannot be reached" in answer.content.decode()
    assert str(wire.port) not in answer.content.decode()
    assert bucket.bucket_name not in answer.content.decode()


@pytest.fixture
def worker(settings, monkeypatch):
    """Tasks as in production, run one at a time; each wait is over at once."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr(retries, "FIRST_WAIT", timedelta(0))

    def work(times: int = 1) -> None:
        call_command(
            "db_worker", max_tasks=times, batch=True, startup_delay=False, queue_name="*", verbosity=0
        )

    return work


@pytest.mark.django_db(transaction=True)
def test_while_the_server_is_down_nothing_is_lost_and_once_it_is_back_all_is_kept(
    bucket, written, swift, recording, track, worker
):
    info = finished(written)
    swift.stop()
    egress.recorded(info)
    worker(3)
    waits = fresh(track)
    assert waits.state == "writing"
    assert waits.error.startswith("Not stored yet: The storage does not answer")
    assert fresh(recording).state == Recording.State.FINISHING
    assert left(written) == ["0123456789abcdef.webm"]
    swift.start()
    worker(2)
    kept = fresh(track)
    assert (kept.state, kept.error) == ("ready", "")
    assert fresh(recording).state == Recording.State.READY
    assert all_in(bucket) == {NAME}
    assert left(written) == []


@pytest.mark.django_db(transaction=True)
def test_a_line_that_breaks_within_an_upload_costs_nothing_and_the_next_attempt_keeps_all_of_it(
    bucket, written, wire, track, worker
):
    large = os.urandom(20_000_000)
    egress.recorded(finished(written, large))
    wire.breaks_at_sent = wire.sent + 9_000_000
    worker()
    assert fresh(track).state == "writing"
    assert left(written) == ["0123456789abcdef.webm"]
    wire.breaks_at_sent = None
    assert all_in(bucket) == set()
    worker()
    assert fresh(track).state == "ready"
    with bucket.open(NAME) as file:
        assert file.read() == large


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("local_file", ["is there", "is gone"])
def test_what_a_process_stored_before_it_was_killed_is_found_and_not_stored_again(
    local_file, bucket, written, wire, track, worker, monkeypatch
):
    egress.recorded(finished(written))
    with monkeypatch.context() as killed:
        killed.setattr(keeping, "keep_as", mock.Mock(side_effect=SystemExit))
        worker()
    assert fresh(track).state == "writing"
    assert all_in(bucket) == {NAME}
    if local_file == "is gone":
        (written / NAME).unlink()
    before = wire.sent
    worker()
    kept = fresh(track)
    assert (kept.state, kept.file.name) == ("ready", NAME)
    assert all_in(bucket) == {NAME}
    assert left(written) == []
    assert wire.sent - before < 20_000


@pytest.mark.django_db(transaction=True)
def test_a_file_that_another_process_is_storing_is_left_to_it(bucket, written, track, worker):
    egress.recorded(finished(written))
    with (written / NAME).open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        worker()
        assert fresh(track).state == "writing"
        assert all_in(bucket) == set()
    worker()
    assert fresh(track).state == "ready"


@pytest.mark.django_db(transaction=True)
def test_a_file_of_the_same_name_and_size_is_not_taken_for_another_tracks(bucket, written, track, worker):
    bucket.save(NAME, ContentFile(b"x" * len(FILM)))
    with tenant_scope(track.tenant):
        RecordingTrack.objects.create(
            tenant=track.tenant, recording=track.recording, egress_id="EG_0", file=NAME, state="ready"
        )
    egress.recorded(finished(written))
    worker()
    kept = fresh(track)
    assert kept.file.name != NAME
    with kept.file.open() as file:
        assert file.read() == FILM


def test_attempts_come_after_longer_and_longer_up_to_an_hour():
    waits = [retries.wait(attempt).total_seconds() for attempt in (1, 2, 3, 8, 9, 10, 1000)]
    assert waits == [15, 30, 60, 1920, 3600, 3600, 3600]


@pytest.mark.django_db(transaction=True)
def test_what_waits_for_the_storage_is_gone_with_its_class(bucket, written, wire, recording, track, worker):
    egress.recorded(finished(written))
    wire.close()
    worker()
    assert left(written) == ["0123456789abcdef.webm"]
    with tenant_scope(recording.tenant):
        recording.session.delete()
    assert left(written) == []


@pytest.mark.django_db(transaction=True)
def test_a_class_that_is_deleted_while_its_file_is_on_the_way_leaves_nothing(
    bucket, written, recording, track, worker, monkeypatch
):
    def deleted_meanwhile(source, name):
        recording.session.delete()
        return placed(source, name)

    placed = keeping.placed
    monkeypatch.setattr(keeping, "placed", deleted_meanwhile)
    egress.recorded(finished(written))
    worker()
    assert all_in(bucket) == set()
    assert left(written) == []


@pytest.mark.django_db(transaction=True)
def test_a_file_whose_row_goes_while_the_server_is_down_is_deleted_once_it_is_back(
    bucket, written, swift, recording, track, worker
):
    egress.recorded(finished(written))
    worker(2)
    swift.stop()
    with tenant_scope(recording.tenant):
        recording.session.delete()
    worker(2)
    swift.start()
    assert all_in(bucket) == {NAME}
    worker()
    assert all_in(bucket) == set()
