"""What is searched for in a list of an admin is found, and each of its filters opens."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.access.schools import Asker, School, operator
from tests.access.walk import BASE, SCHOOL, SITES

MOST = 20  # questions of a page
ROWS = re.compile(r'<table id="result_list".*?</table>', re.S)
FILTER = re.compile(r'<details name="filter">.*?</details>', re.S)
LINK = re.compile(r'href="(\?[^"]*)"')
LISTS = [
    (urls, model._meta.label_lower)
    for urls, site in SITES.items()
    for model in site._registry
    if (urls, model._meta.model_name) != (SCHOOL, "tenant")  # opens the school's rules
]


def asker_of(urls: str, school: School) -> Asker:
    return operator().at(settings.BASE_DOMAIN) if urls == BASE else school.people["admin"]


@pytest.mark.parametrize(("urls", "kind"), LISTS)
def test_a_list_shows_what_is_searched_for_and_opens_with_each_filter(
    urls: str, kind: str, ours: School, theirs: School
) -> None:
    asker, path = asker_of(urls, ours), f"/admin/{kind.replace('.', '/')}/"
    page = asker.ask("GET", path)
    if 'name="q"' in page.content.decode():
        found = ROWS.search(asker.ask("GET", path, QUERY_STRING=f"q={ours.mark}").content.decode())
        assert found, "nothing is found"
        assert ours.mark in found[0]
        assert theirs.mark not in found[0]
    for link in links(page):
        with CaptureQueriesContext(connection) as captured:
            answer = asker.ask("GET", path, QUERY_STRING=link)
        assert answer.status_code == 200, link
        assert len(captured) <= MOST, link


def links(page: Any) -> list[str]:
    """Queries of all choices of all filters."""
    filters = FILTER.findall(page.content.decode())
    return [unescape(each).lstrip("?") for part in filters for each in LINK.findall(part)]


def test_most_lists_are_searched_and_filtered(ours: School) -> None:
    askers = {urls: asker_of(urls, ours) for urls in SITES}
    pages = [askers[urls].ask("GET", f"/admin/{kind.replace('.', '/')}/") for urls, kind in LISTS]
    assert sum(b'name="q"' in page.content for page in pages) >= 13
    assert sum(bool(links(page)) for page in pages) >= 13
