"""Every page of a school in a browser: axe finds nothing, nothing scrolls sideways, no console complains.

Pages come from the tables beside this file (tables.py) and are made in this process: `SHAPES=all` looks at
each as everybody who may see it, in every window, at what is answered to forms, and at the school's admin.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Iterator
from contextvars import copy_context
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

from tests.access import tables
from tests.access.schools import Asker, School
from tests.access.states import STATES
from tests.access.walk import asked, content_of, undone
from tests.accessible import faults
from tests.conftest import NOON
from tests.shapes import IN_ALL, Shape, shapes

pytestmark = [
    pytest.mark.journey,
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume"),
    pytest.mark.complains("status of 4", "status of 5", "WebSocket"),  # refusals; nobody answers sockets
]
VIEWERS = ("admin", "teacher", "student", "visitor", "guest", "stranger")
TABLE = tables.read("school")
FILES = re.compile(
    r"\.(\w+|<kind>)$|^recorded/|^downloads/|/(data|picture|materials/<material>)/$|^admin/(jsi18n|autocomplete)/"
)
PAGES = [
    (address, verb)
    for (address, verb), cells in TABLE.items()
    if "200" in cells.values()
    and not FILES.search(address)
    and (IN_ALL or (verb == "GET" and not address.startswith("admin/")))
]


@pytest.fixture
def page(bare_browser: Browser, listen: Callable[[BrowserContext], list[str]]) -> Iterator[Page]:
    """At the tests' noon."""
    context = bare_browser.new_context()
    listen(context)
    page = context.new_page()
    page.clock.set_fixed_time(NOON)
    yield page
    context.close()


def show(page: Page, asker: Asker, answer: HttpResponse, shape: Shape) -> None:
    """Draw an answer; what the page then asks for by itself is answered too, and has never happened."""
    here = copy_context()  # which has this test's connection to the database
    html = answer.told.replace(b'dir="ltr"', f'dir="{shape.direction}"'.encode(), 1)

    def fulfill(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if route.request.is_navigation_request():
            route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=html)
        elif path.startswith("/static/"):
            file = Path(finders.find(path.removeprefix("/static/")))
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(path)[0] or "text/plain")
        elif path.startswith("/recorded/"):
            route.fulfill(status=404)  # films are shown in tests/journeys/test_player.py
        else:
            told = here.run(answered, asker, route.request)
            route.fulfill(status=told.status_code, headers=dict(told.headers), body=told.told)

    shape.wear(page)
    page.unroute_all()
    page.route("**/*", fulfill)
    page.goto(f"http://{asker.host}{answer.request['PATH_INFO']}")


def answered(asker: Asker, request: Request) -> HttpResponse:
    with undone():
        answer = asker.ask(request.method, request.url.partition(asker.host)[2], request.post_data_buffer)
        answer.told = content_of(answer)
    return answer


def seen(page: Page, asker: Asker, answer: HttpResponse, number: int, name: str) -> list[str]:
    """What is wrong with a page in the windows of this number; a form may also be answered by none."""
    if answer.request["REQUEST_METHOD"] != "GET" and not is_page(answer):
        return []
    assert is_page(answer)
    found = []
    for shape in shapes(number):
        show(page, asker, answer, shape)
        found += [f"{name}, {shape}: {each}" for each in faults(page, f"{name} {shape.direction}")]
    return found


def is_page(answer: HttpResponse) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html")


def viewers(cells: dict[str, str], number: int) -> list[str]:
    """Who sees a page; without `SHAPES=all` one of them, another one for the next page."""
    those = [who for who in VIEWERS if cells[who] == "200"]
    return those if IN_ALL else those[number % len(those) :][:1] if those else []


@pytest.mark.parametrize("number", range(len(PAGES)), ids=[" ".join(line) or "/" for line in PAGES])
def test_every_page_is_for_every_body_and_screen(page: Page, ours: School, number: int) -> None:
    address, verb = PAGES[number]
    found = []
    for who in viewers(TABLE[address, verb], number):
        answer = asked(ours.people[who], verb, address, ours)
        found += seen(page, ours.people[who], answer, number, f"{address} {verb} {who}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("number", range(len(STATES)), ids=list(STATES))
def test_every_state_of_a_page_is_for_every_body_and_screen(page: Page, ours: School, number: int) -> None:
    name = list(STATES)[number]
    asker, answer = STATES[name](ours)
    assert answer.status_code != 302, answer.headers["Location"]
    found = seen(page, asker, answer, number, name)
    assert not found, "\n".join(found)
