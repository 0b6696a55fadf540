"""How somebody is heard and seen: echo test, original sound, another background; real sound and pictures."""

from __future__ import annotations

import struct
import wave
import zlib
from collections.abc import Callable, Iterator
from math import pi, sin
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Playwright, expect

from tests.accessible import faults
from tests.journeys.aula import PASSWORD, Aula
from tests.journeys.conftest import DEVICES, QUIET
from tests.journeys.media import until
from tests.journeys.steps import enter, open_class

pytestmark = [pytest.mark.journey, pytest.mark.alone]
RATE = 48_000

READ = (Path(__file__).parent / "effects.js").read_text()
ASH = ".tile[aria-label^='Ash Summers'] video"
OWN = ".preview video"
LEVEL = "Number(document.querySelector('[role=meter]')?.getAttribute('aria-valuenow'))"


def until_red(page: Page, video: str) -> None:
    until(page, f"testColour({video!r})", lambda c: bool(c) and c[0] > 150 and c[1] < 90)


def until_green(page: Page, video: str) -> None:
    """As the browser's own test picture is."""
    until(page, f"testColour({video!r})", lambda c: bool(c) and c[1] > c[0])


def heard_in_two(voices: list[Any]) -> bool:
    """A low tone at the left, a high one at the right."""
    return any(
        left["low"] > left["high"] + 20 and right["high"] > right["low"] + 20 for left, right in voices
    )


def one_colour(red: int, green: int, blue: int) -> FilePayload:
    """A picture of 64 by 36 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = (b"\0" + bytes((red, green, blue)) * 64) * 36
    head = struct.pack(">IIBBBBB", 64, 36, 8, 2, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
    return {"name": "wall.png", "mimeType": "image/png", "buffer": data}


def fetched(page: Page) -> list[str]:
    return page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")


def heavy(page: Page) -> list[str]:
    """What is only for those who change how they are heard or seen."""
    parts = ("segmentation", "rnnoise", "worklet", "background/background.js", "strong.js")
    return [name for name in fetched(page) if any(part in name for part in parts)]


def go_through_the_server(teacher: Page) -> None:
    """Nobody who is held to less than everything is called directly."""
    teacher.get_by_role("button", name="More").click()
    teacher.get_by_role("menuitem", name="Class rules").click()
    teacher.get_by_role("switch", name="Share their screen").click()
    teacher.get_by_role("button", name="Done").click()
    expect(teacher.get_by_role("button", name="Connection: through the class server")).to_be_visible()


def choose_own(page: Page) -> None:
    page.get_by_role("button", name="Background", exact=True).click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add your own picture").click()
    chooser.value.set_files(one_colour(220, 20, 20))
    expect(page.get_by_text("The background is on.")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()


def test_ones_own_background_is_what_others_see_directly_and_through_the_server(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    teacher, student = signed_in("teacher@demo.test", script=READ), signed_in("student@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student.goto(aula.url(path))
    student.get_by_role("link", name="Join class").click()
    expect(student.get_by_role("meter")).to_be_visible()
    assert heavy(student) == [], "nothing is fetched before it is wanted"
    choose_own(student)
    student.get_by_role("button", name="Join class").click()
    expect(teacher.get_by_role("button", name="Connection: directly between you two")).to_be_visible(
        timeout=25_000
    )
    until_red(teacher, ASH)
    go_through_the_server(teacher)
    until_red(teacher, ASH)

    student.keyboard.press("Control+e")
    expect(teacher.get_by_role("group", name="Ash Summers, camera off")).to_be_visible()
    student.keyboard.press("Control+e")
    until_red(teacher, ASH)
    assert teacher.complaints == student.complaints == []


@pytest.mark.complains("WebSocket connection to")
def test_a_background_is_on_again_the_next_time_before_anybody_sees_the_camera(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("student@demo.test", script=READ)
    page.goto(aula.url("/"))
    page.get_by_role("link", name="Join class").first.click()
    choose_own(page)
    page.reload()
    until_red(page, OWN)
    page.get_by_role("button", name="Background", exact=True).click()
    expect(page.get_by_role("radio", name="Your picture")).to_be_checked()
    page.get_by_role("button", name="Remove your picture").click()
    expect(page.get_by_role("radio", name="Your picture")).to_have_count(0)
    expect(page.get_by_role("radio", name="None")).to_be_checked()
    until_green(page, OWN)


def test_a_machine_that_is_too_slow_for_a_background_says_so_and_shows_the_camera(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("student@demo.test")
    page.goto(aula.url("/"))
    page.get_by_role("link", name="Join class").first.click()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 12})
    page.get_by_role("button", name="Background", exact=True).click()
    page.get_by_role("radio", name="Blur").click()
    expect(page.get_by_role("dialog").get_by_text("This device is too slow for a background.")).to_be_visible(
        timeout=60_000
    )
    expect(page.get_by_role("radio", name="None")).to_be_checked()
    assert page.evaluate("JSON.parse(localStorage['aula.devices']).effects.background") == ""


# ── sound ────────────────────────────────────────────────────────────────────


def recorded(path: Path, left: Callable[[float], float], right: Callable[[float], float]) -> Path:
    """A second of sound that a microphone gives over and over."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(
            b"".join(
                struct.pack("<hh", *(round(32_000 * each(n / RATE)) for each in (left, right)))
                for n in range(RATE)
            )
        )
    return path


def tone(hertz: float, loud: float = 0.3) -> Callable[[float], float]:
    return lambda seconds: loud * sin(2 * pi * hertz * seconds)


@pytest.fixture
def with_microphone(
    playwright_: Playwright, aula: Aula, listen: Callable[[BrowserContext], list[str]]
) -> Iterator[Callable[..., Page]]:
    """A student's page whose microphone gives what a file holds."""
    browsers: list[Browser] = []

    def with_microphone(sound: Path) -> Page:
        flags = [*QUIET, *DEVICES, f"--use-file-for-fake-audio-capture={sound}"]
        browser = playwright_.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        browsers.append(browser)
        context = browser.new_context(permissions=["camera", "microphone"])
        listen(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(aula.url("/sign-in/"))
        page.get_by_label("Email").fill("student@demo.test")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(aula.url("/"))
        return page

    yield with_microphone
    for browser in browsers:
        browser.close()


def to_prejoin(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Join class").first.click()
    expect(page.get_by_role("meter")).to_be_visible()


def test_the_echo_test_plays_what_the_microphone_heard_on_the_chosen_speaker(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("student@demo.test", script=READ)
    to_prejoin(page, aula.url("/"))
    for loud in (True, False, True):  # the browser's microphone beeps
        until(page, LEVEL, lambda level, loud=loud: (level > 20) is loud)
    page.get_by_label("Speaker").select_option(label="Fake Audio Output 1")
    chosen = page.get_by_label("Speaker").input_value()
    page.get_by_role("button", name="Echo test").focus()
    page.keyboard.press("Enter")
    status = page.get_by_role("status")
    expect(status.get_by_text("Say something.")).to_be_visible()
    expect(status.get_by_text("This is how others hear you.")).to_be_visible()
    expect(status.get_by_text("Your microphone works.")).to_be_visible()
    told = "testSounds.map(each => [each.sinkId, each.webkitAudioDecodedByteCount > 10_000, each.ended])"
    assert page.evaluate(told) == [[chosen, True, True]]
    expect(page.get_by_role("button", name="Test again")).to_be_focused()


def test_what_opens_below_the_picture_does_not_move_it_and_keys_follow_the_eye(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    page = signed_in("student@demo.test")
    to_prejoin(page, aula.url("/"))
    preview = page.locator(".preview")
    before = preview.bounding_box()
    page.get_by_role("button", name="Sound", exact=True).focus()
    for name in ("Background", "Echo test"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Say something.")).to_be_visible()
    assert preview.bounding_box() == before
    found = faults(page, "echo")
    expect(page.get_by_text("Your microphone works.")).to_be_visible()
    assert preview.bounding_box() == before
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width in (360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            found += faults(page, "prejoin")
    page.get_by_role("button", name="Sound", exact=True).click()
    found += faults(page, "sound")
    assert not found, "\n".join(found)


def test_the_echo_test_of_a_silent_microphone_says_so(
    aula: Aula, with_microphone: Callable[..., Page], tmp_path: Path
) -> None:
    page = with_microphone(recorded(tmp_path / "silence.wav", lambda _: 0, lambda _: 0))
    to_prejoin(page, aula.url("/"))
    assert page.evaluate(LEVEL) == 0
    page.get_by_role("button", name="Echo test").click()
    expect(page.get_by_text("Nothing was heard. Choose another microphone")).to_be_visible()
    page.get_by_role("button", name="Test again").click()
    page.get_by_role("button", name="Stop the test").click()
    expect(page.get_by_role("button", name="Echo test")).to_be_visible()


def test_original_sound_arrives_in_both_channels_directly_and_through_the_server(
    aula: Aula, signed_in: Callable[..., Page], with_microphone: Callable[..., Page], tmp_path: Path
) -> None:
    teacher = signed_in("teacher@demo.test", script=READ)
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student = with_microphone(recorded(tmp_path / "duet.wav", tone(500), tone(1500)))
    to_prejoin(student, aula.url(path))
    student.get_by_role("button", name="Sound", exact=True).click()
    student.get_by_role("switch", name="Original sound").click()
    expect(student.get_by_role("radio", name="Standard")).to_be_disabled()
    student.get_by_role("dialog").get_by_role("button", name="Close").click()
    student.get_by_role("button", name="Join class").click()
    expect(teacher.get_by_role("button", name="Connection: directly between you two")).to_be_visible(
        timeout=25_000
    )
    until(teacher, "testVoices()", heard_in_two)
    go_through_the_server(teacher)
    until(teacher, "testVoices()", heard_in_two)


def test_strong_suppression_takes_noise_out_that_others_would_hear(
    aula: Aula, signed_in: Callable[..., Page], with_microphone: Callable[..., Page], tmp_path: Path
) -> None:
    rough = Random(3)
    noise = [0.25 * rough.uniform(-1, 1) for _ in range(RATE)]
    wav = recorded(tmp_path / "rain.wav", lambda s: noise[int(s * RATE)], lambda s: noise[int(s * RATE)])
    teacher = signed_in("teacher@demo.test", script=READ)
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student = with_microphone(wav)
    to_prejoin(student, aula.url(path))
    student.get_by_role("button", name="Sound", exact=True).click()
    student.get_by_role("radio", name="Off").click()
    student.get_by_role("dialog").get_by_role("button", name="Close").click()
    assert heavy(student) == []
    student.get_by_role("button", name="Join class").click()
    loudest = "Math.max(0, ...testVoices().map(([left]) => left.all))"
    until(teacher, loudest, lambda loud: loud > 0.02)
    student.get_by_role("button", name="Microphone and speaker").click()
    student.get_by_role("menuitem", name="Sound settings").click()
    student.get_by_role("radio", name="Strong").click()
    until(teacher, loudest, lambda loud: 0 < loud < 0.004)
