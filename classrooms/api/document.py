"""The OpenAPI document of the API, and the page that shows it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from rest_framework.utils.encoders import JSONEncoder

from classrooms.api.schema import HEADERS, PROBLEM_SHAPE, RATE

NAMES = (("OutList", "List"), ("OutRequest", ""), ("InRequest", "New"), ("Request", ""), ("Out", ""))


def everywhere(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """POSTPROCESSING_HOOKS: what operations point to, and names as callers read them."""
    parts = result["components"]
    parts["headers"] = HEADERS
    parts["schemas"]["Problem"] = PROBLEM_SHAPE
    parts["responses"] = {
        "Problem": {
            "description": "It was not done, and why.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            "headers": RATE,
        }
    }
    words = json.dumps(result, cls=JSONEncoder)
    for name in sorted(parts["schemas"], key=len, reverse=True):
        words = words.replace(f'"{name}"', f'"{plain(name)}"').replace(f'/{name}"', f'/{plain(name)}"')
    renamed: dict[str, Any] = json.loads(words.replace("{public_id}", "{id}").replace('"public_id"', '"id"'))
    return renamed


def plain(name: str) -> str:
    """SessionOut → Session, SessionInRequest → SessionNew."""
    for end, better in NAMES:
        if name.endswith(end):
            return name.removesuffix(end) + better
    return name


@cache
def document() -> str:
    """The same for every school and every request, in English."""
    from drf_spectacular.generators import SchemaGenerator  # reads settings that name this module

    with translation.override("en"):
        return json.dumps(SchemaGenerator().get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The document, for everybody: it tells nothing of any school."""
    return HttpResponse(document(), content_type="application/vnd.oai.openapi+json")


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """To read and to try, as whoever is signed in here or with a key."""
    return render(request, "classrooms/api.html", {"csrf": get_token(request)})
