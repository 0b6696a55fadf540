"""The school's own sign-in, by browser: an admin sets it up, a student comes by it, and takes over nobody."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.accessible import faults
from tests.journeys.aula import Aula
from tests.journeys.test_sign_in import sign_out
from tests.oidc.conftest import Provider, provider_process  # noqa: F401

pytestmark = pytest.mark.journey
NAME = "Northfield account"
PATIENCE = 30.0  # seconds until a mail is written


def mailed_code(aula: Aula, since: int) -> str:
    """The one in the mail that was written after so many characters of Aula's output."""
    until = time.monotonic() + PATIENCE
    while not (found := re.findall(r"Subject: (\S+) is your code", aula.output[since:])):
        assert time.monotonic() < until, "no mail came"
        time.sleep(0.2)
    return str(found[-1])


def set_up(admin: Page, aula: Aula, provider: Provider) -> None:
    admin.goto(aula.url("/settings/sign-in/"))
    client_id, secret = provider.register(aula.url("/sign-in/school/back/"))
    admin.get_by_label("Name").fill(NAME)
    admin.get_by_label("Issuer").fill(provider.issuer)
    admin.get_by_label("Client ID").fill(client_id)
    admin.get_by_label("Client secret").fill(secret)
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_text("Saved.")).to_be_visible()


def come_by_it(page: Page, aula: Aula, subject: str) -> None:
    """Through the provider's own page, which may load nothing from elsewhere."""
    page.context.route(re.compile("cdn"), lambda route: route.fulfill(content_type="text/css", body=""))
    page.goto(aula.url("/sign-in/?next=/courses/"))
    page.get_by_role("link", name=f"Use {NAME}").click()
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize", exact=True).click()


def test_a_student_comes_by_the_schools_sign_in_once_the_mailbox_is_proved(
    aula: Aula,
    signed_in: Callable[..., Page],
    open_page: Callable[..., Page],
    provider_process: Provider,  # noqa: F811
) -> None:
    admin = signed_in("admin@demo.test")
    set_up(admin, aula, provider_process)
    assert not faults(admin, "school's own sign-in")
    provider_process.knows("s-1", email="student@demo.test", email_verified=True, name="A Student")

    phone, before = open_page(width=360, height=740), len(aula.output)
    come_by_it(phone, aula, "s-1")
    expect(phone.get_by_role("heading", name="Prove that the account is yours")).to_be_visible()
    assert not faults(phone, "prove the account")
    phone.get_by_label("Code").fill("WRONG")
    phone.get_by_role("button", name="Continue").click()
    expect(phone.get_by_text("not right").first).to_be_visible()
    phone.get_by_label("Code").fill(mailed_code(aula, before))
    phone.get_by_role("button", name="Continue").click()
    expect(phone.get_by_role("heading", name="Courses", level=1)).to_be_visible()
    sign_out(phone, aula)

    come_by_it(phone, aula, "s-1")
    expect(phone.get_by_role("heading", name="Courses", level=1)).to_be_visible()

    stranger = open_page()
    provider_process.knows("s-2", email="student@demo.test", email_verified=True)
    come_by_it(stranger, aula, "s-2")
    for _ in range(2):  # nor by going on as if nothing were asked
        expect(stranger.get_by_role("heading", name="Prove that the account is yours")).to_be_visible()
        stranger.goto(aula.url("/courses/"))

    outside = open_page()
    outside.goto(aula.url("/sign-in/", "other"))
    expect(outside.get_by_role("link", name=f"Use {NAME}")).to_have_count(0)

    admin.reload()
    admin.get_by_role("button", name="Remove").first.click()
    admin.get_by_role("button", name="Remove", exact=True).last.click()
    expect(admin.get_by_role("button", name="Remove")).to_have_count(0)
    for page in (admin, phone, stranger, outside):
        assert not page.complaints, page.complaints  # type: ignore[attr-defined]
