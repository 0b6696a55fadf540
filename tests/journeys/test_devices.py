"""Microphones and cameras that are chosen, slow to come, unplugged, refused: all without a reload."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.journeys.aula import Aula
from tests.journeys.conftest import DEVICES, QUIET
from tests.journeys.media import PATIENCE, wait_for_sound
from tests.journeys.steps import enter, open_class

pytestmark = [pytest.mark.journey, pytest.mark.alone]
SLOW = """
const devices = navigator.mediaDevices, open = devices.getUserMedia.bind(devices);
devices.getUserMedia = async (wanted) => {
  await new Promise((go) => (window.testLetDevicesGo = go));
  return open(wanted);
};
"""
UNPLUGGING = (Path(__file__).parent / "unplugging.js").read_text()
ONE, TWO, OWN = "Fake Audio Input 1", "Fake Audio Input 2", "Fake Default Audio Input"
SENT = """testConnections.flatMap((each) => each.getSenders())
  .filter(({ track }) => track?.kind === "video").map(({ track }) => track.label)"""
SIZES = [(1280, 800), (390, 844)]
TWO_CAMERAS = "--use-fake-device-for-media-stream=device-count=2"  # and three microphones, three speakers


@pytest.fixture(scope="module")
def browser(playwright_: Playwright) -> Iterator[Browser]:
    flags = [*QUIET, *DEVICES, TWO_CAMERAS]  # the last word counts
    browser = playwright_.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
    yield browser
    browser.close()


def menu_with_devices(page: Page, name: str) -> None:
    """The menu of a button, or on a phone the one menu that has everything."""
    own = page.get_by_role("button", name=name)
    (own if own.is_visible() else page.get_by_role("button", name="More")).click()


def wait_until_sent(page: Page, camera: str) -> None:
    """Wait until the picture of that camera leaves this page."""
    until = time.monotonic() + PATIENCE
    while camera not in (sent := page.evaluate(SENT)):
        assert time.monotonic() < until, f"cameras sent: {sent}"
        page.wait_for_timeout(250)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_devices_that_were_chosen_before_and_in_the_class_are_chosen_the_next_time(
    aula: Aula, signed_in: Callable[..., Page], width: int, height: int
) -> None:
    teacher = signed_in("teacher@demo.test")
    open_class(aula, teacher)
    teacher.set_viewport_size({"width": width, "height": height})
    folded = teacher.get_by_role("button", name="Microphone, camera, speaker")

    def chosen(kind: str) -> str:
        return teacher.get_by_label(kind, exact=True).locator("option:checked")

    teacher.get_by_role("link", name="Start class").click()
    if width < 640:
        folded.click()
    teacher.get_by_label("Microphone", exact=True).select_option(ONE)
    teacher.get_by_label("Camera", exact=True).select_option("fake_device_1")
    teacher.reload()
    if width < 640:
        folded.click()
    expect(chosen("Microphone")).to_have_text(ONE)
    expect(chosen("Camera")).to_have_text("fake_device_1")

    teacher.get_by_role("button", name="Start class").click()
    wait_until_sent(teacher, "fake_device_1")
    menu_with_devices(teacher, "Microphone and speaker")
    expect(teacher.get_by_role("menuitemradio", name=ONE, checked=True)).to_be_visible()
    teacher.get_by_role("menuitemradio", name=TWO).click()
    menu_with_devices(teacher, "Choose a camera")
    teacher.get_by_role("menuitemradio", name="fake_device_0").click()
    wait_until_sent(teacher, "fake_device_0")
    teacher.reload()
    if width < 640:
        folded.click()
    expect(chosen("Microphone")).to_have_text(TWO)
    expect(chosen("Camera")).to_have_text("fake_device_0")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_microphone_that_is_unplugged_gives_way_to_the_next_and_comes_back_by_itself(
    aula: Aula, signed_in: Callable[..., Page], width: int, height: int
) -> None:
    teacher, student = signed_in("teacher@demo.test"), signed_in("student@demo.test", script=UNPLUGGING)
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student.set_viewport_size({"width": width, "height": height})
    student.goto(aula.url(path))
    enter(student, "Join class", camera=False)
    menu_with_devices(student, "Microphone and speaker")
    student.get_by_role("menuitemradio", name=TWO).click()
    wait_for_sound(teacher)

    student.evaluate("testUnplug('audioinput', '2$')")
    expect(student.locator(".notice")).to_contain_text(f"The microphone was unplugged. Now using {OWN}.")
    wait_for_sound(teacher)
    student.get_by_role("button", name="Change").click()
    expect(student.get_by_role("menuitemradio", name=OWN, checked=True)).to_be_focused()
    student.get_by_role("menuitemradio", name=ONE).click()
    expect(student.get_by_role("menu")).to_have_count(0)
    wait_for_sound(teacher)

    student.evaluate("testUnplug('audioinput', '')")
    expect(student.get_by_role("button", name="No mic")).to_be_visible()
    expect(student.locator(".notice")).to_contain_text("The microphone was unplugged.")
    expect(student.get_by_role("button", name="Change")).to_have_count(0)
    student.evaluate("testUnplug('audioinput', 'nothing')")
    expect(student.get_by_role("button", name="Mute", exact=True)).to_be_visible()
    wait_for_sound(teacher)


def test_a_refused_permission_heals_as_soon_as_it_is_given(
    aula: Aula, browser: Browser, signed_in: Callable[..., Page]
) -> None:
    teacher = signed_in("teacher@demo.test")
    open_class(aula, teacher)
    enter(teacher, "Start class")
    own = teacher.context.new_cdp_session(teacher).send("Target.getTargetInfo")["targetInfo"]
    cdp = browser.new_browser_cdp_session()

    def permit(setting: str) -> None:
        """As in the settings beside the address."""
        about = {"origin": aula.url("/").rstrip("/"), "browserContextId": own["browserContextId"]}
        for name in ("microphone", "camera"):
            cdp.send("Browser.setPermission", {"permission": {"name": name}, "setting": setting, **about})

    permit("denied")
    expect(teacher.get_by_role("button", name="Blocked")).to_have_count(2)
    teacher.get_by_role("button", name="Blocked: Microphone").click()
    mend = teacher.get_by_role("dialog", name="Your browser blocks the microphone")
    expect(mend.get_by_role("listitem")).to_have_count(3)
    permit("granted")
    expect(mend).to_have_count(0)
    expect(teacher.get_by_role("button", name="Mute", exact=True)).to_be_visible()
    expect(teacher.get_by_role("button", name="Stop video")).to_be_visible()
    wait_until_sent(teacher, "fake_device_0")
    teacher.reload()
    permit("denied")
    expect(teacher.get_by_text("Your browser blocks the microphone and the camera.")).to_be_visible()
    permit("granted")
    expect(teacher.get_by_text("Your browser blocks the microphone and the camera.")).to_have_count(0)
    expect(teacher.get_by_label("Microphone", exact=True)).to_be_enabled()


def test_muted_while_the_microphone_is_asked_for_is_muted_when_it_comes(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    teacher, student = signed_in("teacher@demo.test"), signed_in("student@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    student.add_init_script(SLOW)
    student.goto(aula.url(path))
    enter(student, "Join class")
    expect(student.get_by_role("button", name="Allow…")).to_have_count(2)
    student.keyboard.press("Control+d")
    student.keyboard.press("Control+e")
    expect(student.get_by_role("button", name="Unmute")).to_be_visible()
    student.evaluate("testLetDevicesGo()")
    expect(teacher.get_by_role("group", name="Ash Summers, muted, camera off")).to_be_visible()
    student.keyboard.press("Control+d")
    expect(student.get_by_role("button", name="Mute", exact=True)).to_be_visible()
    expect(teacher.get_by_role("group", name="Ash Summers, camera off", exact=True)).to_be_visible()
