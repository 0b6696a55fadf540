"""What the OpenAPI document says of the operations."""

from __future__ import annotations

import json
from typing import Any

import pytest

from classrooms.api.document import document

DOCUMENT = json.loads(document())


def operations() -> list[tuple[str, str, Any]]:
    return [(path, verb, each) for path, verbs in DOCUMENT["paths"].items() for verb, each in verbs.items()]


def test_it_is_openapi_3_1():
    assert DOCUMENT["openapi"].startswith("3.1.")


@pytest.mark.parametrize("verb", ["patch", "delete"])
def test_whatever_is_read_with_an_etag_is_changed_and_deleted_with_if_match(verb):
    has = {path for path, reads, each in operations() if reads == "get" and has_etag(each)}
    named = {path for path, does, each in operations() if does == verb and names_if_match(each)}
    assert named == {path for path, does, _ in operations() if does == verb and path in has}
    assert "/api/v1/webhooks/{id}/" in named


def has_etag(operation: Any) -> bool:
    return "ETag" in operation["responses"].get("200", {}).get("headers", {})


def names_if_match(operation: Any) -> bool:
    return "If-Match" in [each.get("name") for each in operation.get("parameters", [])]
