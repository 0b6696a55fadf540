"""A recording that goes on, watched from its beginning by those who come late."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from livekit.protocol import egress as protocol

from classrooms.live import egress
from classrooms.models import Recording, RecordingTrack
from classrooms.recorded import sofar
from tenants.scope import tenant_scope
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("folders")

AT = NOON.timestamp()


@pytest.fixture
def asked(monkeypatch):
    """What the media server was asked to make."""
    found = []

    async def ask(egress_ids):
        found.append(egress_ids)

    monkeypatch.setattr(sofar, "_ask", ask)
    return found


@pytest.fixture
def track(make_session, teacher):
    live = make_session(starts=timedelta(minutes=-30), state="live")
    with tenant_scope(live.tenant):
        recording = Recording.objects.create(
            tenant=live.tenant, session=live, by=teacher.member, started_at=NOON, changed_at=NOON
        )
        return RecordingTrack.objects.create(
            tenant=live.tenant,
            recording=recording,
            name="Tom Teacher",
            source="camera",
            egress_id="EG_1",
            started_at=NOON,
        )


def page(track):
    return track.recording.get_absolute_url()


def door(track):
    ids = track.recording.session.public_id, track.recording.public_id
    return "/api/v1/sessions/{}/recordings/{}/so-far/".format(*ids)


def made(folders, *, content=b"film", seconds=60.0, status=1, **more):
    """What the media server tells of it."""
    (folders / "written/demo/recordings/a-so-far.webm").write_bytes(content)
    facts = {"path": "demo/recordings/a-so-far.webm", "started": AT, "ended": AT + seconds, "size": 4}
    details = json.dumps({"identity": "x", "source": "camera", "so_far": facts})
    return protocol.EgressInfo(egress_id="EG_1", room_name="demo.x", status=status, details=details, **more)


def tracks(person, track):
    return person.get(page(track) + "data/").json()["tracks"]


def test_a_late_student_asks_for_it_and_plays_what_there_is(track, student, folders, asked):
    assert student.get(page(track)).status_code == 200
    assert (student.post(door(track)).status_code, asked) == (202, [["EG_1"]])
    assert tracks(student, track) == []
    sofar.recorded_so_far(made(folders))
    told = student.get(page(track) + "data/").json()
    assert told["goesOn"]
    assert [(each["from"], each["to"], each["kind"]) for each in told["tracks"]] == [(0, 60, "video/webm")]
    got = student.get(told["tracks"][0]["url"], HTTP_RANGE="bytes=1-3")
    assert (got.status_code, got.headers["Content-Range"]) == (206, "bytes 1-3/4")


def test_the_way_there_is_on_the_class_page_while_it_is_recorded(track, student, outsider):
    session = track.recording.session
    way = f"/c/{session.public_id}/recordings/now/"
    assert way in student.get(session.get_absolute_url()).content.decode()
    assert student.get(way).headers["Location"] == page(track)
    assert outsider.get(way).status_code == 404
    with tenant_scope(track.tenant):
        Recording.objects.update(ended_at=NOON, state=Recording.State.READY)
    assert way not in student.get(session.get_absolute_url()).content.decode()
    assert student.get(way).headers["Location"] == session.get_absolute_url()


def test_a_longer_one_takes_the_place_of_the_one_before(track, student, folders, asked):
    sofar.recorded_so_far(made(folders))
    sofar.recorded_so_far(made(folders, content=b"longer film", seconds=120))
    assert [each["to"] for each in tracks(student, track)] == [120]
    assert [file.read_bytes() for file in (folders / "files").rglob("*.webm")] == [b"longer film"]


def test_the_finished_file_takes_its_place_in_the_end(track, student, folders, asked):
    sofar.recorded_so_far(made(folders))
    (folders / "written/demo/recordings/a.webm").write_bytes(b"all of it")
    file = protocol.FileInfo(
        filename="demo/recordings/a.webm", started_at=round(AT * 1e9), ended_at=round(AT * 1e9), size=9
    )
    egress.recorded(
        protocol.EgressInfo(
            egress_id="EG_1", room_name="demo.x", status=3, file=file, file_results=[file], details="{}"
        )
    )
    assert [kept.read_bytes() for kept in (folders / "files").rglob("*.webm")] == [b"all of it"]
    sofar.recorded_so_far(made(folders))  # told late
    assert len(list((folders / "files").rglob("*.webm"))) == 1


def test_many_who_ask_at_once_have_it_made_once(track, student, teacher, asked):
    for person in (student, teacher, student):
        assert person.post(door(track)).status_code == 202
    assert len(asked) == 1


def test_of_a_recording_that_is_over_nothing_is_asked(track, student, folders, asked):
    sofar.recorded_so_far(made(folders))
    with tenant_scope(track.tenant):
        Recording.objects.update(ended_at=NOON, state=Recording.State.FINISHING)
    assert student.post(door(track)).status_code == 202
    assert asked == []


@pytest.mark.parametrize("who", ["classmate", "outsider"])
def test_nobody_else_asks_or_gets_anything(who, track, student, folders, asked, request):
    stranger = request.getfixturevalue(who)
    sofar.recorded_so_far(made(folders))
    link = tracks(student, track)[0]["url"]
    assert stranger.post(door(track)).status_code == 404
    for path in (page(track), page(track) + "data/", link):
        assert stranger.get(path).status_code == 404
    assert asked == []


@pytest.mark.parametrize("details", ["", "no json", "[]", '{"so_far": 7}', '{"so_far": {}}'])
def test_words_that_tell_of_nothing_are_left_alone(details, track, folders):
    info = protocol.EgressInfo(egress_id="EG_1", room_name="demo.x", details=details)
    sofar.recorded_so_far(info)
    sofar.recorded_so_far(made(folders, room_id="RM_1", error="", ended_at=0))
    with tenant_scope(track.tenant):
        track.refresh_from_db()
    assert track.so_far


def test_a_deleted_class_takes_it_along(track, folders):
    sofar.recorded_so_far(made(folders))
    with tenant_scope(track.tenant):
        track.recording.session.delete()
    assert not list((folders / "files").rglob("*.webm"))


def test_a_media_server_that_does_not_answer_is_no_fault_of_the_page(track, student, settings):
    settings.MEDIA_API_URL = "http://127.0.0.1:9"
    assert student.post(door(track)).status_code == 202


def test_what_comes_of_a_track_that_is_over_or_paused_is_not_kept(track, folders, asked, student):
    with tenant_scope(track.tenant):
        track.recording.end_tracks(NOON + timedelta(seconds=30))
    student.post(door(track))
    assert asked == [[]]
    info = made(folders)
    sofar.keep_so_far.call(track.tenant_id, track.pk, sofar.told(info))
    assert not list(folders.rglob("*.webm"))


def test_watching_it_counts(track, student, folders, asked):
    sofar.recorded_so_far(made(folders, seconds=60.0))
    body = json.dumps({"seen": [[0, 45]]})
    path = page(track) + "seen/"
    student.browser.post(path, body, content_type="application/json", **student.environment({}))
    with tenant_scope(track.tenant):
        assert track.recording.views.get().seen == [[0, 45]]
