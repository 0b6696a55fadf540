"""A "no" as the API says it: problem details (RFC 9457)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from tenants.refusals import Refusal

TYPE = "application/problem+json"
UNKNOWN = {
    "title": "Not found",
    "status": 404,
    "code": "not_found",
    "detail": "There is nothing here for you.",
}
INVALID = {
    "title": "Some of that does not fit",
    "status": 400,
    "code": "invalid",
    "detail": "What was sent is not what this takes; `errors` says where.",
}


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER. None: a bug, which Django logs and answers."""
    match error:
        case Refusal():
            headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'} if error.status == 401 else {}
            return _answer(of_refusal(error), headers | _retry_after(error.retry_at, context))
        case Http404():
            return _answer(UNKNOWN, {})
        case exceptions.ValidationError():
            return _answer(INVALID | {"errors": error.detail}, {})
        case exceptions.APIException():
            said = {"title": error.default_detail, "status": error.status_code, "code": error.default_code}
            asked = getattr(error, "auth_header", None)
            headers = {"WWW-Authenticate": asked} if asked else {}
            return _answer({**said, "title": str(said["title"]), "detail": str(error.detail)}, headers)
    return None


def of_refusal(no: Refusal) -> dict[str, Any]:
    """`mend` says what to do, and `retry_at` when, where the refusal knows."""
    facts = {"title": str(no.title), "status": no.status, "code": no.code, "detail": str(no.text)}
    more = {"mend": str(no.mend) if no.mend else None, "retry_at": no.retry_at}
    return facts | {name: value for name, value in more.items() if value is not None}


def _retry_after(at: datetime | None, context: dict[str, Any]) -> dict[str, str]:
    """Whole seconds (RFC 9110 10.2.3)."""
    return {"Retry-After": str(max(1, round((at - context["request"].now).total_seconds())))} if at else {}


def _answer(said: dict[str, Any], headers: dict[str, str]) -> Response:
    return Response(said, status=said["status"], headers=headers, content_type=TYPE)
