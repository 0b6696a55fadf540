"""JSON as requests may hold it: not endless, not endlessly deep."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from tenants.refusals import Refusal

MOST_BYTES = 1_000_000


class TooMuch(Refusal):
    code = "request_too_large"
    status = 413
    title = _("The request is too large")
    text = _("JSON may have at most 1 MB.")
    mend = _("Send less at once.")


class Json(JSONParser):
    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Raises TooMuch, ParseError."""
        if int(parser_context["request"].META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise TooMuch
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError from None
