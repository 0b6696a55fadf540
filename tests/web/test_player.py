"""What lies beside the tracks of a recording: chapters, captions, small pictures, and for whom."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from classrooms.models import Recording, RecordingCaptions, RecordingMark, RecordingTrack
from classrooms.recorded.chapters import Trouble, troubles
from tenants.scope import tenant_scope
from tests.conftest import NOON

VTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\nLook here.\n"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Where stored files lie."""
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": options}
    return tmp_path


@pytest.fixture
def recording(make_session, teacher):
    """Ten minutes, with the teacher's voice and small pictures."""
    over = make_session(starts=timedelta(minutes=-5), state="ended")
    with tenant_scope(over.tenant):
        made = Recording.objects.create(
            tenant=over.tenant,
            session=over,
            by=teacher.member,
            state=Recording.State.READY,
            started_at=NOON,
            changed_at=NOON,
            ended_at=NOON + timedelta(minutes=10),
            storyboard_every=5.0,
        )
        made.storyboard.save("board.jpg", ContentFile(b"\xff\xd8 small pictures"))
        RecordingTrack.objects.create(
            tenant=over.tenant,
            recording=made,
            name="Tom Teacher",
            source="microphone",
            egress_id="EG_1",
            state=RecordingTrack.State.READY,
            kind="audio/webm",
            started_at=NOON + timedelta(seconds=2),
            ended_at=NOON + timedelta(minutes=10),
            speech=[[0.5, 4.0]],
        )
    return made


def page(recording, *more):
    return "".join([f"/c/{recording.session.public_id}/recordings/{recording.public_id}/", *more])


def told(person, recording):
    return person.get(page(recording, "data/")).json()


def tap(recording, member, second, kind="lost", title=""):
    with tenant_scope(recording.tenant):
        at = NOON + timedelta(seconds=second)
        return RecordingMark.objects.create(
            tenant=recording.tenant, recording=recording, kind=kind, by=member, at=at, title=title
        )


def upload(person, recording, content=VTT, language="en"):
    file = SimpleUploadedFile("words.vtt", content)
    return person.post(page(recording, "captions/"), {"file": file, "language": language})


def delete(person, path):
    return person.browser.delete(path, **person.environment({}))


# ── what is told ─────────────────────────────────────────────────────────────


def test_who_speaks_when_is_told_with_each_microphone(recording, student):
    track = told(student, recording)["tracks"][0]
    assert (track["speech"], track["person"]) == ([[0.5, 4.0]], "Tom Teacher")
    with tenant_scope(recording.tenant):
        recording.tracks.update(speech=None)
    assert told(student, recording)["tracks"][0]["speech"] is None


def test_chapters_are_for_all_and_where_people_were_lost_for_who_leads(recording, teacher, student, admin):
    tap(recording, teacher.member, 62, "chapter", "Anaphase")
    for second in (100, 112, 125):
        tap(recording, student.member, second)
    assert told(student, recording)["chapters"][0] | {"id": ""} == {"id": "", "at": 60.0, "title": "Anaphase"}
    for person in (teacher, admin):
        assert told(person, recording)["lost"] == [{"at": 88.0, "count": 1}]
    everything = told(student, recording)
    assert "lost" not in everything
    html = student.get(page(recording)).content.decode()
    assert '"lost"' not in html
    assert '"leads": false' in html


def test_nobody_is_told_who_was_lost(recording, teacher, student):
    mark = tap(recording, student.member, 100)
    text = teacher.get(page(recording)).content.decode() + json.dumps(told(teacher, recording))
    assert mark.public_id not in text
    assert student.member.name not in text


@pytest.mark.parametrize(
    ("taps", "found"),
    [
        ([], []),
        ([(3, 1)], [Trouble(0, 1)]),
        ([(40, 1), (15, 2), (60, 3)], [Trouble(5, 3)]),
        ([(40, 1), (55, 1)], [Trouble(30, 1)]),
        ([(40, 1), (71, 1)], [Trouble(30, 1), Trouble(61, 1)]),
        ([(at, at) for at in range(100, 260, 20)], [Trouble(90, 7), Trouble(230, 1)]),
    ],
)
def test_taps_close_to_each_other_are_one_trouble(taps, found):
    assert troubles(taps) == found


# ── chapters ─────────────────────────────────────────────────────────────────


def test_a_teacher_adds_names_and_deletes_chapters_after_class(recording, teacher):
    added = teacher.post(page(recording, "chapters/"), {"title": "  The  spindle ", "at": "61.5"}).json()
    (chapter,) = added["chapters"]
    assert (chapter["at"], chapter["title"]) == (61.5, "The spindle")
    one = page(recording, "chapters/", chapter["id"], "/")
    assert teacher.post(one, {"title": "Spindle"}).json()["chapters"][0]["title"] == "Spindle"
    assert delete(teacher, one).json()["chapters"] == []
    assert teacher.post(one, {"title": "Gone"}).status_code == 404


@pytest.mark.parametrize(
    ("form", "code"),
    [({"title": " ", "at": "1"}, "no_title"), ({"title": "x" * 81, "at": "1"}, "title_too_long")],
)
def test_a_chapter_has_a_short_title(form, code, recording, teacher):
    answer = teacher.post(page(recording, "chapters/"), form)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("at", ["", "nan", "-1", "1e9", "x"])
def test_a_chapter_is_at_some_second(at, recording, teacher):
    assert teacher.post(page(recording, "chapters/"), {"title": "x", "at": at}).status_code == 404


def test_a_chapter_after_the_end_is_at_the_end(recording, teacher):
    teacher.post(page(recording, "chapters/"), {"title": "x", "at": "5000"})
    with tenant_scope(recording.tenant):
        assert recording.marks.get().at == recording.ended_at


def test_there_are_so_many_chapters_and_no_more(recording, teacher, monkeypatch):
    monkeypatch.setattr("classrooms.live.marks.MOST_CHAPTERS", 1)
    form = {"title": "x", "at": "1"}
    assert teacher.post(page(recording, "chapters/"), form).status_code == 200
    assert teacher.post(page(recording, "chapters/"), form).json()["code"] == "too_many_chapters"


def test_a_tap_of_a_student_is_no_chapter(recording, teacher, student):
    mark = tap(recording, student.member, 9)
    assert delete(teacher, page(recording, "chapters/", mark.public_id, "/")).status_code == 404


# ── captions ─────────────────────────────────────────────────────────────────


def test_captions_are_kept_by_language_and_replaced(recording, teacher, student):
    first = upload(teacher, recording).json()["captions"]
    assert [(each["language"], each["name"]) for each in first] == [("en", "English")]
    later = VTT.replace(b"Look", b"See")
    upload(teacher, recording, later)
    upload(teacher, recording, language="pt-BR")
    listed = told(student, recording)["captions"]
    assert [each["language"] for each in listed] == ["en", "pt-BR"]
    got = student.get(listed[0]["url"])
    assert (got.status_code, got.content) == (200, later)
    assert got.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    gone = page(recording, "captions/", listed[0]["id"], "/")
    assert [each["language"] for each in delete(teacher, gone).json()["captions"]] == ["pt-BR"]
    assert student.get(listed[0]["url"]).status_code == 404


@pytest.mark.parametrize(
    ("content", "language", "status", "code", "words"),
    [
        (b"WEBVTT\n\n00:00:01,000 --> 00:00:02,000\na", "en", 422, "captions_refused", "Line 3: thousandths"),
        (b"WEBVTT\n\n\xff", "en", 422, "captions_refused", "Line 3: this is not UTF-8"),
        (VTT + b"\nNOTE " + b"x" * 1_000_000, "en", 413, "file_too_large", "1 MB"),
        (VTT, "xx", 400, "unknown_language", "list"),
        (VTT, "", 400, "unknown_language", "list"),
    ],
)
def test_captions_that_cannot_be_shown_are_refused_in_words(
    content, language, status, code, words, recording, teacher
):
    answer = upload(teacher, recording, content, language)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert words in answer.json()["text"]
    with tenant_scope(recording.tenant):
        assert not recording.captions.exists()


def test_captions_without_a_file_are_none(recording, teacher):
    answer = teacher.post(page(recording, "captions/"), {"language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (400, "no_file")


# ── who may ──────────────────────────────────────────────────────────────────


@pytest.fixture
def full(recording, teacher):
    """With a chapter and captions; every address that changes something."""
    chapter = tap(recording, teacher.member, 30, "chapter", "One")
    upload(teacher, recording)
    with tenant_scope(recording.tenant):
        captions = recording.captions.get()
    return {
        "add": page(recording, "chapters/"),
        "chapter": page(recording, "chapters/", chapter.public_id, "/"),
        "bring": page(recording, "captions/"),
        "captions": page(recording, "captions/", captions.public_id, "/"),
    }


def attempts(person, full):
    form = {"title": "Mine", "at": "3"}
    file = SimpleUploadedFile("words.vtt", VTT)
    return [
        person.post(full["add"], form),
        person.post(full["chapter"], form),
        delete(person, full["chapter"]),
        person.post(full["bring"], {"file": file, "language": "de"}),
        delete(person, full["captions"]),
    ]


def state(recording):
    with tenant_scope(recording.tenant):
        marks = list(RecordingMark.objects.values_list("title", flat=True))
        return marks, list(RecordingCaptions.objects.values_list("language", flat=True))


@pytest.mark.parametrize(("who", "status"), [("student", 403), ("classmate", 404), ("outsider", 404)])
def test_only_who_leads_the_class_changes_anything(who, status, full, recording, request):
    answers = attempts(request.getfixturevalue(who), full)
    assert [answer.status_code for answer in answers] == [status] * 5
    assert state(recording) == (["One"], ["en"])


def test_a_forged_form_changes_nothing(full, recording, teacher):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(teacher.member.user)
    teacher.browser = browser
    assert [answer.status_code for answer in attempts(teacher, full)] == [403] * 5
    assert state(recording) == (["One"], ["en"])


def test_who_is_not_signed_in_is_sent_to_sign_in(full, recording, client):
    for name in ("add", "chapter", "bring"):
        assert client.post(full[name], HTTP_HOST="demo.localhost").status_code == 302
    for name in ("chapter", "captions"):
        assert client.delete(full[name], HTTP_HOST="demo.localhost").status_code == 302
    assert state(recording) == (["One"], ["en"])


def links(person, recording):
    data = told(person, recording)
    return [data["captions"][0]["url"], data["storyboard"]["url"]]


def test_small_pictures_come_by_a_link_of_their_own(full, recording, student):
    board = told(student, recording)["storyboard"]
    got = student.get(board["url"])
    assert (got.status_code, got.headers["Content-Type"], board["every"]) == (200, "image/jpeg", 5.0)
    with tenant_scope(recording.tenant):
        Recording.objects.update(storyboard="")
    assert told(student, recording)["storyboard"] is None
    assert student.get(board["url"]).status_code == 404


@pytest.mark.parametrize("who", ["classmate", "outsider", "teacher"])
def test_a_link_is_good_for_one_person(who, full, recording, student, request):
    for link in links(student, recording):
        assert student.get(link).status_code == 200
        assert request.getfixturevalue(who).get(link).status_code == 404


def test_a_link_is_good_for_one_file_of_one_kind(full, recording, student, client):
    captions, board = links(student, recording)
    track = told(student, recording)["tracks"][0]["url"]
    for link in (captions, board):
        ticket = link.split("/")[-2]
        assert student.get(link.replace(ticket, ticket[:-3] + "xxx")).status_code == 404
        assert student.get(link.replace(link.split("/")[-3], "0" * 32)).status_code == 404
        assert student.get(link.replace(ticket, track.split("/")[-2])).status_code == 404
        assert client.get(link, HTTP_HOST="demo.localhost").status_code == 302
    assert student.get(captions.replace(captions.split("/")[-2], board.split("/")[-2])).status_code == 404


def test_a_link_ends_after_five_minutes(full, recording, student):
    found = links(student, recording)
    with mock.patch("django.core.signing.time.time", return_value=time.time() + 301):
        assert [student.get(link).status_code for link in found] == [404, 404]


def test_a_link_ends_with_the_place_in_the_course_and_with_the_recording(full, recording, student, course):
    found = links(student, recording)
    with tenant_scope(course.tenant):
        Recording.objects.update(deleted_at=NOON)
    assert [student.get(link).status_code for link in found] == [404, 404]
    with tenant_scope(course.tenant):
        Recording.objects.update(deleted_at=None)
        course.enrolments.filter(membership=student.member).delete()
    assert [student.get(link).status_code for link in found] == [404, 404]
