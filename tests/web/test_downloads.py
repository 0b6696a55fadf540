"""Recordings as one file: asked for, made in the background, cancelled, begun anew, fetched by who may."""

from __future__ import annotations

import time
from datetime import timedelta
from unittest import mock

import av
import pytest
from django.core.files import File
from django.utils import timezone

from classrooms.models import Recording, RecordingDownload, RecordingTrack
from classrooms.recorded import jobs, running
from tenants.scope import every_tenant, tenant_scope
from tests.compose.tracks import beeps, film, flashes, tone
from tests.conftest import NOON
from tests.web.test_materials import content as content_of

pytestmark = pytest.mark.usefixtures("folders")


@pytest.fixture(scope="module")
def tracks(tmp_path_factory):
    """A camera from 0.5 s on, and a voice."""
    place = tmp_path_factory.mktemp("tracks")
    return {
        "camera": (film(place / "camera.webm", seconds=3, start=0.5), 0.5, 3.5),
        "microphone": (tone(place / "microphone.webm", seconds=3), 0.0, 3.0),
    }


@pytest.fixture
def recording(make_session, teacher, tracks):
    session = make_session(starts=timedelta(minutes=-5), state="ended")
    with tenant_scope(session.tenant):
        recording = Recording.objects.create(
            tenant=session.tenant,
            session=session,
            state=Recording.State.READY,
            started_at=NOON,
            changed_at=NOON,
            ended_at=NOON,
        )
        for source, (path, start, end) in tracks.items():
            row = RecordingTrack(
                tenant=session.tenant,
                recording=recording,
                source=source,
                egress_id=source,
                state=RecordingTrack.State.READY,
                started_at=NOON + timedelta(seconds=start),
                ended_at=NOON + timedelta(seconds=end),
            )
            with path.open("rb") as content:
                row.file.save(f"demo/recordings/{path.name}", File(content))
        return recording


def address(recording, kind=""):
    base = f"/api/v1/sessions/{recording.session.public_id}/recordings/{recording.public_id}/downloads/"
    return f"{base}{kind}/" if kind else base


def delete(person, path):
    return person.browser.delete(path, **person.environment({}))


def work():
    """Do all that waits."""
    while jobs.turn(timezone.now()):
        pass


def only(model):
    with every_tenant():
        return model.objects.get()


def test_the_teacher_asks_for_a_file_and_fetches_it_when_it_is_made(recording, teacher, folders):
    assert teacher.get(address(recording)).json() == {"video": None, "audio": None}
    asked = teacher.post(address(recording, "video"))
    assert (asked.status_code, asked.json()["video"]["state"]) == (202, "waiting")
    work()
    made = teacher.get(address(recording)).json()["video"]
    assert (made["state"], made["done"]) == ("ready", 1)
    got = teacher.get(made["url"])
    assert "attachment" in got.headers["Content-Disposition"]
    assert "-2026-11-25.mp4" in got.headers["Content-Disposition"]
    path = folders / "fetched.mp4"
    path.write_bytes(content_of(got))
    assert path.stat().st_size == made["size"]
    assert flashes(path) == pytest.approx([1, 2, 3], abs=0.06)
    assert beeps(path) == pytest.approx([0, 1, 2], abs=0.04)
    assert not list((folders / "work").iterdir())


def test_sound_alone_is_a_file_of_its_own(recording, teacher, folders):
    teacher.post(address(recording, "audio"))
    work()
    made = only(RecordingDownload)
    with av.open(str(folders / "files" / made.file.name)) as container:
        assert [stream.type for stream in container.streams] == ["audio"]


def test_asked_for_twice_it_is_made_once(recording, teacher):
    teacher.post(address(recording, "video"))
    teacher.post(address(recording, "video"))
    work()
    teacher.post(address(recording, "video"))
    assert only(RecordingDownload).state == "ready"
    assert not jobs.turn(timezone.now())


def test_it_is_found_out_who_speaks_and_small_pictures_are_made(recording, folders):
    work()
    with tenant_scope(recording.tenant):
        recording.refresh_from_db()
        assert recording.tracks.get(source="microphone").speech == []  # short beeps are no speech
        assert recording.tracks.get(source="camera").speech is None
    assert recording.analysed_at
    assert recording.storyboard_every == 5
    assert (folders / "files" / recording.storyboard.name).read_bytes()[:2] == b"\xff\xd8"
    assert not jobs.turn(timezone.now())


def test_small_pictures_of_a_recording_that_is_gone_meanwhile_are_not_kept(recording, folders, monkeypatch):
    store = jobs.stored

    def gone_then_stored(*args):
        with tenant_scope(recording.tenant):
            Recording.objects.filter(pk=recording.pk).delete()
        return store(*args)

    monkeypatch.setattr(jobs, "stored", gone_then_stored)
    work()
    assert not list((folders / "files").rglob("*.jpg"))


def test_what_cannot_be_analysed_is_tried_once(recording, folders):
    with tenant_scope(recording.tenant):
        for track in recording.tracks.all():
            (folders / "files" / track.file.name).write_bytes(b"nonsense")
    work()
    assert only(Recording).analysed_at
    assert not only(Recording).storyboard


@pytest.mark.parametrize("who", ["student", "classmate", "outsider"])
def test_nobody_else_asks_for_it_or_gets_it(who, recording, teacher, request):
    stranger = request.getfixturevalue(who)
    expected = 403 if who == "student" else 404
    teacher.post(address(recording, "video"))
    work()
    link = teacher.get(address(recording)).json()["video"]["url"]
    assert stranger.get(address(recording)).status_code == expected
    assert stranger.post(address(recording, "video")).status_code == expected
    assert delete(stranger, address(recording, "video")).status_code == expected
    assert stranger.get(link).status_code == 404
    assert only(RecordingDownload).state == "ready"


def test_a_school_may_let_students_download_too(recording, student):
    page = recording.get_absolute_url()
    assert 'id="downloads"' not in student.get(page).content.decode()
    recording.tenant.recording_downloads = True
    recording.tenant.save()
    assert 'id="downloads"' in student.get(page).content.decode()
    student.post(address(recording, "audio"))
    work()
    link = student.get(address(recording)).json()["audio"]["url"]
    assert student.get(link).status_code == 200
    recording.tenant.recording_downloads = False
    recording.tenant.save()
    assert student.get(link).status_code == 404


def test_who_may_download_does_not_delete_what_somebody_else_asked_for(
    recording, teacher, student, classmate
):
    recording.tenant.recording_downloads = True
    recording.tenant.save()
    teacher.post(address(recording, "audio"))
    student.post(address(recording, "video"))
    told = student.get(address(recording)).json()
    assert (told["audio"]["mayDrop"], told["video"]["mayDrop"]) == (False, True)
    refused = delete(student, address(recording, "audio"))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_download")
    assert delete(student, address(recording, "video")).json()["video"] is None
    student.post(address(recording, "video"))
    assert delete(teacher, address(recording, "video")).json()["video"] is None


def test_a_link_ends_after_five_minutes_and_is_one_persons(recording, teacher, admin):
    teacher.post(address(recording, "audio"))
    work()
    link = teacher.get(address(recording)).json()["audio"]["url"]
    assert admin.get(link).status_code == 404
    assert teacher.get(link[:-3] + "xx/").status_code == 404
    with mock.patch("django.core.signing.time.time", return_value=time.time() + 301):
        assert teacher.get(link).status_code == 404


def test_what_is_not_a_kind_is_not_there(recording, teacher):
    assert teacher.post(address(recording, "gif")).status_code == 404


def test_a_recording_that_is_not_finished_makes_no_file(recording, teacher):
    with tenant_scope(recording.tenant):
        Recording.objects.update(state=Recording.State.FINISHING)
    refused = teacher.post(address(recording, "video"))
    assert (refused.status_code, refused.json()["code"]) == (409, "not_recorded_yet")


def test_cancelling_ends_the_work_at_once_and_leaves_nothing(recording, teacher, folders, monkeypatch):
    work()
    teacher.post(address(recording, "video"))
    monkeypatch.setattr(running, "COMMAND", ("sleep", "60"))
    monkeypatch.setattr(running, "BEAT", 0.05)
    beat = running.follow

    def cancel_then_follow(*args):
        with tenant_scope(recording.tenant):
            assert RecordingDownload.objects.get().state == "running"
            RecordingDownload.objects.all().delete()
        return beat(*args)

    monkeypatch.setattr(running, "follow", cancel_then_follow)
    began = time.monotonic()
    work()
    assert time.monotonic() - began < 10
    assert teacher.get(address(recording)).json()["video"] is None
    assert not list((folders / "work").iterdir())
    assert not list((folders / "files").rglob("*.mp4"))


def test_deleting_a_made_file_deletes_it_from_the_storage(recording, teacher, folders):
    teacher.post(address(recording, "audio"))
    work()
    assert len(list((folders / "files").rglob("*.m4a"))) == 1
    assert delete(teacher, address(recording, "audio")).json()["audio"] is None
    assert not list((folders / "files").rglob("*.m4a"))


def test_one_whose_maker_died_is_begun_anew(recording, teacher):
    work()
    teacher.post(address(recording, "audio"))
    now = timezone.now()
    with every_tenant():
        dead = jobs.next_download(now)
        assert (dead.state, dead.attempts) == ("waiting", 1)
        assert jobs.next_download(now + timedelta(seconds=10)) is None  # it may well be at it still
        again = jobs.next_download(now + timedelta(seconds=21))
    assert again.attempts == 2
    with tenant_scope(recording.tenant):
        jobs.make(again)
    assert only(RecordingDownload).state == "ready"


def test_a_maker_that_comes_too_late_keeps_nothing(recording, teacher, folders):
    """The one that stood still, and whose work somebody else has taken over meanwhile."""
    work()
    teacher.post(address(recording, "audio"))
    with every_tenant():
        late = jobs.next_download(timezone.now())
        RecordingDownload.objects.update(attempts=2)
    with tenant_scope(recording.tenant):
        jobs.make(late)
    assert only(RecordingDownload).state == "running"
    assert not list((folders / "files").rglob("*.m4a"))


def test_what_fails_three_times_is_given_up_and_can_be_asked_for_again(recording, teacher, folders):
    work()
    file = next(iter((folders / "files").rglob("microphone.webm")))
    content = file.read_bytes()
    file.write_bytes(b"nonsense")
    teacher.post(address(recording, "audio"))
    work()
    told = teacher.get(address(recording)).json()["audio"]
    assert (told["state"], told["url"]) == ("failed", None)
    file.write_bytes(content)
    assert teacher.post(address(recording, "audio")).json()["audio"]["state"] == "waiting"
    work()
    assert teacher.get(address(recording)).json()["audio"]["state"] == "ready"


def test_one_that_killed_its_makers_is_given_up(recording, teacher):
    work()
    teacher.post(address(recording, "audio"))
    with every_tenant():
        for minute in range(3):
            assert jobs.next_download(timezone.now() + timedelta(minutes=minute))
        assert jobs.next_download(timezone.now() + timedelta(minutes=3)) is None
    assert only(RecordingDownload).state == "failed"


def test_made_files_are_kept_for_two_weeks(recording, teacher, folders):
    teacher.post(address(recording, "audio"))
    work()
    jobs.keep_house(timezone.now() + timedelta(days=13))
    assert only(RecordingDownload)
    jobs.keep_house(timezone.now() + timedelta(days=15))
    assert not list((folders / "files").rglob("*.m4a"))
    assert teacher.get(address(recording)).json()["audio"] is None


def test_a_full_storage_makes_no_new_file_and_hands_out_the_old_one(recording, teacher):
    teacher.post(address(recording, "audio"))
    work()
    with every_tenant():
        recording.tenant.storage_most_bytes = 1
        recording.tenant.save()
    refused = teacher.post(address(recording, "video"))
    assert (refused.status_code, refused.json()["code"]) == (409, "storage_full")
    assert teacher.post(address(recording, "audio")).json()["audio"]["state"] == "ready"


def test_what_is_in_the_bin_is_neither_made_nor_handed_out(recording, teacher):
    teacher.post(address(recording, "audio"))
    work()
    link = teacher.get(address(recording)).json()["audio"]["url"]
    teacher.post(address(recording, "video"))
    teacher.post(f"/c/{recording.session.public_id}/recordings/{recording.public_id}/delete/")
    work()
    assert teacher.get(link).status_code == 404
    assert teacher.get(address(recording)).status_code == 404
    with every_tenant():
        assert RecordingDownload.objects.get(kind="video").state == "waiting"


def test_the_house_is_kept_of_what_nobody_wants_any_more(recording, teacher, folders):
    teacher.post(f"/c/{recording.session.public_id}/recordings/{recording.public_id}/delete/")
    jobs.keep_house(NOON + timedelta(days=8))
    with every_tenant():
        assert not Recording.objects.exists()
    assert not [path for path in (folders / "files").rglob("*") if path.is_file()]
