"""The chat of the room with drawn people: to whom, answers, changes, files, search, keys, screen readers."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.js.test_room_page import TEACHER, asked, button, drawn, enter, hear  # noqa: F401

pytestmark = pytest.mark.journey
NOW = "2026-11-25T10:00:00Z"
SAYS = [[n % 3, f"line {n} {'words ' * (n % 4)}"] for n in range(12)]
FILE = {"size": 48_200, "kind": "", "by": "Teacher", "at": NOW}
PDF = FILE | {"id": "7" * 32, "name": "worksheet.pdf", "picture": None}
PICTURE = FILE | {"id": "8" * 32, "name": "leaf.png", "picture": {"width": 64, "height": 48}}
MORE = {
    "0": {"reactions": [{"emoji": "👍", "count": 2, "names": ["Ash", "Elm"], "mine": False}]},
    "1": {"reply": {"id": 1, "name": "Teacher", "text": "line 0", "deleted": False}, "edited_at": NOW},
    "2": {"files": [PDF, PICTURE], "text": ""},
    "3": {"to": {"id": "0" * 31 + "4", "name": "Maple"}},
    "4": {"text": "", "deleted": "own"},
}
TALK: dict[str, Any] = {"people": 5, "says": SAYS, "more": MORE}
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89"
    b"\0\0\0\rIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\xa75\x81\x84\0\0\0\0IEND\xaeB`\x82"
)


@pytest.fixture
def chat(drawn):  # noqa: F811
    """The room with its chat open."""

    def chat(more: dict[str, Any] | None = None, **options: Any) -> Page:
        page = drawn({**TALK, **(more or {})}, **options)
        page.route("**/picture/", lambda route: route.fulfill(body=PNG, content_type="image/png"))
        enter(page)
        button(page, "Chat").click()
        expect(page.get_by_role("log")).to_be_visible()
        return page

    return chat


def line(page: Page, number: int) -> Any:
    return page.locator(f"[data-line='{number}']")


def menu(page: Page, number: int) -> None:
    line(page, number).hover()
    line(page, number).get_by_role("button", name="reply, react and more").click()


def event(page: Page, type: str, **fields: Any) -> None:
    hear(page, {"type": type, "seq": 41, "at": NOW, **fields})


def said(number: int, **more: Any) -> dict[str, Any]:
    rest = {"text": "psst", "at": NOW, "reply": None, "files": [], "reactions": [], "edited_at": None}
    who = {"participant": "0" * 32, "name": "Teacher", "role": "teacher", "hue": 1}
    return {"id": number, "key": f"n{number}", **who, **rest, "to": None, "deleted": None, **more}


# ── to whom ──────────────────────────────────────────────────────────────────


def test_to_whom_is_always_said_and_private_looks_different(chat):
    page = chat()
    field = page.locator("#chat-field")
    expect(field).to_have_attribute("placeholder", "Message everyone")
    page.get_by_label("Who reads this message").select_option(label="The teacher only")
    expect(page.get_by_label("To the teacher only")).to_be_visible()
    expect(page.locator(".compose--private")).to_be_visible()
    clip = button(page, "Add files")
    expect(clip).to_have_attribute("aria-disabled", "true")
    clip.click(force=True)  # it says why
    expect(page.locator(".notice")).to_contain_text("Files in the chat go to everyone.")
    page.get_by_label("To the teacher only").fill("may I?")
    page.get_by_label("To the teacher only").press("Enter")
    sent = asked(page)[-1]
    assert (sent["text"], sent["to"]) == ("may I?", "0" * 32)
    expect(page.get_by_label("To the teacher only")).to_have_value("")
    expect(page.get_by_role("log")).to_contain_text("To Teacher only")


def test_where_the_school_forbids_it_a_student_finds_only_teachers(chat):
    page = chat({"privateChat": False})
    options = page.get_by_label("Who reads this message").locator("option").all_inner_texts()
    assert options == ["Everyone", "The teacher only"]
    page.get_by_role("tab", name="People").click()
    expect(page.get_by_role("button", name="privately")).to_have_count(1)


@pytest.mark.complains("The AudioContext encountered an error from the audio device")
def test_a_private_message_is_a_notice_that_leads_to_it(chat):
    page = chat()
    button(page, "Close the panel").click()
    event(page, "said", message=said(41, to={"id": "0" * 31 + "4", "name": "Maple"}))
    expect(page.locator(".notice")).to_contain_text("Private message from Teacher.")
    expect(button(page, "Chat, 1 new message")).to_be_visible()
    button(page, "Show").click()
    expect(line(page, 41)).to_contain_text("Only to you")


def test_with_the_chat_off_a_student_still_writes_to_the_teacher(chat):
    page = chat({"rules": {"chat": False}})
    expect(page.locator("#chat-field")).to_have_count(0)
    menu(page, 2)
    expect(page.get_by_role("menuitem", name="Reply", exact=True)).to_have_count(0)
    expect(page.get_by_role("menuitemcheckbox")).to_have_count(0)
    page.keyboard.press("Escape")
    button(page, "Write privately").click()
    expect(page.get_by_label("To the teacher only")).to_be_focused()
    options = page.get_by_label("Who reads this message").locator("option").all_inner_texts()
    assert "Everyone" not in options
    page.keyboard.type("may I?")
    page.keyboard.press("Enter")
    assert (asked(page)[-1]["text"], asked(page)[-1]["to"]) == ("may I?", "0" * 32)


# ── answers, changes ─────────────────────────────────────────────────────────


def test_an_answer_quotes_and_the_quote_leads_there(chat):
    page = chat()
    menu(page, 12)
    page.get_by_role("menuitem", name="Reply", exact=True).click()
    expect(page.locator("#chat-field")).to_be_focused()
    expect(page.locator(".concerns")).to_contain_text("line 11")
    page.keyboard.type("because")
    page.keyboard.press("Enter")
    assert asked(page)[-1]["reply"] == 12
    line(page, 2).get_by_role("button", name="Go to the message of Teacher").click()
    expect(line(page, 1)).to_be_focused()


def test_a_private_message_is_answered_privately(chat):
    page = chat()
    menu(page, 4)
    page.get_by_role("menuitem", name="Reply", exact=True).click()
    page.keyboard.type("yes")
    page.keyboard.press("Enter")
    assert asked(page)[-1]["to"] == "0" * 32


def test_ones_own_message_is_changed_and_taken_back(chat):
    own = said(41, participant="0" * 31 + "4", name="Maple", role="student", text="teh cell")
    page = chat()
    event(page, "said", message=own)
    page.locator("#chat-field").press("ArrowUp")
    expect(page.get_by_label("Edit your message")).to_have_value("teh cell")
    page.get_by_label("Edit your message").fill("the cell")
    page.keyboard.press("Enter")
    assert asked(page)[-1] == {"type": "edit_message", "message": 41, "text": "the cell"}
    expect(line(page, 41)).to_contain_text("Saving…")
    event(page, "message_edited", message=41, text="the cell", edited_at=NOW)
    expect(line(page, 41)).to_contain_text("(edited)")
    menu(page, 41)
    page.get_by_role("menuitem", name="Delete").click()
    expect(button(page, "Keep")).to_be_focused()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    assert asked(page)[-1] == {"type": "delete_message", "message": 41}
    event(page, "message_deleted", message=41, deleted="own")
    expect(line(page, 41)).to_contain_text("Message deleted")


def test_only_the_teacher_takes_back_what_others_wrote(chat):
    page = chat()
    menu(page, 12)
    expect(page.get_by_role("menuitem", name="Delete")).to_have_count(0)
    expect(page.get_by_role("menuitem", name="Edit")).to_have_count(0)
    page = chat(TEACHER)
    menu(page, 12)
    expect(page.get_by_role("menuitem", name="Delete")).to_be_visible()


def test_reactions_are_put_and_taken_off(chat):
    page = chat()
    first = line(page, 1).get_by_role("button", name="Thumbs up, 2")
    expect(first).to_have_attribute("aria-pressed", "false")
    expect(first).to_have_attribute("data-tip", "Ash and Elm")
    first.click()
    assert asked(page)[-1] == {"type": "react_to", "message": 1, "emoji": "👍", "on": True}
    more = {"participant": "0" * 31 + "4", "on": True, "count": 3, "names": ["Ash", "Elm", "Maple"]}
    event(page, "reacted", message=1, emoji="👍", **more)
    expect(line(page, 1).get_by_role("button", name="Thumbs up, 3")).to_have_attribute("aria-pressed", "true")


def test_reactions_to_what_goes_on_show_on_the_tile_and_go(chat):
    page = chat()
    button(page, "React").click()
    page.get_by_role("menuitem", name="Applause").click()
    assert asked(page)[-1] == {"type": "react", "emoji": "👏"}
    hear(page, {"type": "reactions", "reactions": [{"emoji": "👏", "count": 1, "by": ["0" * 32]}]})
    expect(page.locator(".tile__reaction")).to_have_text("👏")
    expect(page.locator(".tile__reaction")).to_have_count(0, timeout=8_000)


def test_on_a_phone_reactions_are_in_the_menu(chat):
    page = chat(size="390")
    button(page, "More").click()
    page.get_by_role("menuitem", name="Heart").click()
    assert asked(page)[-1] == {"type": "react", "emoji": "❤️"}


@pytest.mark.parametrize(("size", "touch"), [("360", True), ("1280", False)])
def test_the_menu_of_a_message_is_beside_its_button(chat, size, touch):
    page = chat(size=size, has_touch=touch, is_mobile=touch)
    menu(page, 10)
    box = page.get_by_role("menu").bounding_box()
    opened = line(page, 10).get_by_role("button", name="reply, react and more").bounding_box()
    gaps = (box["y"] - opened["y"] - opened["height"], opened["y"] - box["y"] - box["height"])
    assert max(gaps) == pytest.approx(4, abs=1)
    assert box["x"] - 1 <= opened["x"] <= box["x"] + box["width"]


# ── files ────────────────────────────────────────────────────────────────────


def test_files_and_pictures_are_shown_from_our_own_address(chat):
    page = chat()
    shown = line(page, 3)
    expect(shown.get_by_role("link", name="worksheet.pdf")).to_have_attribute("download", "worksheet.pdf")
    expect(shown.locator("img")).to_have_attribute("src", f"/c/0/materials/{'8' * 32}/picture/")


def choose(page: Page, *names: str) -> None:
    with page.expect_file_chooser() as choosing:
        button(page, "Add files").click()
    choosing.value.set_files([{"name": each, "mimeType": "", "buffer": b"x"} for each in names])


def hold_uploads(page: Page) -> list[Any]:
    """Requests that bring a file, each held until the test answers it; and what is taken back."""
    held: list[Any] = []
    page.route("**/api/v1/sessions/0/materials/**", lambda route: held.append(route))
    return held


def next_of(page: Page, held: list[Any]) -> Any:
    for _ in range(200):
        if held:
            return held.pop(0)
        page.wait_for_timeout(50)
    raise AssertionError("no file was sent")


def says(page: Page) -> list[Any]:
    return [each for each in asked(page) if each["type"] == "say"]


def test_a_pasted_picture_leaves_with_the_message_and_not_before(chat):
    page = chat()
    held = hold_uploads(page)
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["x"], "pasted.png", { type: "image/png" }));
            document.querySelector("#chat-field").dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    drafted = page.locator(".compose").get_by_role("list", name="Files of this message")
    expect(drafted).to_contain_text("pasted.png")
    page.locator("#chat-field").fill("look")
    page.wait_for_timeout(300)
    assert not held
    page.locator("#chat-field").press("Enter")
    expect(drafted).to_have_count(0)
    unsent = page.get_by_role("log").get_by_role("article").filter(has_text="look")
    expect(unsent.get_by_role("list", name="Files of this message")).to_contain_text("pasted.png")
    expect(unsent).to_contain_text("Sending…")
    route = next_of(page, held)
    assert not says(page)
    route.fulfill(status=201, json=PICTURE)
    expect(unsent.get_by_role("list", name="Files of this message")).to_have_count(0)
    sent = asked(page)[-1]
    assert (sent["text"], sent["files"]) == ("look", ["8" * 32])


def test_after_choosing_files_enter_sends_and_x_drops_one(chat):
    page = chat()
    held = hold_uploads(page)
    choose(page, "cells.pdf", "leaf.pdf")
    expect(page.locator("#chat-field")).to_be_focused()
    button(page, "Do not send leaf.pdf").click()
    expect(page.locator("#chat-field")).to_be_focused()
    page.keyboard.press("Enter")
    next_of(page, held).fulfill(status=201, json=PDF)
    page.wait_for_function("() => harness.asked.at(-1).type === 'say'")
    assert says(page)[-1]["files"] == ["7" * 32]


@pytest.mark.complains("507")
def test_a_file_that_is_refused_says_why_and_keeps_the_words(chat):
    page = chat()
    held = hold_uploads(page)
    choose(page, "cells.pdf")
    page.locator("#chat-field").fill("read this")
    page.locator("#chat-field").press("Enter")
    next_of(page, held).fulfill(status=507, json={"detail": "The school is full.", "mend": ""})
    unsent = page.get_by_role("log").get_by_role("article").filter(has_text="read this")
    expect(unsent).to_contain_text("The school is full.")
    expect(unsent).to_contain_text("Not sent.")
    unsent.get_by_role("button", name="Try again").click()
    next_of(page, held).fulfill(status=507, json={"detail": "Still full.", "mend": ""})
    expect(unsent).to_contain_text("Still full.")
    unsent.get_by_role("button", name="Do not send cells.pdf").click()
    page.wait_for_function("() => harness.asked.at(-1).type === 'say'")
    sent = says(page)[-1]
    assert (sent["text"], sent.get("files")) == ("read this", None)


@pytest.mark.complains("ERR_FAILED")
def test_a_line_that_is_away_is_waited_out(chat):
    page = chat()
    held = hold_uploads(page)
    choose(page, "cells.pdf")
    page.locator("#chat-field").press("Enter")
    next_of(page, held).abort()
    unsent = page.get_by_role("log").get_by_role("article").last
    expect(unsent.locator(".line__fate")).to_contain_text("Waits for the connection")
    page.evaluate("harness.open()")
    next_of(page, held).fulfill(status=201, json=PDF)
    page.wait_for_function("() => harness.asked.at(-1).type === 'say'")


def test_a_message_given_up_half_uploaded_leaves_no_file(chat):
    page = chat()
    held = hold_uploads(page)
    choose(page, "cells.pdf", "leaf.pdf")
    page.locator("#chat-field").press("Enter")
    next_of(page, held).fulfill(status=201, json=PDF)
    next_of(page, held)
    button(page, "Do not send").click()
    removed = next_of(page, held).request
    assert (removed.method, removed.url.rpartition("materials/")[2]) == ("DELETE", f"{'7' * 32}/")
    expect(page.get_by_role("list", name="Files of this message")).to_have_count(0)
    assert not says(page)


def test_a_program_is_refused_when_it_is_chosen(chat):
    page = chat()
    choose(page, "virus.exe")
    expect(page.locator(".notice")).to_contain_text("virus.exe is a program")
    expect(page.get_by_role("list", name="Files of this message")).to_have_count(0)


def test_chosen_files_and_then_one_reader_say_that_files_go_to_everyone(chat):
    page = chat({"direct": True})
    choose(page, "cells.pdf")
    page.get_by_label("Who reads this message").select_option(label="The teacher only")
    why = "Files go to everyone. To send one to Teacher alone, use People."
    expect(page.locator(".compose").get_by_role("alert")).to_have_text(why)
    button(page, "Send").click()
    assert not says(page)
    page.get_by_label("Who reads this message").select_option(label="Everyone")
    expect(page.locator(".compose").get_by_role("alert")).to_have_count(0)


# ── search, older pages ──────────────────────────────────────────────────────


def test_search_marks_what_it_finds_and_leads_there(chat):
    page = chat()
    page.get_by_label("Search messages").fill("LINE 7")
    expect(page.get_by_text("1 message found")).to_be_visible()
    expect(page.locator("mark")).to_have_text("line 7")
    page.get_by_role("button", name="in its place").click()
    expect(line(page, 8)).to_be_focused()
    page.get_by_label("Search messages").fill("nothing like that")
    expect(page.get_by_text("No message has these words.")).to_be_visible()
    page.get_by_label("Search messages").press("Escape")
    expect(page.get_by_role("toolbar", name="Class controls")).to_be_visible()
    expect(line(page, 8)).to_be_visible()


def test_older_messages_come_when_asked_for_and_leave_the_reader_where_they_are(chat):
    page = chat({"earlier": True, "says": [[0, f"line {n}"] for n in range(40)], "more": {}})
    log = page.get_by_role("log")
    log.evaluate("each => each.scrollTo(0, 0)")
    page.wait_for_timeout(100)
    before = line(page, 1).bounding_box()["y"]
    button(page, "Show earlier messages").click()
    assert asked(page)[-1] == {"type": "history", "before": 1}
    expect(log).to_have_attribute("aria-busy", "true")
    older = [said(n, text=f"older {n}", at="2026-11-25T08:00:00Z") for n in range(-30, 0)]
    hear(page, {"type": "earlier", "before": 1, "messages": older, "more": False})
    expect(line(page, -5)).to_be_attached()
    assert abs(line(page, 1).bounding_box()["y"] - before) < 60  # the button has gone, a heading may have


def test_a_quote_of_what_is_not_loaded_is_looked_for(chat):
    quoted = {"0": {"reply": {"id": -3, "name": "Teacher", "text": "long ago", "deleted": False}}}
    page = chat({"earlier": True, "more": quoted})
    page.get_by_role("button", name="Go to the message of Teacher").click()
    expect(page.get_by_role("log")).to_have_attribute("aria-busy", "true")
    assert asked(page)[-1] == {"type": "history", "before": 1}
    hear(page, {"type": "earlier", "before": 1, "messages": [said(-3, text="long ago")], "more": False})
    expect(line(page, -3)).to_be_focused()


# ── keys, screen readers ─────────────────────────────────────────────────────


def test_the_list_is_one_tab_stop_with_arrows_inside(chat):
    page = chat()
    page.get_by_label("Search messages").focus()
    page.keyboard.press("Tab")
    expect(button(page, "Save chat")).to_be_focused()
    page.keyboard.press("Tab")
    expect(line(page, 12)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(line(page, 11)).to_be_focused()
    page.keyboard.press("Home")
    expect(line(page, 1)).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitemcheckbox", name="Thumbs up")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    page.keyboard.press("Tab")


def test_a_draft_outlives_another_tab_and_a_lost_connection(chat):
    page = chat()
    page.locator("#chat-field").fill("half a tho")
    page.evaluate("harness.lose()")
    page.get_by_role("tab", name="People").click()
    page.get_by_role("tab", name="Chat").click()
    expect(page.locator("#chat-field")).to_have_value("half a tho")


def test_a_disguised_link_tells_where_it_leads(chat):
    page = chat()
    words = "https://bank.example@evil.example/x and javascript:alert(1)"
    event(page, "said", message=said(41, text=words))
    link = line(page, 41).get_by_role("link")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(line(page, 41)).to_contain_text("(evil.example)")
    expect(link).to_have_count(1)


def read(page: Page) -> None:
    expect(line(page, 12)).to_be_visible()


def open_menu(page: Page) -> None:
    menu(page, 12)


def search(page: Page) -> None:
    page.get_by_label("Search messages").fill("line")


def write_privately(page: Page) -> None:
    page.get_by_label("Who reads this message").select_option(label="The teacher only")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("doing", [read, open_menu, search, write_privately])
def test_nothing_that_axe_knows_is_wrong(chat, doing, scheme):
    page = chat(color_scheme=scheme)
    doing(page)
    assert not faults(page, doing.__name__)


@pytest.mark.parametrize("size", ["360", "768", "1280"])
def test_nothing_of_the_chat_scrolls_sideways(chat, size):
    page = chat({"says": [[0, "x" * 300], [1, "مرحبا"]], "more": {}}, size=size)
    sideways = (
        "[...document.querySelectorAll('.panel, .chat')].map(each => each.scrollWidth - each.clientWidth)"
    )
    assert max(page.evaluate(sideways)) <= 0
