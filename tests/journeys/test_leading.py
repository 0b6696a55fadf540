"""A teacher leads a class of three in real browsers: mutes, asks, rules, the lock, removing, handing on."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.aula import Aula
from tests.journeys.conftest import SLIDES
from tests.journeys.media import pictures, wait_for_pictures, wait_for_sound
from tests.journeys.steps import DESKTOP, PHONE, enter, open_class, say
from tests.journeys.stock_client import StockClient
from tests.journeys.test_stock_client import classroom_socket, join

pytestmark = pytest.mark.journey
ASH, BIRCH = "Ash Summers", "Birch Lindqvist"  # the demo school's students
BOTH_SHAPES = pytest.mark.parametrize(
    "three",
    [(DESKTOP, PHONE, DESKTOP), (PHONE, DESKTOP, PHONE)],
    indirect=True,
    ids=["teacher at a desk", "teacher on a phone"],
)
SOUND = "testInbound().then(all => all.filter(s => s.kind === 'audio').map(s => s.totalAudioEnergy ?? 0))"


@pytest.fixture
def three(
    aula: Aula, signed_in: Callable[..., Page], request: pytest.FixtureRequest
) -> tuple[Page, Page, Page, str]:
    """A teacher and two students in a class, each at a screen of the given shape; its path."""
    shapes = getattr(request, "param", (DESKTOP, DESKTOP, DESKTOP))
    teacher, *others = (
        signed_in(f"{name}@demo.test", **shape)
        for name, shape in zip(("teacher", "student", "birch"), shapes, strict=True)
    )
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    for page in others:
        page.goto(aula.url(path))
        enter(page, "Join class")
    return teacher, others[0], others[1], path


def people(page: Page):
    region = page.get_by_role("region", name="People")
    if not region.is_visible():
        page.get_by_role("toolbar").get_by_role("button", name="People").click()
    return region


def do(teacher: Page, name: str, what: str) -> None:
    """Choose from somebody's menu in People."""
    people(teacher).get_by_role("button", name=f"Actions for {name}").click()
    teacher.get_by_role("menuitem", name=what, exact=True).click()


def choose_for_all(teacher: Page, what: str) -> None:
    """Choose from the bar's menu what is for the whole class."""
    teacher.get_by_role("button", name="More", exact=True).click()
    teacher.get_by_role("menuitem", name=what).click()


SCHOOL_IS_HEARD = 45_000  # ms: what a school chooses comes with the next sign of life


def set_rule(teacher: Page, *rules: str) -> None:
    choose_for_all(teacher, "Class rules")
    for rule in rules:
        teacher.get_by_role("switch", name=rule).click()
    teacher.get_by_role("button", name="Done").click()


def quiet(page: Page, within: float = 3.0) -> bool:
    """Whether no voice at all is heard any more."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        before = page.evaluate(SOUND)
        page.wait_for_timeout(500)
        if all(abs(a - b) < 1e-6 for a, b in zip(before, page.evaluate(SOUND), strict=False)):
            return True
    return False


@BOTH_SHAPES
def test_muting_asking_rules_and_the_word(three: tuple[Page, Page, Page, str]) -> None:
    teacher, student, other, _ = three
    wait_for_sound(teacher, 2)
    name = ASH

    # Muted by the teacher, asked, and back.
    do(teacher, name, "Mute")
    expect(student.locator(".notice")).to_contain_text("The teacher muted you.")
    bar = student.get_by_role("toolbar")
    expect(bar.get_by_role("button", name="Unmute")).to_be_visible()
    do(teacher, name, "Ask to unmute")
    expect(student.locator(".notice")).to_contain_text("The teacher asks you to unmute.")
    student.locator(".notice").get_by_role("button", name="Unmute").click()
    expect(bar.get_by_role("button", name="Mute", exact=True)).to_be_visible()
    wait_for_sound(teacher, 2)

    # All at once: silence, until each of them unmutes. A camera is stopped for all who see it.
    choose_for_all(teacher, "Mute all students")
    expect(teacher.locator(".notice")).to_contain_text("All students are muted.")
    for page in (student, other):
        expect(page.get_by_role("toolbar").get_by_role("button", name="Unmute")).to_be_visible()
    assert quiet(teacher)
    for page in (student, other):
        page.get_by_role("toolbar").get_by_role("button", name="Unmute").click()
    wait_for_sound(teacher, 2)
    do(teacher, name, "Stop camera")
    expect(student.locator(".notice")).to_contain_text("The teacher stopped your camera.")
    expect(other.get_by_role("group", name=f"{name}, camera off")).to_be_visible()
    bar.get_by_role("button", name="Start video").click()
    expect(other.get_by_role("group", name=f"{name}, camera off")).to_have_count(0)

    # Microphones and cameras off for all students: nothing comes any more, and the buttons say why.
    set_rule(teacher, "Use the microphone", "Use the camera")
    for page in (student, other):
        expect(page.get_by_role("button", name="Microphone locked by the teacher")).to_be_visible()
        expect(page.get_by_role("button", name="Camera locked by the teacher")).to_be_visible()
    assert quiet(teacher)
    assert pictures(teacher, over=1.0) == []
    wait_for_pictures(student, 1, fps=5, width=160)  # the teacher's go on

    # One raises a hand and gets the word, and the microphone with it.
    student.get_by_role("button", name="Raise hand").click()
    people(teacher).get_by_role("button", name=f"Let {name} speak").click()
    student.locator(".notice").get_by_role("button", name="Unmute").click()
    wait_for_sound(teacher, 1)
    expect(other.get_by_role("button", name="Microphone locked by the teacher")).to_be_visible()

    # A reload is no way round the rules; their end gives everything back, switched off.
    other.reload()
    other.get_by_role("button", name="Join class").click()
    other.complaints.clear()  # type: ignore[attr-defined]  # the page that went took its socket with it
    expect(other.get_by_role("button", name="Camera locked by the teacher")).to_be_visible()
    set_rule(teacher, "Use the microphone", "Use the camera")
    other.get_by_role("toolbar").get_by_role("button", name="Start video").click()
    wait_for_pictures(teacher, 1, fps=5, width=160)


def readers(page: Page) -> list[str]:
    """Who may be chosen to read a message."""
    return page.get_by_label("Who reads this message").locator("option").all_inner_texts()


@pytest.mark.parametrize("three", [(PHONE, DESKTOP, PHONE)], indirect=True, ids=["teacher on a phone"])
def test_what_students_may_and_their_hands_are_the_teachers_to_end(
    aula: Aula,
    signed_in: Callable[..., Page],
    open_page: Callable[..., Page],
    three: tuple[Page, Page, Page, str],
) -> None:
    teacher, student, other, _ = three

    # The chat.
    set_rule(teacher, "Write to everyone")
    student.get_by_role("toolbar").get_by_role("button", name="Chat").click()
    expect(student.get_by_text("The teacher turned the chat off.").last).to_be_visible()
    say(teacher, "Listen first")
    expect(student.get_by_role("log")).to_contain_text("Listen first")
    set_rule(teacher, "Write to everyone")
    say(student, "Now me")
    expect(teacher.get_by_role("log")).to_contain_text("Now me")

    # Between students, by the rule of the class and of the school: what was being written is kept.
    assert readers(student) == ["Everyone", "The teacher only", f"{BIRCH} only"]
    student.get_by_label("Who reads this message").select_option(label=f"{BIRCH} only")
    student.locator("#chat-field").fill("Only between us")
    set_rule(teacher, "Write and send files to each other")
    student.locator("#chat-field").press("Enter")
    unsaid = student.get_by_role("article").filter(has_text="Only between us")
    expect(unsaid).to_contain_text("In this class students write, and send files, to teachers only.")
    assert readers(student) == ["Everyone", "The teacher only", f"{BIRCH} only"]  # as it was chosen
    student.get_by_label("Who reads this message").select_option(label="Everyone")
    assert readers(student) == ["Everyone", "The teacher only"]
    expect(people(student).get_by_role("button", name=f"Write to {BIRCH} privately")).to_have_count(0)
    expect(people(student).get_by_role("button", name=f"Send files to {BIRCH}")).to_have_count(0)
    set_rule(teacher, "Write and send files to each other")
    expect(people(student).get_by_role("button", name=f"Write to {BIRCH} privately")).to_be_visible()
    office = signed_in("admin@demo.test")
    for allowed in (False, True):
        office.goto(aula.url("/admin/tenants/tenant/"))
        office.get_by_label("Private chat between students").set_checked(allowed)
        office.get_by_role("button", name="Save", exact=True).click()
        expect(people(student).get_by_role("button", name=f"Write to {BIRCH} privately")).to_have_count(
            int(allowed), timeout=SCHOOL_IS_HEARD
        )

    # Their screens: one that is shared ends.
    slides = open_page()
    slides.goto(f"data:text/html,<title>{SLIDES}</title><h1>Phases of mitosis</h1>")
    student.get_by_role("button", name="Share", exact=True).click()
    expect(other.get_by_role("group", name=f"Screen of {ASH}")).to_be_visible()
    set_rule(teacher, "Share their screen")
    expect(student.get_by_role("button", name="Sharing locked by the teacher")).to_be_visible()
    expect(other.get_by_role("group", name=f"Screen of {ASH}")).to_have_count(0)
    other.get_by_role("button", name="More", exact=True).click()
    expect(other.get_by_role("menuitem", name="Share a screen")).to_have_count(0)
    other.keyboard.press("Escape")

    # Their hands.
    for page in (student, other):
        page.get_by_role("button", name="Raise hand").click()
    people(teacher).get_by_role("button", name="Lower all").click()
    for page in (student, other):
        expect(page.locator(".notice")).to_contain_text("lowered your hand")
        expect(page.get_by_role("button", name="Raise hand")).to_be_visible()


@pytest.mark.complains("status of 4", "WebSocket connection to")
def test_locked_removed_barred_and_admitted(
    aula: Aula, signed_in: Callable[..., Page], three: tuple[Page, Page, Page, str]
) -> None:
    teacher, student, other, path = three
    set_rule(teacher, "Lock the class")
    late = signed_in("admin@demo.test")  # whoever runs the school is never locked out
    late.goto(aula.url(path))
    enter(late, "Join class")
    other.reload()  # who was inside may reconnect
    other.get_by_role("button", name="Join class").click()
    expect(other.get_by_role("toolbar", name="Class controls")).to_be_visible()

    name = ASH
    people(teacher).get_by_role("button", name=f"Actions for {name}").click()
    teacher.get_by_role("menuitem", name="Remove").click()
    teacher.get_by_label("Reason").fill("Come back tomorrow")
    teacher.get_by_role("button", name="Remove", exact=True).click()
    expect(student.get_by_role("heading", name="The teacher removed you from this class")).to_be_visible()
    expect(student.get_by_text("“Come back tomorrow”")).to_be_visible()
    student.get_by_role("button", name="Join again").click()
    expect(student.get_by_text("The class is locked")).to_be_visible()
    set_rule(teacher, "Lock the class")
    expect(student.get_by_role("toolbar", name="Class controls")).to_be_visible()  # by itself

    people(teacher).get_by_role("button", name=f"Actions for {name}").click()
    teacher.get_by_role("menuitem", name="Remove").click()
    teacher.get_by_label("Bar them").check()
    teacher.get_by_role("button", name="Remove and bar").click()
    expect(student.get_by_text("There is no way back into this class.")).to_be_visible()
    for address in (path, path + "room/", "/"):
        student.goto(aula.url(address))
        expect(student.get_by_text("The teacher removed you from this class").first).to_be_visible()
        assert student.get_by_role("button", name="Join class").count() == 0
    people(teacher).get_by_role("button", name=f"Allow {name} back").click()
    student.goto(aula.url(path))
    enter(student, "Join class")


def test_a_co_teacher_takes_over_when_the_teacher_drops(three: tuple[Page, Page, Page, str]) -> None:
    teacher, student, other, _ = three
    name = ASH
    do(teacher, name, "Make co-teacher")
    expect(student.locator(".notice")).to_contain_text("You are a co-teacher of this class now.")
    do(student, BIRCH, "Mute")
    expect(other.locator(".notice")).to_contain_text("The teacher muted you.")
    teacher.context.close()
    expect(other.locator(".room__strip")).to_contain_text("The teacher lost the connection.")
    expect(student.locator(".notice")).to_contain_text("You lead the class now.", timeout=30_000)
    expect(other.locator(".notice")).to_contain_text(f"{name} leads the class now.")
    expect(other.locator(".room__strip")).to_have_count(0)
    do(student, BIRCH, "Hand over the lead")
    expect(other.locator(".notice")).to_contain_text("You lead the class now.")


def test_a_native_client_with_a_token_from_before_a_rule_sends_nothing(
    aula: Aula, signed_in: Callable[..., Page]
) -> None:
    teacher, student = signed_in("teacher@demo.test"), signed_in("student@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")
    with classroom_socket(aula, student, path) as connection:
        old = join(connection)
        set_rule(teacher, "Use the camera")
        client = StockClient(old["url"], old["token"])
        with suppress(AssertionError):  # it may be refused to publish, already
            client.__enter__()
        try:
            teacher.wait_for_timeout(2000)  # the media server tells of who joined, and is told
            assert pictures(teacher, over=1.5) == []
        finally:
            client.__exit__(None, None, None)
