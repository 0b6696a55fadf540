"""Files from one person in a class to another: browser to browser, whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Download, Locator, Page, expect

from tests.journeys.aula import Aula
from tests.journeys.steps import enter, open_class

pytestmark = pytest.mark.journey

STORED = """async () => {
  const found = [];
  try {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("received");
    for await (const [folder, files] of root) for await (const name of files.keys()) found.push(folder, name);
  } catch {}
  return found;
}"""
COUNT_PIECES = """() => {
  window.testReceived = 0;
  const write = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message.ask === "write") window.testReceived += message.piece.byteLength;
    return write.call(this, message, ...rest);
  };
}"""
CUT_FILES_LINE = """async () => {
  for (const each of testConnections) {
    if (each.connectionState !== "connected") continue;
    for (const stat of (await each.getStats()).values())
      if (stat.type === "data-channel" && stat.label === "files") each.close();
  }
}"""


KEEP_SAVED = """() => {
  window.testSaved = [];
  const [name, click] = [URL.createObjectURL, HTMLAnchorElement.prototype.click];
  let latest;
  URL.createObjectURL = (blob) => name.call(URL, (latest = blob));
  HTMLAnchorElement.prototype.click = function () {
    window.testSaved.push([this.download, latest]);
    click.call(this);
  };
}"""  # Firefox's protocol tells of no downloads
DRAGGED = """(name) => {
  const data = new DataTransfer();
  data.items.add(new File(["mitosis".repeat(100_000)], name, { type: "text/plain" }));
  return data;
}"""


@pytest.fixture
def two(aula: Aula, signed_in: Callable[..., Page]) -> tuple[Page, Page]:
    """Teacher and student in a class."""
    teacher, student = signed_in("teacher@demo.test"), signed_in("student@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student.goto(aula.url(path))
    enter(student, "Join class")
    return teacher, student


def make(folder: Path, name: str, size: int) -> Path:
    path = folder / name
    path.write_bytes(os.urandom(size))
    return path


def send(page: Page, to: str, *files: Path) -> None:
    """Choose files in the row of a person in the list of people."""
    if not page.get_by_role("tab", name="People").is_visible():
        page.get_by_role("toolbar", name="Class controls").get_by_role("button", name="People").click()
    page.get_by_role("tab", name="People").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=f"Send files to {to}").click()
    chooser.value.set_files(files)


def transfer(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=name)


def nothing_is_kept(page: Page) -> None:
    for _ in range(50):
        if not page.evaluate(STORED):
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate(STORED))


def open_offer(page: Page) -> None:
    page.get_by_role("button", name="Show").click()


def fills(page: Page, size: float) -> None:
    """Wait until this much of what comes or goes is written."""
    page.wait_for_function(
        "size => document.querySelector('.transfer__bar')?.value > size", arg=size, polling=20, timeout=60_000
    )


def test_a_file_reaches_the_one_it_is_for_byte_by_byte_and_nobody_else_hears_of_it(
    aula, two, signed_in, tmp_path
):
    teacher, student = two
    admin = signed_in("admin@demo.test")
    admin.goto(teacher.url.replace("/room/", "/"))
    enter(admin, "Join class")
    sent = make(tmp_path, "cells.bin", 24_000_000)
    send(teacher, "Ash Summers", sent)
    expect(transfer(teacher, "cells.bin")).to_contain_text("waits until Ash Summers accepts")
    open_offer(student)
    expect(transfer(student, "cells.bin")).to_contain_text("From Martin Ames")
    with student.expect_download() as download:
        student.get_by_role("button", name="Accept cells.bin").click()
    assert download.value.suggested_filename == "cells.bin"
    same(download.value, sent)
    expect(transfer(student, "cells.bin")).to_contain_text("saved in your downloads", timeout=30_000)
    expect(transfer(teacher, "cells.bin")).to_contain_text("arrived")
    expect(admin.get_by_text("cells.bin")).to_have_count(0)
    assert not teacher.complaints + student.complaints + admin.complaints


def same(download: Download, sent: Path) -> None:
    got = Path(download.path()).read_bytes()
    assert hashlib.sha256(got).digest() == hashlib.sha256(sent.read_bytes()).digest()


def test_several_files_go_one_after_the_other_and_a_refused_one_does_not(two, tmp_path):
    teacher, student = two
    files = [make(tmp_path, f"{n}.bin", size) for n, size in enumerate((70_000, 0, 1_200_000))]
    send(student, "Martin Ames", *files)
    open_offer(teacher)
    downloads: list[Download] = []
    teacher.on("download", lambda download: downloads.append(download))
    teacher.get_by_role("button", name="Accept 3 files").click()
    expect(transfer(teacher, "3 files")).to_contain_text("saved in your downloads", timeout=30_000)
    teacher.wait_for_timeout(500)
    got = {each.suggested_filename: Path(each.path()).read_bytes() for each in downloads}
    assert got == {path.name: path.read_bytes() for path in files}
    send(student, "Martin Ames", make(tmp_path, "cells.bin", 1_000))
    teacher.get_by_role("button", name="Refuse cells.bin").click()
    expect(transfer(student, "cells.bin")).to_contain_text("Martin Ames refused it")
    expect(transfer(teacher, "cells.bin")).to_contain_text("You refused it")


def test_a_lost_connection_goes_on_where_it_was(two, tmp_path):
    teacher, student = two
    sent = make(tmp_path, "film.bin", 48_000_000)
    send(teacher, "Ash Summers", sent)
    open_offer(student)
    student.evaluate(COUNT_PIECES)
    with student.expect_download(timeout=120_000) as download:
        student.get_by_role("button", name="Accept film.bin").click()
        fills(student, 8e6)
        teacher.evaluate(CUT_FILES_LINE)
        expect(transfer(student, "film.bin")).to_contain_text("connection lost")
    same(download.value, sent)
    assert student.evaluate("testReceived") == 48_000_000  # what was there was not sent again
    expect(transfer(teacher, "film.bin")).to_contain_text("arrived")


def test_cancelled_by_either_side_or_left_alone_it_leaves_nothing_and_says_so(two, tmp_path):
    teacher, student = two
    for name, stops, other in (("a.bin", teacher, student), ("b.bin", student, teacher)):
        send(teacher, "Ash Summers", make(tmp_path, name, 150_000_000))
        if stops is teacher:
            open_offer(student)
        student.get_by_role("button", name=f"Accept {name}").click()
        fills(student, 5e6)
        assert student.evaluate(STORED)
        stops.get_by_role("button", name=f"Cancel {name}").click()
        expect(transfer(stops, name)).to_contain_text("Cancelled")
        expect(transfer(other, name)).to_contain_text("cancelled it")
        nothing_is_kept(student)
    send(teacher, "Ash Summers", make(tmp_path, "c.bin", 150_000_000))
    student.get_by_role("button", name="Accept c.bin").click()
    fills(student, 5e6)
    student.get_by_role("button", name="Leave").click()
    student.get_by_role("heading", name="You left the class").wait_for()
    expect(transfer(teacher, "c.bin")).to_contain_text("cancelled it")
    nothing_is_kept(student)


def test_a_file_that_is_dropped_on_a_face_goes_to_that_person_in_firefox_too(aula, two, signed_in, tmp_path):
    teacher, _ = two
    fox = signed_in("birch@demo.test", firefox=True)
    fox.goto(teacher.url.replace("/room/", "/"))
    enter(fox, "Join class")
    tile = teacher.get_by_role("group", name="Birch Lindqvist").first
    data = teacher.evaluate_handle(DRAGGED, "note.txt")
    tile.dispatch_event("dragover", {"dataTransfer": data})
    expect(tile).to_have_attribute("data-drop-over", "")
    tile.dispatch_event("drop", {"dataTransfer": data})
    expect(transfer(teacher, "note.txt")).to_contain_text("To Birch Lindqvist")
    open_offer(fox)
    fox.evaluate(KEEP_SAVED)
    fox.get_by_role("button", name="Accept note.txt").click()
    expect(transfer(fox, "note.txt")).to_contain_text("saved in your downloads", timeout=30_000)
    saved = fox.evaluate("async () => [testSaved[0][0], await testSaved[0][1].text()]")
    assert saved == ["note.txt", "mitosis" * 100_000]
    sent = make(tmp_path, "back.bin", 5_000_000)
    send(fox, "Martin Ames", sent)
    with teacher.expect_download() as back:
        teacher.get_by_role("button", name="Accept back.bin").click()
    same(back.value, sent)


@pytest.mark.complains("status of 4")
def test_a_file_that_is_dropped_on_the_class_is_there_for_everyone_until_it_is_removed(two):
    teacher, student = two
    stage = teacher.get_by_role("main")
    data = teacher.evaluate_handle(DRAGGED, "summary.txt")
    stage.dispatch_event("dragover", {"dataTransfer": data})
    expect(teacher.locator(".room")).to_have_attribute("data-drop-over", "")
    stage.dispatch_event("drop", {"dataTransfer": data})
    student.get_by_role("button", name="Show").click()
    with student.expect_download() as download:
        student.get_by_role("link", name="Download summary.txt").click()
    assert Path(download.value.path()).read_text() == "mitosis" * 100_000
    expect(student.get_by_role("button", name="Remove summary.txt")).to_have_count(0)
    student.reload()
    student.get_by_role("button", name="Join class").click()
    student.get_by_role("toolbar").get_by_role("button", name="Chat").click()
    student.get_by_role("tab", name="Files").click()
    expect(transfer(student, "summary.txt")).to_contain_text("Martin Ames")
    teacher.get_by_role("button", name="Remove summary.txt").click()
    teacher.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(student.get_by_text("No files yet")).to_be_visible()
    program = teacher.evaluate_handle(DRAGGED, "game.exe")
    stage.dispatch_event("drop", {"dataTransfer": program})
    expect(transfer(teacher, "game.exe")).to_contain_text("Put it into a zip file")
    assert not student.complaints
