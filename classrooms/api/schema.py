"""How an operation stands in the OpenAPI document: drf-spectacular's reading, and what our doors add."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import SAFE_METHODS

RATE = {
    "RateLimit": {"$ref": "#/components/headers/RateLimit"},
    "RateLimit-Policy": {"$ref": "#/components/headers/RateLimit-Policy"},
}
ETAG = {"ETag": {"$ref": "#/components/headers/ETag"}}
LOCATION = {"Location": {"$ref": "#/components/headers/Location"}}
HEADERS = {
    "RateLimit": {
        "description": "Requests left in this minute, and seconds until all are there again.",
        "schema": {"type": "string"},
        "example": '"minute";r=599;t=60',
    },
    "RateLimit-Policy": {
        "description": "How many there are in a minute.",
        "schema": {"type": "string"},
        "example": '"minute";q=600;w=60',
    },
    "ETag": {"description": "For If-Match and If-None-Match.", "schema": {"type": "string"}},
    "Location": {"description": "Where it is.", "schema": {"type": "string", "format": "uri"}},
}
ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A UUID of yours. The same request sent again with it within 24 hours is done once, and "
    "answered as it was.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what you have seen: 412 where it has changed since.",
    "schema": {"type": "string"},
}
PROBLEM_SHAPE = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["title", "status", "code", "detail"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stays the same; titles and details may be reworded."},
        "detail": {"type": "string"},
        "mend": {"type": "string", "description": "What to do about it."},
        "retry_at": {"type": "string", "format": "date-time"},
        "errors": {
            "type": "object",
            "description": "What does not fit, by name of the field or parameter.",
            "additionalProperties": True,
        },
    },
}


class Schema(AutoSchema):
    """Grouped by the areas of keys; with pace, problems, ETags and Idempotency-Key."""

    def get_tags(self) -> list[str]:
        return [getattr(self.view, "scope", None) or self._tokenize_path()[0]]

    def get_description(self) -> str:  # type: ignore[override]
        """What it does, and the scope a key needs."""
        words: str = super().get_description() or ""
        area = getattr(self.view, "scope", None)
        step = "read" if self.method in SAFE_METHODS else "write"
        return f"{words}\n\nScope of keys: `{area}:{step}`." if area else words

    def get_summary(self) -> str:
        """Its first sentence."""
        words: str = super().get_description() or ""
        return " ".join(words.split()).split(". ")[0].removesuffix(".")

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation:
            self.dress(operation)
        return operation

    def dress(self, operation: dict[str, Any]) -> None:
        handler = getattr(self.view, self.method.lower())
        more = [ONCE] if getattr(handler, "keeps_answers", False) else []
        more += [IF_MATCH] if self.is_compared else []
        if more:
            operation["parameters"] = [*operation.get("parameters", []), *more]
        for status, answer in operation["responses"].items():
            answer["headers"] = RATE | (ETAG if self.is_tagged(status) else {})
            if status == "201":
                answer["headers"] |= LOCATION
        operation["responses"]["4XX"] = {"$ref": "#/components/responses/Problem"}

    @property
    def is_compared(self) -> bool:
        """Of what has an ETag, that is of what is read at the same address."""
        return self.method in ("PATCH", "DELETE") and hasattr(self.view, "get")

    def is_tagged(self, status: str) -> bool:
        listed = self.method == "GET" and isinstance(self.view, ListModelMixin)
        return self.method in ("GET", "PATCH") and status == "200" and not listed
