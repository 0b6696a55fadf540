"""Guests come by a link in real browsers: the passcode, the waiting room, the class; refused, withdrawn."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.aula import Aula
from tests.journeys.made import in_shell
from tests.journeys.media import wait_for_pictures, wait_for_sound
from tests.journeys.steps import enter, open_class, say
from tests.journeys.test_for_everyone import faults
from tests.journeys.test_leading import people

pytestmark = pytest.mark.journey
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
PASSCODE = "tulip"
END_OF_LINK = """
from django.utils import timezone
from classrooms.models import GuestLink
from tenants.models import Tenant
from tenants.scope import tenant_scope

with tenant_scope(Tenant.objects.get(slug="demo")):
    GuestLink.objects.filter(session__public_id="{session}").update(expires_at=timezone.now())
"""


def make_link(aula: Aula, teacher: Page, path: str, name: str = "Parents", passcode: str = PASSCODE) -> str:
    """On the class page; the address that its button copies."""
    teacher.goto(aula.url(path))
    teacher.get_by_role("link", name="Invite guests").click()
    teacher.get_by_label("Whom it is for").fill(name)
    teacher.get_by_label("Passcode").fill(passcode)
    teacher.get_by_role("button", name="Make link").click()
    copy = teacher.get_by_role("button", name=f"Copy the link for {name}")
    expect(copy).to_be_visible()
    return str(copy.get_attribute("data-copy"))


def come(page: Page, link: str, name: str) -> None:
    """Through the link's door to the waiting room."""
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Passcode").fill(PASSCODE)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Join class").click()
    expect(page.get_by_text("You are in the waiting room")).to_be_visible()


def in_class(page: Page):
    return page.get_by_role("toolbar", name="Class controls")


@pytest.fixture
def invited(aula: Aula, signed_in: Callable[..., Page]) -> tuple[Page, str, str]:
    """A teacher who has started a class; the class's path and a link into it with a passcode."""
    teacher = signed_in("teacher@demo.test", permissions=["camera", "microphone"])
    path = open_class(aula, teacher)
    link = make_link(aula, teacher, path)
    teacher.goto(aula.url(path))
    enter(teacher, "Start class")
    return teacher, path, link


@pytest.mark.parametrize("shape", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_by_the_link_over_the_waiting_room_into_the_class(
    invited: tuple[Page, str, str], open_page: Callable[..., Page], shape: dict[str, int]
) -> None:
    teacher, _, link = invited
    guest = open_page(**shape, reduced_motion="reduce")
    found = []
    guest.goto(link)
    found += faults(guest)

    # A wrong passcode is said beside its field; the name is kept.
    guest.get_by_label("Your name").fill("Gwen Guest")
    guest.get_by_label("Passcode").fill("rose")
    guest.get_by_role("button", name="Go on").click()
    expect(guest.get_by_text("That is not the passcode of this link.")).to_be_visible()
    expect(guest.get_by_label("Your name")).to_have_value("Gwen Guest")
    found += faults(guest)
    guest.complaints.clear()  # type: ignore[attr-defined]  # the browser tells of the refusal's status
    guest.get_by_label("Passcode").fill(PASSCODE)
    guest.get_by_role("button", name="Go on").click()
    expect(guest.get_by_text("As a guest: Gwen Guest")).to_be_visible()
    found += faults(guest)

    # In the waiting room; a reload comes back to it. The teacher is told, and lets them in.
    guest.get_by_role("button", name="Join class").click()
    expect(guest.get_by_text("You are in the waiting room")).to_be_visible()
    expect(guest.get_by_text("Martin Ames has been told.")).to_be_visible()
    found += faults(guest)
    notice = teacher.locator(".notice")
    expect(notice).to_contain_text("Gwen Guest is waiting to be let in.")
    guest.reload()
    guest.complaints.clear()  # type: ignore[attr-defined]  # the page that went took its socket with it
    expect(guest.get_by_text("You are in the waiting room")).to_be_visible()
    rows = people(teacher)
    expect(rows.get_by_role("heading", name="Waiting 1")).to_be_visible()
    found += faults(teacher)
    rows.get_by_role("button", name="Let Gwen Guest in").click()

    # Inside with sound and picture both ways, marked as a guest.
    expect(in_class(guest)).to_be_visible()
    expect(rows.get_by_role("heading", name="Waiting")).to_have_count(0)
    wait_for_pictures(guest, 1, fps=5, width=160)
    wait_for_sound(guest, 1)
    wait_for_pictures(teacher, 1, fps=5, width=160)
    expect(rows.locator(".person-row", has_text="Gwen Guest")).to_contain_text("Guest")
    found += faults(guest)
    say(guest, "Good morning")
    teacher.get_by_role("tab", name="Chat").click()
    expect(teacher.get_by_role("log")).to_contain_text("Good morning")
    assert not found, "\n".join(found)
    assert not teacher.complaints + guest.complaints  # type: ignore[attr-defined]


@pytest.mark.complains("status of 4", "WebSocket connection to")
def test_refused_with_a_word_and_asked_again(
    invited: tuple[Page, str, str], open_page: Callable[..., Page]
) -> None:
    teacher, _, link = invited
    guest = open_page(**PHONE, reduced_motion="reduce")
    come(guest, link, "Hal Howe")
    rows = people(teacher)
    rows.get_by_role("button", name="Refuse Hal Howe").click()
    found = faults(teacher)
    teacher.get_by_label("A word to them").fill("We begin next week")
    teacher.get_by_role("button", name="Refuse", exact=True).click()
    expect(guest.get_by_role("heading", name="The teacher did not let you in")).to_be_visible()
    expect(guest.get_by_text("We begin next week")).to_be_visible()
    found += faults(guest)
    expect(rows.get_by_role("heading", name="Waiting")).to_have_count(0)

    # Too early: the same page. After half a minute the line has them again.
    guest.get_by_role("button", name="Ask again").click()
    expect(guest.get_by_role("heading", name="The teacher did not let you in")).to_be_visible()
    guest.wait_for_timeout(31_000)
    guest.get_by_role("button", name="Ask again").click()
    expect(guest.get_by_text("You are in the waiting room")).to_be_visible()
    expect(rows.get_by_role("heading", name="Waiting 1")).to_be_visible()
    assert not found, "\n".join(found)


@pytest.mark.complains("status of 4", "WebSocket connection to")
def test_all_are_let_in_and_a_withdrawn_link_puts_them_out(
    aula: Aula,
    invited: tuple[Page, str, str],
    signed_in: Callable[..., Page],
    open_page: Callable[..., Page],
) -> None:
    teacher, path, link = invited
    guests = [open_page(**DESKTOP), open_page(**PHONE)]
    for page, name in zip(guests, ("Ida Ito", "Jon Joyce"), strict=True):
        come(page, link, name)
    rows = people(teacher)
    expect(rows.get_by_role("heading", name="Waiting 2")).to_be_visible()
    rows.get_by_role("button", name="Let all in").click()
    for page in guests:
        expect(in_class(page)).to_be_visible()
    wait_for_pictures(teacher, 2, fps=5, width=160)

    office = signed_in("admin@demo.test")
    office.goto(aula.url(path + "guests/"))
    expect(office.get_by_text("2 guests came by it:")).to_be_visible()
    office.get_by_role("button", name="Withdraw the link for Parents").click()
    office.get_by_role("button", name="Withdraw link").click()
    expect(office.get_by_text("The link is withdrawn.")).to_be_visible()
    for page in guests:
        expect(page.get_by_role("heading", name="Your invitation has ended")).to_be_visible()
        page.goto(link)
        expect(page.get_by_role("heading", name="This link was withdrawn")).to_be_visible()
    expect(rows.get_by_text("Ida Ito")).to_have_count(0)


@pytest.mark.complains("status of 410")
def test_without_a_waiting_room_guests_come_straight_in_once_the_teacher_is_there(
    aula: Aula, signed_in: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    teacher = signed_in("teacher@demo.test")
    path = open_class(aula, teacher)
    link = make_link(aula, teacher, path, passcode="")
    teacher.get_by_label("Waiting room").select_option(label="Guests come straight in")
    teacher.get_by_role("button", name="Save choice").click()
    expect(teacher.get_by_text("Saved.")).to_be_visible()
    guest, student = open_page(**PHONE), signed_in("student@demo.test")
    guest.goto(link)
    guest.get_by_label("Your name").fill("Kim Kay")
    guest.get_by_role("button", name="Go on").click()
    guest.get_by_role("button", name="Join class").click()
    student.goto(aula.url(path + "room/"))
    student.get_by_role("button", name="Join class").click()
    for page in (guest, student):
        expect(page.get_by_text("The teacher is not here yet")).to_be_visible()
    teacher.goto(aula.url(path))
    enter(teacher, "Start class")
    for page in (guest, student):
        expect(in_class(page)).to_be_visible()

    # The link ends: whoever came by it is put out, and it says since when it is no use.
    in_shell(aula, END_OF_LINK.format(session=path.split("/")[2]))
    expect(guest.get_by_role("heading", name="Your invitation has ended")).to_be_visible(timeout=30_000)
    expect(in_class(student)).to_be_visible()
    found = faults(guest)
    for shape in (PHONE, DESKTOP):
        late = open_page(**shape)
        late.goto(link)
        expect(late.get_by_role("heading", name="This link has ended")).to_be_visible()
        expect(late.get_by_text(re.compile(r"This link ended on \d+ \w+ at \d\d:\d\d\."))).to_be_visible()
        found += faults(late)
    assert not found, "\n".join(found)
