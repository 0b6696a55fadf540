"""The chat of three people in real browsers: to all, to one, pictures, answers, changes, and afterwards."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.journeys.aula import Aula
from tests.journeys.steps import end_for_everyone, enter, open_chat, open_class, say

pytestmark = pytest.mark.journey
KEEP_SOCKETS = """
globalThis.sockets = [];
globalThis.WebSocket = class extends WebSocket {
  constructor(...parts) {
    super(...parts);
    if (this.url.includes("/ws/sessions/")) sockets.push(this);
  }
};
"""
MATERIALS = """
fetch(`/api/v1/sessions/${location.pathname.split("/")[2]}/materials/`)
  .then((answer) => answer.json()).then(({ results }) => results)
"""
SECRET = "I did not sleep well"


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x90" * width) * height
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def line(page: Page, words: str) -> object:
    return page.get_by_role("log").get_by_role("article").filter(has_text=words)


def choose(page: Page, words: str, action: str) -> None:
    found = line(page, words)
    found.hover()
    found.get_by_role("button", name="reply, react and more").click()
    page.get_by_role("menuitem", name=action, exact=True).or_(
        page.get_by_role("menuitemcheckbox", name=action, exact=True)
    ).click()


@pytest.mark.complains("ERR_INTERNET_DISCONNECTED")
def test_three_people_write(aula: Aula, signed_in: Callable[..., Page], tmp_path: Path) -> None:
    teacher = signed_in("teacher@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student, third = signed_in("student@demo.test", script=KEEP_SOCKETS), signed_in("birch@demo.test")
    for page in (student, third):
        page.goto(aula.url(path))
        enter(page, "Join class")
    for page in (teacher, student, third):
        open_chat(page)

    # To one person: the third learns nothing, not even by coming anew.
    student.get_by_label("Who reads this message").select_option(label="The teacher only")
    student.locator("#chat-field").fill(SECRET)
    student.locator("#chat-field").press("Enter")
    expect(line(teacher, SECRET)).to_contain_text("Only to you")
    choose(teacher, SECRET, "Reply")
    teacher.locator("#chat-field").fill("Take your time")
    teacher.locator("#chat-field").press("Enter")
    expect(line(student, "Take your time")).to_contain_text(SECRET)  # quoted

    # To everyone, with a picture.
    student.get_by_label("Who reads this message").select_option(label="Everyone")
    picture = tmp_path / "leaf.png"
    picture.write_bytes(png(320, 200))
    with student.expect_file_chooser() as choosing:
        student.get_by_role("button", name="Add files").click()
    choosing.value.set_files(picture)
    expect(student.get_by_role("list", name="Files of this message")).to_contain_text("leaf.png")
    say(third, "Nothing came yet")
    expect(line(teacher, "Nothing came yet")).to_be_visible()  # a file added before would be told by now
    for page in (teacher, third):
        expect(page.get_by_text("added a file")).to_have_count(0)
        assert page.evaluate(MATERIALS) == []
    say(student, "Is this a chloroplast?")
    for page in (teacher, third):
        shown = line(page, "Is this a chloroplast?").locator("img")
        expect(shown).to_have_js_property("naturalWidth", 320)
    assert SECRET not in third.content()

    # Reactions, and a change.
    choose(third, "Is this a chloroplast?", "Thumbs up")
    expect(line(student, "Is this a chloroplast?").get_by_role("button", name="Thumbs up, 1")).to_be_visible()
    student.locator("#chat-field").press("ArrowUp")
    student.get_by_label("Edit your message").fill("Is this a chloroplast or a cell?")
    student.get_by_label("Edit your message").press("Enter")
    expect(line(third, "or a cell?")).to_contain_text("(edited)")

    # The line is cut amid it: what was written arrives once.
    student.context.set_offline(True)  # new connections fail; those that are up are closed here
    student.evaluate("sockets.forEach(each => each.close())")
    expect(student.get_by_text("Reconnecting…")).to_be_visible()
    say(third, "While you were away")
    say(student, "Written without a line")
    expect(line(student, "Written without a line")).to_contain_text("Waits for the connection")
    student.context.set_offline(False)
    expect(line(student, "While you were away")).to_have_count(1, timeout=30_000)
    expect(line(teacher, "Written without a line")).to_have_count(1, timeout=30_000)

    # The teacher takes something back; everybody sees that, and nobody what it was.
    choose(teacher, "While you were away", "Delete")
    teacher.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(third.get_by_role("log")).to_contain_text("Message deleted by the teacher")

    # React: on the tile of the others, for some seconds.
    student.get_by_role("button", name="React", exact=True).click()
    student.get_by_role("menuitem", name="Applause").click()
    expect(teacher.locator(".tile__reaction")).to_be_visible()
    expect(teacher.locator(".tile__reaction")).to_have_count(0, timeout=15_000)

    end_for_everyone(teacher)
    expect(student.get_by_role("heading", name="Class is over")).to_be_visible()
    for page, sees in ((student, True), (third, False)):
        page.goto(aula.url(path))
        written = page.get_by_role("region", name="What was written")
        expect(written).to_contain_text("or a cell?")
        assert (SECRET in page.content()) is sees
        saved = page.evaluate("fetch('chat.txt').then(answer => answer.text())")
        assert (SECRET in saved) is sees
        assert "While you were away" not in saved
        assert not faults(page)
