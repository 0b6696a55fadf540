"""Ways in, by browser: a passkey, an app's codes, a code by mail; and the pages about them, for everyone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import CDPSession, Page, expect

from tests.accessible import faults
from tests.journeys.aula import PASSWORD, Aula

pytestmark = pytest.mark.journey
SECURITY = "/account/security/"
HEADING = {"level": 1}


def authenticator(page: Page) -> CDPSession:
    """A device that makes passkeys, with a finger that is always right (WebDriver, WebAuthn 11)."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        **{"protocol": "ctap2", "transport": "internal", "hasResidentKey": True},
        **{"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True},
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools


def app_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def prove(page: Page) -> None:
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def look_at_the_password(page: Page) -> None:
    """By keyboard, from the field and back to it; nothing moves, and it is hidden before it is sent."""
    field = page.get_by_label("Password", exact=True)
    before = field.bounding_box()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Hide password")).to_be_focused()
    expect(field).to_have_attribute("type", "text")
    assert field.bounding_box() == before
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Show password")).to_be_focused()
    expect(field).to_have_attribute("type", "password")
    page.keyboard.press("Space")
    field.evaluate(
        "field => field.form.addEventListener('submit', (event) => {"
        " event.preventDefault(); window.sentAs = field.type; }, { once: true })"
    )
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("window.sentAs") == "password"


def sign_out(page: Page, aula: Aula) -> None:
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in", **HEADING)).to_be_visible()


def test_a_passkey_signs_in_and_is_of_one_host(aula: Aula, signed_in: Callable[..., Page]) -> None:
    page = signed_in("hazel@demo.test")
    authenticator(page)
    found = []
    page.get_by_role("button", name="Account of").click()
    page.get_by_role("link", name="Sign-in and security").click()
    page.get_by_role("link", name="Add a passkey").click()
    prove(page)
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()
    found += faults(page)
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    found += faults(page)
    recovery = page.locator(".codes code").first.inner_text()
    page.goto(aula.url(SECURITY))
    expect(page.get_by_role("link", name="Remove My laptop")).to_be_visible()
    sign_out(page, aula)

    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Today", **HEADING)).to_be_visible()
    sign_out(page, aula)

    page.get_by_label("Email").fill("hazel@demo.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    found += faults(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Today", **HEADING)).to_be_visible()

    page.goto(aula.url(f"{SECURITY}recovery/"))
    page.get_by_role("link", name="Use a passkey").click()
    found += faults(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text(recovery)).to_be_visible()
    page.goto(aula.url(SECURITY))
    page.get_by_role("link", name="Remove My laptop").click()
    found += faults(page)
    page.get_by_role("button", name="Remove passkey").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    expect(page.get_by_role("link", name="Remove My laptop")).to_have_count(0)
    assert not page.complaints, page.complaints  # type: ignore[attr-defined]
    assert not found, "\n".join(found)


def test_a_passkey_that_is_not_there_says_so(aula: Aula, open_page: Callable[..., Page]) -> None:
    page = open_page(width=360, height=740)
    authenticator(page)
    page.goto(aula.url("/sign-in/"))
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("No passkey was used.")).to_be_visible()
    assert not faults(page, "no passkey")


def test_an_app_is_asked_for_its_code(
    aula: Aula, signed_in: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    page = signed_in("juniper@demo.test")
    page.goto(aula.url(SECURITY))
    page.get_by_role("link", name="Add an app").click()
    prove(page)
    secret = page.locator(".sign-in__key code").inner_text()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert not faults(page)
    page.get_by_label("Code the app shows").fill("000000")
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_text("That code is not right.")).to_be_visible()
    page.get_by_label("Code the app shows").fill(app_code(secret))
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = page.locator(".codes code").first.inner_text()

    other = open_page(width=360, height=740, color_scheme="dark")
    other.goto(aula.url("/sign-in/?next=/courses/"))
    other.get_by_label("Email").fill("juniper@demo.test")
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    look_at_the_password(other)
    other.keyboard.press("Enter")
    expect(other.get_by_label("Code")).to_be_focused()
    assert not faults(other)
    other.keyboard.type(recovery)
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="Courses", **HEADING)).to_be_visible()

    page.goto(aula.url("/account/sessions/"))
    expect(page.get_by_role("listitem").filter(has_text="This one")).to_contain_text("Chrome on Linux")
    assert not faults(page)
    page.get_by_role("button", name="Sign out all others").click()
    expect(page.get_by_text("1 browser is signed out.")).to_be_visible()
    other.goto(aula.url("/courses/"))
    expect(other.get_by_role("heading", name="Sign in", **HEADING)).to_be_visible()
    assert not page.complaints, page.complaints  # type: ignore[attr-defined]


def test_a_code_comes_by_mail(aula: Aula, open_page: Callable[..., Page]) -> None:
    page = open_page(width=360, height=740)
    page.goto(aula.url("/sign-in/"))
    page.get_by_role("link", name="Email me a code").click()
    found = faults(page)
    page.get_by_label("Email").fill("cedar@demo.test")
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    found += faults(page)
    page.get_by_label("Code").fill(code_in(aula.log))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Today", **HEADING)).to_be_visible()
    assert not page.complaints, page.complaints  # type: ignore[attr-defined]
    assert not found, "\n".join(found)


def code_in(log: Path) -> str:
    """The console is the mailbox of development; nobody else in it asks for a code."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if codes := re.findall(r"Subject: (\S+) is your code for", log.read_text(errors="replace")):
            return codes[-1]
        time.sleep(0.2)
    raise AssertionError("no code came")


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")])
def test_the_pages_are_for_everyone(
    aula: Aula, signed_in: Callable[..., Page], open_page: Callable[..., Page], width: int, theme: str
) -> None:
    shape = {"width": width, "height": 800, "color_scheme": theme, "reduced_motion": "reduce"}
    found = []
    stranger = open_page(**shape)
    for path in ("/sign-in/", "/sign-in/code/"):
        stranger.goto(aula.url(path))
        found += faults(stranger)
    admin = signed_in("admin@demo.test", **shape)
    for path in ("/account/", SECURITY, "/account/sessions/", f"{SECURITY}password/", "/settings/sign-in/"):
        admin.goto(aula.url(path))
        found += faults(admin)
    admin.get_by_role("button", name="Save").click()
    found += faults(admin, "settings sign-in with errors")
    admin.goto(aula.url(f"{SECURITY}app/"))
    found += faults(admin)
    operator = open_page(**shape)
    operator.goto(aula.url("/admin/", tenant=""))
    operator.get_by_label("Email").fill("operator@aula.test")
    operator.get_by_label("Password", exact=True).fill(PASSWORD)
    operator.get_by_role("button", name="Sign in").click()
    operator.get_by_role("link", name="Sign-in and security").click()
    expect(operator.get_by_role("heading", name="Sign-in and security")).to_be_visible()
    found += faults(operator, "operator security")
    assert not found, "\n".join(found)
