"""Two people behind every pair of NATs: real Chromium, a real coturn, the product's own signalling."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.journeys.aula import PASSWORD, Aula
from tests.journeys.conftest import DEVICES, KEEP_CONNECTIONS, QUIET
from tests.journeys.hearing import HEARING, LONGEST_GAP, listen, longest_gap
from tests.journeys.media import wait_for_pictures
from tests.journeys.steps import enter, open_class
from tests.nat.lab import MEDIA, WEB, Firewall, Lab, Nat
from tests.nat.pairs import CHOSEN, relayed, words

pytestmark = [pytest.mark.journey, pytest.mark.alone]
NAMES = f"--host-resolver-rules=MAP media.localhost {MEDIA}, MAP *.localhost {WEB}, MAP localhost {WEB}"
FLAGS = [*QUIET, *DEVICES, NAMES, "--ignore-certificate-errors"]
# How each connection of a page leaves its home: through a relay or straight, and over what.
WAYS = """async () => {
  const ways = [];
  const up = ({ connectionState }) => connectionState === "connected";
  for (const connection of window.testConnections.filter(up)) {
    const stats = await connection.getStats();
    for (const { type, selectedCandidatePairId } of stats.values()) {
      if (type !== "transport" || !selectedCandidatePairId) continue;
      const pair = stats.get(selectedCandidatePairId);
      const { candidateType, protocol, relayProtocol } = stats.get(pair.localCandidateId);
      ways.push(candidateType === "relay" ? `relay ${relayProtocol}` : `straight ${protocol}`);
    }
  }
  return ways;
}"""


@dataclass
class Call:
    """A teacher at home 1 and a student at home 2."""

    lab: Lab
    teacher: Page
    student: Page
    aula: Aula
    path: str

    def join(self) -> None:
        """Both come in anew."""
        for page in (self.teacher, self.student):
            page.goto(self.aula.url(self.path) + "room/")
            page.get_by_role("button", name="Join class").or_(
                page.get_by_role("button", name="Start class")
            ).click()

    def goes(self, way: str) -> None:
        for page in (self.teacher, self.student):
            expect(page.locator("[data-way]")).to_have_attribute("data-way", way, timeout=30_000)

    def see_each_other(self) -> None:
        for page in (self.teacher, self.student):
            wait_for_pictures(page, 1, fps=5, width=160)


@pytest.fixture(scope="module")
def call(
    lab: Lab, aula: Aula, playwright_: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Call]:
    folder = tmp_path_factory.mktemp("homes")
    with ExitStack() as stack:
        pages = []
        for home, email in ((1, "teacher@demo.test"), (2, "student@demo.test")):
            program = lab.program(folder, home, "/usr/bin/chromium")
            browser: Browser = playwright_.chromium.launch(executable_path=program, args=FLAGS)
            stack.callback(browser.close)
            context = browser.new_context(permissions=["camera", "microphone"], bypass_csp=True)
            page = context.new_page()
            page.set_default_timeout(30_000)
            page.add_init_script(KEEP_CONNECTIONS)
            page.add_init_script(HEARING)
            page.goto(aula.url("/sign-in/"))
            page.get_by_label("Email").fill(email)
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(aula.url("/"))
            pages.append(page)
        teacher, student = pages
        path = open_class(aula, teacher)
        enter(teacher, "Start class")
        yield Call(lab, teacher, student, aula, path)


@pytest.mark.parametrize("pair", CHOSEN, ids=words)
def test_each_pair_of_nats_goes_direct_where_that_is_possible_and_by_relay_where_not(
    call: Call, pair: tuple[Nat, Nat]
) -> None:
    for home, nat in enumerate(pair, start=1):
        call.lab.set(home, nat)
    call.join()
    call.goes("direct_relayed" if relayed(*pair) else "direct")
    call.see_each_other()
    call.teacher.wait_for_timeout(3000)
    call.goes("direct_relayed" if relayed(*pair) else "direct")  # and stays so


FIREWALLS = {
    "no UDP": (Firewall.NO_UDP, {"relay tcp", "straight tcp", "relay tls"}),  # whichever answers first
    "nothing but 443": (Firewall.ONLY_443, {"relay tls"}),
}


@pytest.mark.parametrize("firewall", FIREWALLS)
def test_behind_a_firewall_the_call_and_the_class_get_through_over_tcp(call: Call, firewall: str) -> None:
    blocks, ways = FIREWALLS[firewall]
    call.lab.set(1, Nat.FULL_CONE)
    call.lab.set(2, Nat.FULL_CONE, blocks)
    call.join()
    call.goes("direct_relayed")
    call.see_each_other()
    taken = set(call.student.evaluate(WAYS))
    assert taken
    assert taken <= ways


def test_when_the_direct_way_breaks_nobody_misses_a_word_and_another_one_is_found(call: Call) -> None:
    for home in (1, 2):
        call.lab.set(home, Nat.PORT_RESTRICTED)
    call.join()
    call.goes("direct")
    listen(call.teacher, call.student)
    call.lab.cut()
    call.goes("server")
    for page in (call.teacher, call.student):
        page.wait_for_timeout(1000)
        assert longest_gap(page) < LONGEST_GAP
    call.goes("direct_relayed")
    for page in (call.teacher, call.student):
        assert longest_gap(page) < LONGEST_GAP
    call.see_each_other()


def test_who_gets_no_media_at_all_reads_why_and_the_operator_finds_the_timeline_by_its_code(
    call: Call,
) -> None:
    call.lab.set(1, Nat.FULL_CONE)
    call.lab.set(2, Nat.FULL_CONE, Firewall.NO_MEDIA)
    call.join()
    strip = call.student.get_by_text("This network blocks live sound and video.")
    expect(strip).to_be_visible(timeout=90_000)
    code = strip.inner_text().rpartition("support: ")[2].strip(".")
    operator = call.teacher.context.browser.new_page()
    operator.goto(call.aula.url("/admin/", tenant=""))
    operator.get_by_label("Email").fill("operator@aula.test")
    operator.get_by_label("Password", exact=True).fill(PASSWORD)
    operator.get_by_role("button", name="Sign in").click()
    operator.goto(call.aula.url(f"/admin/classrooms/connectionreport/?q={code.lower()}", tenant=""))
    operator.get_by_role("link", name=code).click()
    page = operator.locator("#content")
    expect(page).to_contain_text(": pair")
    expect(page).to_contain_text(", 0 answered")
    expect(page).to_contain_text("The relay does not answer over TLS.")
    operator.close()


def test_the_check_before_class_names_what_a_firewall_blocks(call: Call) -> None:
    call.lab.set(2, Nat.FULL_CONE, Firewall.NO_UDP)
    page = call.student
    page.goto(call.aula.url("/check/"))
    page.get_by_role("button", name="Start the check").click()
    expect(page.get_by_role("button", name="Check again")).to_be_visible(timeout=120_000)
    verdicts = {
        title: page.get_by_role("listitem").filter(has=page.get_by_text(title, exact=True)).inner_text()
        for title in (
            "Live media (UDP)",
            "Live media (TCP)",
            "Relay (UDP)",
            "Relay (TCP)",
            "Relay (TLS)",
        )
    }
    assert "blocks the fastest way" in verdicts["Live media (UDP)"]
    assert "not needed" in verdicts["Relay (UDP)"]
    for title in ("Live media (TCP)", "Relay (TCP)", "Relay (TLS)"):
        assert verdicts[title].startswith("Fine"), verdicts
