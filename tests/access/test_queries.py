"""No page asks the database more than twenty times, whoever opens it, however much there is."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from accounts.models import Membership
from tests.access.many import add_many
from tests.access.schools import Asker, School, operator
from tests.access.walk import (
    API,
    BASE,
    PARAMETER,
    SCHOOL,
    Make,
    addresses,
    content_of,
    filled,
    of,
    spelled,
    undone,
    values,
)

pytestmark = pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")

MOST = 20
FEW, MANY = 3, 30  # of everything; a page shows up to 50
NO_QUESTION = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")
WHO = ("owner", "teacher", "student", "guest", "stranger", "operator")
API_MAKERS: dict[str, dict[str, Make]] = {  # by the beginning of an address; the longest holds
    "users/": {"public_id": lambda school, who: who.public_id},
    "memberships/": {"public_id": lambda school, who: who.public_id},
    "courses/": {"public_id": of("course"), "user": lambda school, who: who.public_id},
    "sessions/": {
        "public_id": of("live"),
        "participant": of("student_here"),
        "material": of("material"),
        "recording": of("recording"),
        "kind": lambda school, who: "video",
    },
    "sessions/<public_id>/recordings/": {"public_id": of("over")},
    "webhooks/": {"public_id": of("webhook"), "event": of("told")},
    "tenants/": {"slug": lambda school, who: school.tenant.slug},
}


def operations() -> Iterator[str]:
    """Addresses of the API, as in “sessions/<public_id>/chat/”; the last is of what there is not."""
    found = spelled(get_resolver(SCHOOL).url_patterns)
    yield from dict.fromkeys(each.removeprefix(API) for each in found if each.startswith(API))


def path_in_api(address: str, school: School, who: Membership | None) -> str:
    makers: dict[str, Make] = {}
    for beginning in sorted(API_MAKERS, key=len):
        makers |= API_MAKERS[beginning] if address.startswith(beginning) else {}
    somebody = who or school.member("student")
    return "/" + API + PARAMETER.sub(lambda found: str(makers[found[1]](school, somebody)), address)


def asked(asker: Asker, path: str) -> list[str]:
    """The questions of a page. The browser keeps the cookies that it had."""
    cookies = deepcopy(asker.browser.cookies)
    ContentType.objects.clear_cache()  # as in a process that has just begun
    with undone(), CaptureQueriesContext(connection) as captured:
        content_of(asker.ask("GET", path))
    asker.browser.cookies = cookies
    return [each["sql"] for each in captured if not each["sql"].startswith(NO_QUESTION)]


def all_asked(asker: Asker, school: School) -> dict[str, list[str]]:
    urls = BASE if asker.host == "localhost" else SCHOOL
    pages = {each: filled(each, values(each, school, asker.member)) for each in addresses(urls)}
    paths = pages | {API + each: path_in_api(each, school, asker.member) for each in operations()}
    return {address: asked(asker, path) for address, path in paths.items()}


@pytest.fixture
def asker(request: Any, ours: School) -> Asker:
    return operator() if request.param == "operator" else ours.people[request.param]


@pytest.mark.parametrize("asker", WHO, indirect=True)
def test_no_page_asks_too_often_nor_more_the_more_there_is(
    asker: Asker, ours: School, theirs: School
) -> None:
    add_many(ours, range(FEW))
    few = all_asked(asker, ours)
    add_many(ours, range(FEW, MANY))
    many = all_asked(asker, ours)
    wrong = {
        address: (len(few[address]), len(questions))
        for address, questions in many.items()
        if len(questions) > MOST or len(questions) != len(few[address])
    }
    assert not wrong, "\n".join(told(address, few[address], many[address]) for address in wrong)


def told(address: str, few: list[str], many: list[str]) -> str:
    return "\n? ".join([f"{address}: {len(few)} of {FEW} rows, {len(many)} of {MANY}", *many[: 3 * MOST]])
