"""What somebody has seen of a row, in a header: nobody changes what is not as they saw it (RFC 9110 13.1)."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from tenants.refusals import Refusal

TAG = re.compile(r'(?:W/)?"[^"]*"')


class Changed(Refusal):
    code = "changed_since"
    status = 412
    title = _("It has changed")
    text = _("This is not any more as the If-Match header says.")
    mend = _("Read it again, and send its new ETag.")


def tag_of(told: Any) -> str:
    """A strong ETag of what is answered."""
    words = json.dumps(told, cls=JSONEncoder, sort_keys=True, ensure_ascii=False)
    return f'"{sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def check_match(request: Request, tag: str) -> None:
    """Weak tags match nothing here (RFC 9110, 13.1.1). Raises Changed."""
    asked = request.headers.get("If-Match")
    if asked is not None and asked.strip() != "*" and tag not in TAG.findall(asked):
        raise Changed


def is_known(request: Request, tag: str) -> bool:
    """Whether the asker has it as it is (If-None-Match)."""
    asked = request.headers.get("If-None-Match", "")
    return asked.strip() == "*" or tag in [each.removeprefix("W/") for each in TAG.findall(asked)]
