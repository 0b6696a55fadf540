"""Every page, form, file and admin view, for everybody: two tables say what is answered (tables.py).

The API's operations: tests/api/test_matrix.py. The sockets' actions: tests/socket/test_matrix.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from tests.access import tables
from tests.access.schools import Asker, School, clerk, operator
from tests.access.sums import sum_of, written
from tests.access.walk import (
    BASE,
    PARAMETER,
    SCHOOL,
    UNKNOWN,
    addresses,
    asked,
    content_of,
    deeds,
    filled,
    form_of,
    undone,
    values,
    word,
)

pytestmark = pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")

URLS = {"school": SCHOOL, "operators": BASE}
TABLES = {name: tables.read(name) for name in URLS}


def area(address: str) -> str:
    """The part of Aula that an address belongs to."""
    parts = address.split("/")
    return "/".join(parts[:2] if parts[0] == "admin" and len(parts) > 3 else parts[:1])


AREAS = [
    (name, each) for name in URLS for each in dict.fromkeys(area(address) for address, _ in TABLES[name])
]


def lines(name: str, which: str) -> list[tables.Line]:
    return [line for line in TABLES[name] if area(line[0]) == which]


Cast = dict[str, Asker]


@pytest.fixture
def cast(ours: School, theirs: School) -> Callable[[str], Cast]:
    def at(name: str) -> Cast:
        everybody = {**ours.people, "operator": operator(), "outsider": theirs.people["owner"]}
        if name == "operators":
            return {who: asker.at(settings.BASE_DOMAIN) for who, asker in everybody.items()}
        return everybody | {"operator": everybody["operator"].at(ours.host)}

    return at


@pytest.mark.parametrize("name", URLS)
def test_every_address_is_declared_and_no_other(name: str) -> None:
    pages = {(address, verb) for address in addresses(URLS[name]) for verb in ("GET", "POST")}
    declared = set(TABLES[name])
    assert pages | {(each, "POST") for each in deeds(URLS[name])} == {
        (address, verb) for address, verb in declared if verb != "DELETE"
    }
    assert {address for address, _ in declared} <= {address for address, _ in pages} | set(deeds(URLS[name]))


@pytest.mark.parametrize(("name", "which"), AREAS)
def test_everybody_is_answered_as_declared(
    name: str, which: str, cast: Callable[[str], Cast], ours: School
) -> None:
    people, found = cast(name), {}
    before = sum_of(ours)
    for address, verb in lines(name, which):
        found[address, verb] = {who: word(asked(people[who], verb, address, ours)) for who in tables.WHO}
    assert sum_of(ours) == before, "what was asked is undone"
    wrong = tables.changed(TABLES[name], found)
    assert not wrong, wrong


def test_staff_without_permissions_are_shown_no_rows_and_change_none(ours: School) -> None:
    staff = clerk()
    for address, verb in TABLES["operators"]:
        if re.match("admin/[a-z]+/[a-z]+/", address):
            with written() as statements:
                told = word(asked(staff, verb, address, ours))
            assert told != "200", (verb, address)
            assert not statements.statements, (verb, address)


@pytest.mark.parametrize(("name", "which"), AREAS)
def test_no_other_method_does_anything(
    name: str, which: str, cast: Callable[[str], Cast], ours: School
) -> None:
    """It is answered as GET is, or not at all; or PUT as POST is, which Django's forms take for the same."""
    people = cast(name)
    for address in dict.fromkeys(address for address, verb in lines(name, which) if verb == "GET"):
        for verb in ("PUT", "PATCH", "DELETE"):
            if (address, verb) in TABLES[name]:
                continue
            for who in ("operator", "owner", "student"):
                with written() as statements:
                    told = word(asked(people[who], verb, address, ours))
                as_get, as_post = (TABLES[name][address, like][who] for like in ("GET", "POST"))
                quiet = told in (as_get, "405", "404", "403", "in") and not statements.statements
                assert quiet or (verb == "PUT" and told == as_post), (verb, address, who, told)


NEW = re.compile(rb'(nonce="|name="csrfmiddlewaretoken" value="|"csrf": ")[^"]+|(?<=Reference: )[A-Z0-9-]+')


def alike(content: bytes, told: dict[str, str]) -> bytes:
    """What is answered, but for the ids that were asked for and for what is new in every answer."""
    for value in told.values():
        content = re.sub(rb"(?<=/|=)%s(?=[/.&\"?]|$)" % value.encode(), b"ID", content.replace(b"%2F", b"/"))
    return NEW.sub(rb"\1", content)


def unknown(theirs: dict[str, str]) -> dict[str, str]:
    """The same with ids that nobody has."""
    never = {"kind": None, "language": None, "content_type_id": None}
    return {
        name: value
        if name in never
        else re.sub(r"\d", "9", value) + "7" * (7 - len(value))
        if value.isdecimal()
        else UNKNOWN
        if len(value) == 32
        else f"{value[:-4]}AAAA"
        for name, value in theirs.items()
    }


NAMED = [each for each in AREAS if any(PARAMETER.search(address) for address, _ in lines(*each))]


@pytest.mark.parametrize("which", [which for name, which in NAMED if name == "school"])
@pytest.mark.parametrize("who", ["owner", "student"])
def test_what_is_another_schools_is_answered_like_what_never_was(
    which: str, who: str, ours: School, theirs: School
) -> None:
    asker = ours.people[who]
    before = sum_of(theirs)
    for address, verb in lines("school", which):
        if not set(PARAMETER.findall(address)) - {"kind", "language"}:
            continue
        ids = values(address, theirs, None)
        told = []
        for these in (ids, unknown(ids)):
            with undone(), written() as statements:
                answer = asker.ask(verb, filled(address, these), form_of(address, theirs) or None)
                place = alike(answer.headers.get("Location", "").encode(), these)
                told.append((answer.status_code, place, alike(content_of(answer), these)))
                assert not statements.statements or sum_of(theirs) == before, (verb, address)
        assert told[0] == told[1], (verb, address)
        assert theirs.mark.encode() not in told[0][2], (verb, address)


@pytest.mark.parametrize("which", [which for name, which in AREAS if name == "school"])
def test_another_schools_cookie_and_the_platforms_are_worth_nothing(
    which: str, ours: School, theirs: School
) -> None:
    """Sent to the school's own address: who has them is a stranger there."""
    for address, verb in lines("school", which):
        for asker in (theirs.people["owner"].at(ours.host), theirs.people["guest"].at(ours.host)):
            told = word(asked(Asker(asker.host, asker.browser), verb, address, ours))
            assert told == TABLES["school"][address, verb]["stranger"], (verb, address)


@pytest.mark.parametrize("name", URLS)
def test_a_form_without_its_token_is_refused_wherever_it_is_sent(
    name: str, cast: Callable[[str], Cast], ours: School
) -> None:
    people = cast(name)
    for who in ("operator", "owner", "student", "guest", "stranger"):
        browser = Client(enforce_csrf_checks=True)
        browser.cookies = people[who].browser.cookies
        forger = Asker(people[who].host, browser, people[who].member)
        for address, verb in TABLES[name]:
            if verb == "GET":
                continue
            answer, declared = asked(forger, verb, address, ours), TABLES[name][address, verb][who]
            before_forms = declared in ("in", "404") and word(answer) == declared  # there is nothing to forge
            assert answer.status_code == 403 or before_forms, (verb, address, who, answer.status_code)
