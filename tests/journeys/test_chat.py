"""The chat of three people in real browsers: to all, to one, pictures, answers, changes, and afterwards."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.journeys.aula import Aula
from tests.journeys.media import slow_uploads, wait_for_progress
from tests.journeys.steps import DESKTOP, PHONE, end_for_everyone, enter, open_chat, open_class, say
from tests.journeys.test_files import make

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
HOVERS = "matchMedia('(hover: hover)').matches"


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
    if page.evaluate(HOVERS):
        found.hover()
    found.get_by_role("button", name="reply, react and more").click()
    page.get_by_role("menuitem", name=action, exact=True).or_(
        page.get_by_role("menuitemcheckbox", name=action, exact=True)
    ).click()


def react(page: Page, word: str) -> None:
    """To the class: from a button of the bar, on a phone from its menu."""
    button = page.get_by_role("button", name="React", exact=True)
    button.or_(page.get_by_role("button", name="More", exact=True)).first.click()
    page.get_by_role("menuitem", name=word).click()


@pytest.mark.complains("ERR_INTERNET_DISCONNECTED")
@pytest.mark.parametrize(
    ("lead", "learn"), [(DESKTOP, PHONE), (PHONE, DESKTOP)], ids=["teacher at a desk", "teacher on a phone"]
)
def test_three_people_write(
    aula: Aula,
    signed_in: Callable[..., Page],
    tmp_path: Path,
    lead: dict[str, object],
    learn: dict[str, object],
) -> None:
    teacher = signed_in("teacher@demo.test", **lead)
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student = signed_in("student@demo.test", script=KEEP_SOCKETS, **learn)
    third = signed_in("birch@demo.test", **lead)
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

    # A file over a slow line tells how far it is.
    with student.expect_file_chooser() as choosing:
        student.get_by_role("button", name="Add files").click()
    choosing.value.set_files(make(tmp_path, "film.bin", 4_000_000))
    with slow_uploads(student, 40_000):
        say(student, "And here is how it moves")
        slow = line(student, "And here is how it moves")
        wait_for_progress(slow.get_by_role("progressbar"))
        expect(slow).to_contain_text(re.compile(r"[1-9]\d? %"))
    expect(line(third, "And here is how it moves").get_by_role("link", name="film.bin")).to_be_visible()

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
    react(student, "Applause")
    expect(teacher.locator(".tile__reaction")).to_be_visible()
    expect(teacher.locator(".tile__reaction")).to_have_count(0, timeout=15_000)

    # An address leads away without telling where from; one that poses as another is seen through.
    say(
        teacher,
        f"See {aula.url('/sign-in/', 'other')}, not https://demo.test@evil.example or javascript:alert(1)",
    )
    links = line(third, "See http").get_by_role("link")
    expect(links).to_have_count(2)
    expect(line(third, "See http")).to_contain_text("(evil.example)")
    with third.context.expect_page() as opened:
        links.first.click()
    opened.value.wait_for_load_state()
    assert opened.value.evaluate("[opener, document.referrer]") == [None, ""]
    opened.value.close()

    # What was said is found again, and saved.
    student.get_by_label("Search messages").fill("CHLOROPLAST")
    expect(student.get_by_text("1 message found")).to_be_visible()
    student.get_by_role("button", name="Show the message of Ash Summers in its place").click()
    expect(line(student, "or a cell?")).to_be_focused()
    for page, sees in ((student, True), (third, False)):
        page.get_by_role("button", name="Save chat").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name="As text (TXT)").click()
        assert download.value.suggested_filename.endswith(".txt")
        saved = Path(download.value.path()).read_text("utf-8")
        assert "or a cell?" in saved
        assert (SECRET in saved) is sees
        assert "While you were away" not in saved

    end_for_everyone(teacher)
    expect(student.get_by_role("heading", name="Class is over")).to_be_visible()
    for page, sees in ((student, True), (third, False)):
        page.goto(aula.url(path))
        written = page.get_by_role("region", name="What was written")
        expect(written).to_contain_text("or a cell?")
        assert (SECRET in page.content()) is sees
        with page.expect_download() as download:
            page.get_by_role("link", name="text (TXT)").click()
        assert (SECRET in Path(download.value.path()).read_text("utf-8")) is sees
        assert not faults(page)
