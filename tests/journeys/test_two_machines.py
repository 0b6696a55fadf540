"""A class on two web processes with Redis between them, on PostgreSQL behind its second wall: it is one
class, and outlives the end of either process."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests import postgres, redis
from tests.journeys import machines as two
from tests.journeys.machines import Front, Machines
from tests.journeys.media import wait_for_pictures, wait_for_sound
from tests.journeys.steps import end_for_everyone, enter, open_chat, open_class, say, see, sign_in
from tests.journeys.test_direct import goes

pytestmark = [pytest.mark.journey, pytest.mark.alone]
BACK_WITHIN = 30_000  # ms: a page's first try may come just before the process is there again
# What a browser says of a cut line, and livekit-client of what it then mends.
CUT = ("WebSocket connection to", "Failed to load resource", "ERR_", "{room: demo.")
COUNT = "SELECT count(*) FROM classrooms_chatmessage"


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """Empty, of a role that owns it and has no privilege."""
    with postgres.running() as server:
        yield server.new_database("machines")


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[Machines]:
    folder = tmp_path_factory.mktemp("machines")
    with redis.running() as between, two.running(folder, database=database, redis=between.url) as running:
        yield running


@pytest.fixture
def fronts(machines: Machines) -> Iterator[tuple[Front, Front]]:
    """Whoever comes by the first is on the first machine as long as that answers; by the second alike."""
    first, second = machines.first.web_port, machines.second.web_port
    fronts = Front(first, second), Front(second, first)
    yield fronts
    for each in fronts:
        each.close()


def read(page: Page, words: str) -> None:
    """Wait until they stand in the chat, once."""
    open_chat(page)
    lines = page.get_by_role("log").get_by_role("article").filter(has_text=words)
    expect(lines).to_have_count(1, timeout=BACK_WITHIN)


def seen(database: str, told: str = "") -> int:
    """How many messages of chats PostgreSQL shows to whom was told this."""
    with psycopg.connect(database) as connection:
        connection.execute("SELECT set_config('aula.tenant', %s, false)", [told])
        found = connection.execute(COUNT).fetchone()
    assert found is not None
    return int(found[0])


@pytest.mark.complains(*CUT)
def test_a_class_on_two_machines_is_one_class_and_outlives_either(
    machines: Machines, fronts: tuple[Front, Front], open_page: Callable[..., Page], database: str
) -> None:
    at_first, at_second = fronts
    teacher, student, third = (open_page() for _ in range(3))
    sign_in(teacher, at_first, "teacher@demo.test")
    path = open_class(at_first, teacher)
    enter(teacher, "Start class")

    # Two people: what their browsers tell each other goes from one process to the other.
    sign_in(student, at_second, "student@demo.test")
    student.goto(at_second.url(path))
    enter(student, "Join class")
    for page in (teacher, student):
        goes(page, "direct")
        wait_for_pictures(page, 1, fps=5, width=320)

    # Three, one of them without a camera: each sees and hears others through the one media engine.
    sign_in(third, at_second, "birch@demo.test")
    third.goto(at_second.url(path))
    enter(third, "Join class", camera=False)
    for page in (teacher, student, third):
        goes(page, "server")
        wait_for_pictures(page, 1, fps=5, width=160)  # of two a machine under load may carry one
        wait_for_sound(page)
    assert (set(at_first.reached), set(at_second.reached)) == (
        {machines.first.web_port},
        {machines.second.web_port},
    )

    # Words and hands go both ways.
    say(teacher, "Which phase comes after prophase?")
    for page in (student, third):
        read(page, "Which phase comes after prophase?")
    say(student, "Metaphase")
    read(teacher, "Metaphase")
    student.get_by_role("button", name="Raise hand").click()
    teacher.get_by_role("button", name="Let Ash Summers speak").first.click()
    expect(student.get_by_role("button", name="Raise hand")).to_be_visible()

    # The second machine dies: its people are back by the first one, and miss nothing.
    machines.second.kill()
    say(teacher, "Are you still there?")
    say(student, "Yes, by the other way")
    for page in (teacher, student, third):
        read(page, "Are you still there?")
        read(page, "Yes, by the other way")
        wait_for_pictures(page, 1, fps=5, width=160)
    assert at_second.reached[-1] == machines.first.web_port

    # It is back, and the web process of the first one dies: the class goes on, and both do.
    machines.start_second_again()
    os.kill(machines.first.pid("web"), signal.SIGKILL)
    say(teacher, "And now me")
    for page in (teacher, student, third):
        read(page, "And now me")
        wait_for_pictures(page, 1, fps=5, width=160)
        expect(page.locator(".room__strip")).to_have_count(0)
        expect(page.locator(".tile")).to_have_count(3)

    end_for_everyone(teacher)
    for page in (teacher, student, third):
        expect(page.get_by_role("heading", name="Class is over")).to_be_visible()


@pytest.mark.complains(*CUT)
def test_no_school_is_shown_anothers_by_either_machine_nor_by_postgresql_itself(
    fronts: tuple[Front, Front], open_page: Callable[..., Page], database: str
) -> None:
    teacher = open_page()
    sign_in(teacher, fronts[0], "teacher@demo.test")
    path = open_class(fronts[0], teacher)
    enter(teacher, "Start class")
    say(teacher, "Only for Northfield College")
    read(teacher, "Only for Northfield College")
    outsider = open_page()
    sign_in(outsider, fronts[0], "admin@other.test", tenant="other")
    answers = {
        see(outsider, front.url(address, tenant="other"))
        for front in fronts
        for address in (path, path + "room/", "/c/" + "0" * 32 + "/")
    }
    assert [status for status, _ in answers] == [404], answers
    end_for_everyone(teacher)

    with psycopg.connect(database) as connection:
        slugs = dict(connection.execute("SELECT slug, id FROM tenants_tenant").fetchall())
    assert seen(database) == 0
    assert seen(database, str(slugs["other"])) == 0
    assert seen(database, str(slugs["demo"])) == seen(database, "every") > 0


def test_the_role_has_no_privilege_and_nothing_is_warned_of(machines: Machines, database: str) -> None:
    with psycopg.connect(database) as connection:
        found = connection.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert found == (False,)
    for each in machines.all:
        assert "aula.W" not in each.output
