"""The chat on the class's pages: who reads and saves what, and the pictures in it."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.html import escape

from classrooms.models import ChatMessage, ChatReaction, GuestLink, Material, Participant
from classrooms.pictures import MOST_BYTES, picture_of
from classrooms.templatetags.chat import linked
from tenants.scope import every_tenant, tenant_scope
from tests.conftest import NOON

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 64, 48) + b"\x08\x02" + b"\x00" * 40
BEFORE = [("accounts", "0001_initial"), ("classrooms", "0009_leading"), ("tenants", "0005_branding")]
SINCE = [("classrooms", "0010_chat")]
SECRET = "nobody else needs to know"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": options}


@pytest.fixture
def talk(session, teacher, student, classmate):
    """A class that is over: three people wrote, one of them was a guest from another course."""
    with tenant_scope(session.tenant):
        session.entry, session.state = "school", "ended"
        session.save()
        members = (("t", teacher), ("s", student), ("c", classmate))
        who = {
            key: Participant.objects.create(session=session, membership=each.member, name=each.member.name)
            for key, each in members
        }

        def said(number, by, text, **more):
            at = NOON + timedelta(minutes=number)
            rest = {"key": str(number), "text": text, "said_at": at}
            return ChatMessage.objects.create(session=session, number=number, by=who[by], **rest, **more)

        first = said(1, "s", "what is\nanaphase?")
        ChatReaction.objects.create(message=first, by=who["t"], emoji="👍")
        said(2, "t", "=cmd|' /C calc'!A0", reply_to=first)
        said(3, "t", SECRET, to=who["s"])
        said(4, "c", "", deleted="teacher")
        said(5, "c", "<script>alert(1)</script> https://example.org", edited_at=NOON)
    return session


def chat(person, session, kind):
    return person.get(f"/c/{session.public_id}/chat.{kind}")


def test_a_short_talk_is_shown_whole_and_a_long_one_in_a_box_that_scrolls(talk, teacher):
    page = teacher.get(talk.get_absolute_url()).content.decode()
    assert 'class="said"' in page
    with tenant_scope(talk.tenant):
        by = talk.participants.get(membership=teacher.member)
        for number in range(6, 30):
            rest = {"key": f"k{number}", "text": "yes", "said_at": NOON}
            ChatMessage.objects.create(session=talk, number=number, by=by, **rest)
    page = teacher.get(talk.get_absolute_url()).content.decode()
    assert 'class="said said--long" tabindex="0"' in page


@pytest.mark.parametrize("kind", ["txt", "csv", "json"])
def test_everybody_takes_away_what_they_may_read_and_no_more(talk, teacher, student, classmate, admin, kind):
    for who, sees in ((teacher, True), (student, True), (classmate, False), (admin, False)):
        answer = chat(who, talk, kind)
        words = answer.content.decode()
        assert answer.status_code == 200
        assert "anaphase" in words
        assert (SECRET in words) is sees
        assert answer["Content-Disposition"].startswith("attachment; filename=")
        assert "no-store" in answer["Cache-Control"]


def test_as_text_it_reads_like_a_talk(talk, student):
    assert chat(student, talk, "txt").content.decode().splitlines() == [
        "[2026-11-25 13:01] Sue Student: what is",
        "    anaphase?",
        "[2026-11-25 13:02] Tom Teacher: =cmd|' /C calc'!A0",
        f"[2026-11-25 13:03] Tom Teacher to Sue Student only: {SECRET}",
        "[2026-11-25 13:05] Cal Classmate: <script>alert(1)</script> https://example.org (edited)",
    ]


def test_what_a_guest_wrote_is_read_and_taken_away_as_a_guests(talk, teacher, student):
    with tenant_scope(talk.tenant):
        link = GuestLink.objects.create(course=talk.course, name="Parents", made_at=NOON, expires_at=NOON)
        gwen = Participant.objects.create(session=talk, guest_link=link, name="Gwen", role="guest")
        rest = {"session": talk, "key": "g", "said_at": NOON + timedelta(minutes=6)}
        ChatMessage.objects.create(number=6, by=gwen, text="Hello from a parent", **rest)
        answer = Participant.objects.get(membership=teacher.member, session=talk)
        ChatMessage.objects.create(number=7, by=answer, to=gwen, text="Welcome", **rest)
    page = teacher.get(talk.get_absolute_url())
    assert "Hello from a parent" in page.content.decode()
    assert "Welcome" not in student.get(talk.get_absolute_url()).content.decode()
    assert "Gwen (guest): Hello from a parent" in chat(student, talk, "txt").content.decode()
    assert "Gwen (guest)" in chat(teacher, talk, "csv").content.decode()
    assert chat(teacher, talk, "json").json()["messages"][-1]["text"] == "Welcome"


def test_as_a_table_it_holds_no_formula(talk, student):
    rows = list(csv.reader(io.StringIO(chat(student, talk, "csv").content.decode("utf-8-sig"))))
    assert rows[0] == ["Time", "Name", "To", "Message", "Files", "Reactions"]
    assert rows[1][1:] == ["Sue Student", "Everyone", "what is\nanaphase?", "", "👍 1"]
    assert rows[2][3] == "'=cmd|' /C calc'!A0"
    assert rows[3][2] == "Sue Student"


def test_as_data_it_is_in_the_words_of_the_socket(talk, teacher):
    told = json.loads(chat(teacher, talk, "json").content)
    assert (told["id"], told["class"]) == (talk.public_id, "Cell division")
    first, second, *_ = told["messages"]
    assert first["reactions"] == [{"emoji": "👍", "count": 1, "names": ["Tom Teacher"], "mine": True}]
    assert second["reply"]["text"] == "what is\nanaphase?"
    assert "key" not in first


def test_the_class_page_shows_it_afterwards(talk, student, classmate):
    page = student.get(talk.get_absolute_url()).content.decode()
    assert "anaphase" in page
    assert SECRET in page
    assert "Only to you" in page
    assert "<script>alert" not in page
    assert f"/c/{talk.public_id}/chat.csv" in page
    assert SECRET not in classmate.get(talk.get_absolute_url()).content.decode()


def test_addresses_are_links_afterwards_too(talk, student):
    page = student.get(talk.get_absolute_url()).content.decode()
    assert '<a href="https://example.org" target="_blank" rel="noopener noreferrer nofollow">' in page
    assert "👍 1" in page


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://example.org/a?b=c&d, now", "https://example.org/a?b=c&amp;d"),
        ("(HTTP://example.org:8080/x#y).", "HTTP://example.org:8080/x#y"),
        ("http://example.org", "http://example.org"),
        ("https://example.org?q=1!", "https://example.org?q=1"),
        ("a\nhttps://example.org\nb", "https://example.org"),
        ("https://example.org/\u202egpj", "https://example.org/"),
        ('https://example.org/"onmouseover="alert(1)', "https://example.org/"),
        ("https://example.org/<script>", "https://example.org/"),
    ],
)
def test_an_address_is_a_link(text, address):
    [found] = re.findall(r'href="([^"]*)"', linked(text))
    assert found == address
    assert re.sub(r"<[^>]*>", "", linked(text)) == escape(text)


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "https://bank.example@evil.example/x",
        "https://evil.example\\@bank.example/",
        "https://bänk.example/",
        "http://",
    ],
)
def test_what_hides_where_it_leads_stays_text(text):
    assert linked(text) == escape(text)


def test_a_class_where_nobody_wrote_shows_no_chat(session, student):
    assert "chat.csv" not in student.get(session.get_absolute_url()).content.decode()


def test_others_find_nothing(talk, outsider, client, student):
    for kind in ("txt", "csv", "json"):
        assert chat(outsider, talk, kind).status_code == 404
    assert chat(student, talk, "exe").status_code == 404
    assert client.get(f"/c/{talk.public_id}/chat.txt", HTTP_HOST="demo.localhost").status_code == 302


# ── pictures ─────────────────────────────────────────────────────────────────────────────────────


def upload(person, session, content, name="leaf.png", kind="image/png"):
    path = f"/api/v1/sessions/{session.public_id}/materials/"
    return person.post(path, {"file": SimpleUploadedFile(name, content, kind)}).json()


def shown(person, session, material):
    return person.get(f"/c/{session.public_id}/materials/{material['id']}/picture/")


def test_a_picture_is_shown_from_our_own_address_and_runs_nothing(session, student, teacher):
    added = upload(student, session, PNG)
    assert added["picture"] == {"width": 64, "height": 48}
    answer = shown(teacher, session, added)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"<svg onload='alert(1)'/>", "leaf.svg", "image/svg+xml"),
        (b"<html><script>alert(1)</script>", "leaf.png", "image/png"),
        (b"%PDF-1.7", "leaf.pdf", "application/pdf"),
        (b"", "leaf.png", "image/png"),
    ],
)
def test_what_only_says_that_it_is_a_picture_is_not_shown(session, student, content, name, kind):
    added = upload(student, session, content, name, kind)
    assert added["picture"] is None
    assert shown(student, session, added).status_code == 404


def test_a_picture_is_shown_to_nobody_else(session, student, outsider, classmate, client):
    added = upload(student, session, PNG)
    assert shown(outsider, session, added).status_code == 404
    assert shown(classmate, session, added).status_code == 404
    path = f"/c/{session.public_id}/materials/{added['id']}/picture/"
    assert client.get(path, HTTP_HOST="demo.localhost").status_code == 302


GIF = b"GIF89a" + struct.pack("<HH", 30, 20)
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2\x00\x0b\x08" + struct.pack(">HH", 20, 30) + b"\x03"
VP8X = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + b"\x1d\x00\x00\x13\x00\x00"
VP8L = b"RIFF\x00\x00\x00\x00WEBPVP8L\x0a\x00\x00\x00\x2f" + struct.pack("<I", 29 | 19 << 14)
VP8 = b"RIFF\x00\x00\x00\x00WEBPVP8 \x0a\x00\x00\x00\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 30, 20)


@pytest.mark.parametrize(
    ("head", "kind"),
    [(GIF, "gif"), (JPEG, "jpeg"), (VP8X, "webp"), (VP8L, "webp"), (VP8, "webp")],
)
def test_pictures_are_told_by_their_first_bytes(head, kind):
    found = picture_of(head, len(head))
    assert (found.kind, found.width, found.height) == (f"image/{kind}", 30, 20)
    assert all(picture_of(head[:end], end) is None for end in range(len(head) - 4))


@pytest.mark.parametrize("head", [b"", b"\xff\xd8\xff", b"\xff\xd8\xff" + b"\xff" * 40, b"GIF89a", PNG[:20]])
def test_what_is_cut_or_nonsense_is_no_picture(head):
    assert picture_of(head, len(head)) is None


def test_a_picture_that_is_too_much_for_a_page_is_a_file():
    bomb = PNG[:16] + struct.pack(">II", 60_000, 60_000)
    assert picture_of(bomb, len(bomb)) is None
    assert picture_of(PNG, MOST_BYTES + 1) is None


@pytest.fixture
def migrate(transactional_db):
    """To another state of the tables, whose models it returns; afterwards they are as they were."""

    def migrate(targets):
        executor = MigrationExecutor(connection)
        executor.migrate(targets)
        return executor.loader.project_state(targets).apps

    with every_tenant():
        yield migrate
        migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


def test_the_migration_moves_what_was_said_and_back(migrate):
    old = migrate(BEFORE)
    made = old_class(old)
    new = migrate(SINCE)
    moved = new.get_model("classrooms", "ChatMessage").objects.get(session_id=made)
    assert (moved.number, moved.text, moved.key) == (3, "before", "k")
    event = new.get_model("classrooms", "SessionEvent").objects.get(session_id=made)
    assert event.payload == {"message": 3}
    migrate(BEFORE)
    event = old.get_model("classrooms", "SessionEvent").objects.get(session_id=made)
    assert event.payload["message"]["text"] == "before"


def old_class(apps):
    """A class in which one message was said, in the tables of before."""
    tenant = apps.get_model("tenants", "Tenant").objects.create(slug="old", name="Old")
    user = apps.get_model("accounts", "User").objects.create(email="a@old.test", name="A")
    member = apps.get_model("accounts", "Membership").objects.create(tenant=tenant, user=user, role="teacher")
    course = apps.get_model("classrooms", "Course").objects.create(tenant=tenant, title="C")
    session = apps.get_model("classrooms", "ClassSession").objects.create(
        tenant=tenant,
        course=course,
        title="T",
        teacher=member,
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=1),
    )
    person = apps.get_model("classrooms", "Participant").objects.create(
        tenant=tenant, session=session, membership=member, name="A"
    )
    told = {"id": 3, "key": "k", "participant": person.public_id, "name": "A", "role": "student", "hue": 1}
    apps.get_model("classrooms", "SessionEvent").objects.create(
        tenant=tenant,
        session=session,
        seq=3,
        type="said",
        payload={"message": told | {"text": "before", "at": "2026-11-25T12:00:00Z"}},
        at=NOON,
        by=person,
        key="k",
    )
    return session.pk


def test_nothing_of_a_class_outlives_it(talk):
    with tenant_scope(talk.tenant):
        talk.delete()
        assert not ChatMessage.objects.exists()
        assert not Material.objects.exists()
