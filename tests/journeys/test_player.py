"""A recording is watched in Chromium: who is large, captions, chapters, small pictures, keys, phones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.accessible import faults, keep
from tests.journeys.aula import Aula
from tests.journeys.made import COLOURS, LASTS, STEP, make_recording
from tests.journeys.steps import end_for_everyone, say
from tests.journeys.test_recording import choose, ready, record, two

pytestmark = pytest.mark.journey
__all__ = ["two"]  # a fixture
VTT = """WEBVTT

00:02.000 --> 00:05.000
<v Martin Ames>Look at the <i>spindle</i>.

00:13.000 --> 00:16.000
Why do they lie there?
"""
LARGE = """() => {
  const video = document.querySelector(".player__picture--main video");
  if (!video || video.readyState < 2 || video.seeking) return "";
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.drawImage(video, 0, 0, 1, 1);
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  return { [red]: "red", [green]: "green", [blue]: "blue" }[Math.max(red, green, blue)];
}"""

SLOW_ANSWERS = """() => {
  const fetch = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await fetch(...asked);
    await new Promise((done) => setTimeout(done, 500));
    return answer;
  };
}"""


@pytest.fixture(scope="module")
def made(aula: Aula, tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_recording(aula, tmp_path_factory.mktemp("films"))


@pytest.fixture
def watch(aula: Aula, made: str, signed_in: Callable[..., Page]) -> Callable[..., Page]:
    """The player at a moment, for somebody."""

    def watch(who: str = "student", at: float = 0, **options: object) -> Page:
        page = signed_in(f"{who}@demo.test", bypass_csp=False, **options)
        page.goto(aula.url(f"{made}?t={at}"))
        expect(page.get_by_role("slider", name="Position")).to_be_visible()
        expect(page.locator(".skeleton")).to_have_count(0)
        return page

    return watch


def large(page: Page, who: str) -> None:
    page.wait_for_function(f"() => ({LARGE})() === '{COLOURS[who]}'")


def seek(page: Page, at: float) -> None:
    page.get_by_role("slider", name="Position").fill(str(at))


def at(page: Page) -> float:
    return float(page.get_by_role("slider", name="Position").input_value())


def expect_at(page: Page, time: str) -> None:
    expect(page.locator(".player__time")).to_have_text(f"{time} of 0:{LASTS}")


def beside(page: Page) -> list[str]:
    """Names of the small pictures, from the left."""
    seats = """all => all.toSorted((a, b) => a.getBoundingClientRect().x - b.getBoundingClientRect().x)
        .map(each => each.querySelector("figcaption").textContent)"""
    return page.locator(".player__picture--beside").evaluate_all(seats)


def test_who_speaks_is_large_and_a_shared_screen_before_all(watch):
    page = watch(at=3)
    large(page, "teacher")
    assert beside(page) == ["Ash Summers"]
    expect(page.locator(".player__picture--speaks .plate")).to_contain_text("Martin Ames")
    expect(page.locator(".player__picture--speaks .bars")).to_be_visible()
    seek(page, 12)
    large(page, "student")
    assert beside(page) == ["Martin Ames"]
    expect(page.locator(".player__picture--speaks .plate")).to_contain_text("Ash Summers")
    seek(page, 19)  # silence: the floor is still the student's
    large(page, "student")
    expect(page.locator(".player__picture--speaks")).to_have_count(0)
    seek(page, 24)
    large(page, "screen")
    assert beside(page) == ["Martin Ames", "Ash Summers"]
    assert not page.complaints


def test_the_stage_keeps_its_size_whoever_is_large(watch):
    page = watch(at=3)
    size = page.locator(".player__stage").bounding_box()
    for moment in (12, 19, 24):
        seek(page, moment)
        page.wait_for_timeout(300)
        assert page.locator(".player__stage").bounding_box() == size


def test_a_pinned_picture_stays_large_until_it_is_let_go(watch):
    page = watch(at=12)
    large(page, "student")
    page.get_by_role("button", name="Show Martin Ames large").click()
    large(page, "teacher")
    seek(page, 24)
    large(page, "teacher")
    page.get_by_role("button", name="Stop showing Martin Ames large").click()
    large(page, "screen")
    seen = set()
    for _ in range(3):
        page.keyboard.press("p")
        page.wait_for_timeout(400)
        seen.add(page.evaluate(LARGE))
    assert seen == set(COLOURS.values())
    page.keyboard.press("p")
    large(page, "screen")


def bring(page: Page, text: str, language: str = "English") -> None:
    page.get_by_role("tab", name="Transcript").click()
    form = page.locator("details.player__foot")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    file = {"name": "words.vtt", "mimeType": "text/vtt", "buffer": text.encode()}
    page.get_by_label("WebVTT file").set_input_files(file)
    form.get_by_label("Language of the captions").select_option(label=language)
    page.get_by_role("button", name="Add captions").click()


def test_captions_are_brought_shown_at_their_moment_searched_and_deleted(watch):
    teacher = watch("teacher")
    bring(teacher, VTT.replace(":02.000", ":02,000"))
    expect(teacher.get_by_role("alert")).to_contain_text("Line 3: thousandths follow a full stop")
    teacher.complaints.clear()  # the browser notes the refusal
    bring(teacher, VTT)
    expect(teacher.get_by_role("button", name="Delete the captions in English")).to_be_visible()
    bring(teacher, VTT.replace("Why do they lie there?", "Warum liegen sie dort?"), "Deutsch")
    expect(teacher.get_by_role("button", name="Delete the captions in Deutsch")).to_be_visible()

    student = watch("student", at=14)
    captions = student.locator(".player__caption")
    expect(captions).to_have_count(0)
    student.keyboard.press("c")
    expect(captions).to_have_text("Why do they lie there?")
    student.get_by_label("Language of the captions").select_option(label="Deutsch")
    expect(captions).to_have_text("Warum liegen sie dort?")
    seek(student, 3)
    expect(captions).to_have_text("Martin Ames: Look at the spindle.")
    expect(captions.locator("i")).to_have_text("spindle")
    seek(student, 8)
    expect(captions).to_have_text("")
    box, picture = (student.locator(each).bounding_box() for each in (".player__captions", ".player__stage"))
    for tile in student.locator(".player__picture:visible").all():
        assert tile.bounding_box()["y"] + tile.bounding_box()["height"] <= box["y"]
    assert box["y"] + box["height"] <= picture["y"] + picture["height"]
    student.reload()  # on or off, and the language, are remembered
    seek(student, 14)
    expect(captions).to_have_text("Warum liegen sie dort?")
    student.get_by_role("tab", name="Transcript").click()
    student.get_by_label("Search what is said").fill("SPINDLE")
    expect(student.locator(".player__said")).to_have_count(1)
    student.locator(".player__said").click()
    expect_at(student, "0:02")
    expect(student.locator("details.player__foot")).to_have_count(0)  # students bring nothing
    assert not student.complaints

    for language in ("Deutsch", "English"):
        teacher.get_by_role("button", name=f"Delete the captions in {language}").click()
        expect(teacher.get_by_role("button", name=f"Delete the captions in {language}")).to_have_count(0)
    student.reload()
    expect(student.get_by_role("tab", name="Transcript")).to_have_count(0)
    assert not teacher.complaints + student.complaints


def chapters(page: Page) -> Locator:
    page.get_by_role("tab", name="Chapters").click()
    return page.get_by_role("list", name="Chapters")


def test_chapters_lead_to_their_moments_and_teachers_change_them(watch):
    teacher = watch("teacher", at=7)
    listed = chapters(teacher)
    expect(listed.locator(".player__title")).to_have_text(
        ["Beginning", "Anaphase", "1 person was lost here", "Martin Ames shares a screen"]
    )
    expect(listed.locator("[aria-current]")).to_contain_text("Beginning")
    listed.get_by_role("button", name="Anaphase 0:12").click()
    expect_at(teacher, "0:12")
    expect(listed.locator("[aria-current]")).to_contain_text("Anaphase")
    seek(teacher, 5)
    teacher.get_by_role("button", name="Add a chapter at 0:05").click()
    expect(teacher.get_by_label("Title of the chapter")).to_be_focused()
    teacher.keyboard.type("Spindel")
    teacher.keyboard.press("Enter")
    listed.get_by_role("button", name="Rename Spindel").click()
    expect(teacher.get_by_label("Title of the chapter")).to_have_value("Spindel")
    teacher.keyboard.type("The spindle")
    teacher.get_by_role("button", name="Save").click()
    expect(listed.get_by_role("button", name="The spindle 0:05")).to_be_visible()
    listed.get_by_role("button", name="Rename Martin Ames shares a screen").click()
    expect(teacher.get_by_label("Title of the chapter")).to_be_focused()
    teacher.keyboard.type("The drawing")
    teacher.keyboard.press("Enter")
    expect(listed.get_by_role("button", name="The drawing 0:22")).to_be_visible()

    student = watch("student")
    theirs = chapters(student)
    expect(theirs.locator(".player__title")).to_have_text(
        ["Beginning", "The spindle", "Anaphase", "The drawing"]
    )
    expect(student.get_by_role("button", name="Rename")).to_have_count(0)
    expect(student.get_by_role("button", name="Add a chapter")).to_have_count(0)
    teacher.evaluate(SLOW_ANSWERS)
    for title in ("The spindle", "The drawing"):  # the second is opened while the first still goes
        listed.get_by_role("button", name=f"Rename {title}").click()
        teacher.get_by_role("button", name="Delete").click()
    expect(listed.locator(".player__title")).to_have_text(
        ["Beginning", "Anaphase", "1 person was lost here", "Martin Ames shares a screen"]
    )
    assert not teacher.complaints + student.complaints


def brightness(page: Page, canvas: str) -> int:
    return page.locator(canvas).evaluate("each => each.getContext('2d').getImageData(80, 45, 1, 1).data[0]")


@pytest.mark.complains("status of 4")
def test_who_signed_out_elsewhere_is_told_so_by_player_and_form(watch):
    teacher = watch("teacher", at=5)
    teacher.context.clear_cookies()
    teacher.get_by_role("tab", name="Chapters").click()
    teacher.get_by_role("button", name="Add a chapter at 0:05").click()
    teacher.get_by_label("Title of the chapter").fill("Prophase")
    teacher.get_by_role("button", name="Save").click()
    expect(teacher.get_by_text("You are signed out.")).to_be_visible()
    expect(teacher.get_by_label("Title of the chapter")).to_have_value("Prophase")
    teacher.evaluate(
        "document.querySelectorAll('#player video').forEach(each => { each.src = '/nowhere.webm' })"
    )
    expect(teacher.get_by_role("group", name="Recording").get_by_role("alert")).to_contain_text(
        "sign in to go on"
    )
    keep(teacher, "signed out")


def test_small_pictures_stand_above_the_line_for_pointer_and_keyboard(watch):
    page = watch()
    line = page.locator(".player__line").bounding_box()
    shades = []
    for moment in (4, 12, 25):
        page.mouse.move(line["x"] + 8 + (line["width"] - 16) * moment / LASTS + 2, line["y"] + 14)
        preview = page.locator(".player__preview")
        expect(preview.locator("b")).to_have_text(f"0:{moment:02}")
        shades.append(brightness(page, ".player__preview canvas"))
    assert all(
        abs(shade - 25 * (moment // STEP)) < 20 for shade, moment in zip(shades, (4, 12, 25), strict=True)
    )
    page.mouse.move(line["x"] + 8 + (line["width"] - 16) * 12 / LASTS + 3, line["y"] + 14)
    expect(page.locator(".player__preview")).to_contain_text("Anaphase")
    page.mouse.down()
    page.mouse.up()
    page.wait_for_timeout(300)
    assert at(page) == pytest.approx(12, abs=0.01)  # the mark itself, not three pixels beside it
    page.mouse.move(5, 5)
    expect(page.locator(".player__preview")).to_have_count(0)
    page.get_by_role("slider", name="Position").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".player__preview b")).to_have_text("0:17")
    expect(page.get_by_role("slider", name="Position")).to_have_attribute(
        "aria-valuetext", f"0:17 of 0:{LASTS}, Anaphase"
    )
    assert not page.complaints


def test_every_key_does_what_the_page_says(watch):
    page = watch(at=10)
    speed = page.get_by_label("Speed")
    keys = page.keyboard
    for key, time in (
        ("ArrowRight", "0:15"),
        ("ArrowLeft", "0:10"),
        ("l", "0:20"),
        ("j", "0:10"),
        ("n", "0:12"),
        ("n", "0:22"),
        ("b", "0:12"),
        ("b", "0:00"),
        ("5", "0:15"),
        ("End", "0:29"),
        ("Home", "0:00"),
    ):
        keys.press(key)
        expect_at(page, time)
    for key, shown in ((">", "1.25"), (">", "1.5"), ("<", "1.25")):
        keys.press(key)
        expect(speed).to_have_value(shown)
    keys.press("m")
    expect(page.get_by_role("button", name="Sound on")).to_be_visible()
    assert page.evaluate("[...document.querySelectorAll('#player audio')].every(each => each.volume === 0)")
    keys.press("k")
    page.wait_for_function("() => document.querySelector('.player__picture--main video').currentTime > 1.5")
    rates = page.evaluate("[...document.querySelectorAll('#player audio')].map(each => each.playbackRate)")
    assert all(abs(rate - 1.25) < 0.1 for rate in rates)
    keys.press(" ")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    keys.press("f")
    page.wait_for_function("() => document.fullscreenElement !== null")
    expect(page.get_by_role("tab", name="Chat")).to_be_hidden()
    keys.press("f")
    page.wait_for_function("() => document.fullscreenElement === null")
    page.get_by_text("Keys", exact=True).click()
    for name in ("Space", "Home", "End", "B", "N", "C", "P", "M", "F"):
        expect(page.locator("kbd", has_text=name).first).to_be_visible()
    page.get_by_label("Single letters, signs and digits are keys too").uncheck()
    page.locator("h1").click()
    keys.press("5")
    keys.press("ArrowRight")
    page.wait_for_timeout(300)
    assert at(page) < 12  # half of it would be 15
    assert not page.complaints


OUTSIDE = """[...document.querySelectorAll('.player button, .player select, .player input, .player video')]
    .filter(each => each.checkVisibility()).filter(each => {
        const { left, right } = each.getBoundingClientRect();
        return left < -1 || right > innerWidth + 1;
    }).map(each => each.outerHTML.slice(0, 90))"""
SMALL = """[...document.querySelectorAll('.player__controls button, .player__controls select')]
    .filter(each => each.checkVisibility() && Math.min(each.offsetWidth, each.offsetHeight) < 44)
    .map(each => each.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("who", ["teacher", "student"])
def test_on_a_phone_the_stage_is_as_wide_as_the_window_and_nothing_is_cut(who, watch):
    page = watch(who, at=24, width=360, height=740, has_touch=True)
    assert page.locator(".player__stage").bounding_box()["width"] == 360
    for tab in page.get_by_role("tab").all():
        tab.click()
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(SMALL) == []
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert not page.complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme, watch):
    page = watch("teacher", at=24, color_scheme=scheme)
    page.get_by_text("Keys", exact=True).click()
    for tab in page.get_by_role("tab").all():
        tab.click()
        page.wait_for_timeout(200)
        assert not faults(page, f"player {tab.inner_text()}")


def test_a_class_is_recorded_with_its_moments_and_watched(aula, two):
    teacher, student, path = two
    record(teacher)
    student.get_by_role("button", name="OK", exact=True).click()
    teacher.wait_for_timeout(5000)
    choose(teacher, "Mark this moment")
    teacher.keyboard.type("The drawing")
    teacher.keyboard.press("Enter")
    expect(teacher.locator(".notice")).to_contain_text("Moment marked: The drawing")
    student.get_by_role("button", name="I am lost here").click()
    expect(student.locator(".notice")).to_contain_text("not who")
    expect(teacher.locator(".notice")).to_contain_text("1 person is lost just now.")
    say(teacher, "Look at the drawing")
    teacher.wait_for_timeout(3000)
    end_for_everyone(teacher)
    ready(aula, path, 4)
    for page in (student, teacher):
        page.goto(aula.url(path))
        page.get_by_role("link", name="Play recording").click()
    expect(student.get_by_role("log", name="Chat")).not_to_contain_text("Look at the drawing")
    listed = chapters(student)
    listed.get_by_role("button", name="The drawing").click()
    page_at = at(student)
    assert 2 < page_at < 12
    student.wait_for_function(f"() => document.querySelector('#player video').currentTime > {page_at - 2}")
    expect(student.get_by_text("lost here")).to_have_count(0)
    expect(chapters(teacher)).to_contain_text("1 person was lost here")
    student.get_by_role("tab", name="Chat").click()
    student.get_by_role("button", name="Play", exact=True).click()
    expect(student.get_by_role("log", name="Chat")).to_contain_text("Look at the drawing", timeout=15_000)
    assert not teacher.complaints + student.complaints
