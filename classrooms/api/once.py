"""`Idempotency-Key`: a POST that is sent again, because its answer got lost, is done once.

The answer is stored in the transaction that does it: either both are there or neither. A second request that
comes meanwhile waits for the first. What was refused changed nothing, so it is tried anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.requests import MemberRequest
from classrooms.models import KeptAnswer
from tenants.refusals import Refusal

KEPT = timedelta(hours=24)
SHAPE = re.compile(r"[\x21-\x7e]{1,255}")

Handler = Callable[..., Response]


class BadIdempotencyKey(Refusal):
    code = "bad_idempotency_key"
    status = 400
    title = _("This Idempotency-Key cannot be used")
    text = _("An Idempotency-Key is 1 to 255 visible ASCII characters.")
    mend = _("Send a new UUID for each thing that is to be done.")


class KeyUsedBefore(Refusal):
    code = "idempotency_key_reused"
    status = 422
    title = _("This Idempotency-Key was used before")
    text = _("It came with another request within the last 24 hours.")
    mend = _("Send a new one for each thing that is to be done.")


def once(handler: Handler) -> Handler:
    """Let a view's `post` keep its answers."""

    @wraps(handler)
    def post(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Raises BadIdempotencyKey, KeyUsedBefore."""
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not SHAPE.fullmatch(key):
            raise BadIdempotencyKey
        return _done_once(key, request, lambda: handler(view, request, *args, **kwargs))

    post.keeps_answers = True  # type: ignore[attr-defined]  # document.py asks for it
    return post


def _done_once(key: str, request: Request, act: Callable[[], Response]) -> Response:
    fingerprint, asked = fingerprint_of(request), cast(MemberRequest, request._request)
    with transaction.atomic():
        KeptAnswer.objects.filter(at__lt=asked.now - KEPT).delete()
        kept = KeptAnswer(
            tenant=asked.tenant, asker=asker_of(request), key=key, fingerprint=fingerprint, at=asked.now
        )
        try:
            with transaction.atomic():
                kept.save(force_insert=True)
        except IntegrityError:
            return _kept_before(kept)
        answer = act()
        kept.status, kept.location = answer.status_code, answer.headers.get("Location", "")
        kept.body = "" if answer.data is None else JSONRenderer().render(answer.data).decode()
        kept.save()
        return answer


def _kept_before(asked: KeptAnswer) -> Response:
    kept = KeptAnswer.objects.get(asker=asked.asker, key=asked.key)
    if kept.fingerprint != asked.fingerprint:
        raise KeyUsedBefore
    headers = {"Idempotency-Replayed": "true"} | ({"Location": kept.location} if kept.location else {})
    return Response(json.loads(kept.body) if kept.body else None, status=kept.status, headers=headers)


def asker_of(request: Request) -> str:
    """A key or a person: each has idempotency keys, and a pace, of its own."""
    if request.auth:
        return f"key-{request.auth.pk}"
    return f"member-{cast(MemberRequest, request._request).membership.pk}"


def fingerprint_of(request: Request) -> str:
    """Of the method, the address, and all that was sent, files too."""
    found = sha256(f"{request.method} {request.get_full_path()}\n".encode())
    data: Any = request.data
    pairs = sorted(data.lists()) if hasattr(data, "lists") else [("", [data])]
    for name, values in pairs:
        for value in values:
            if isinstance(value, UploadedFile):
                found.update(f"{name}\n{value.name}\n{value.size}\n".encode("utf-8", "surrogatepass"))
                for piece in value.chunks():
                    found.update(piece)
                value.seek(0)
            else:
                words = json.dumps([name, value], sort_keys=True, default=str)
                found.update(words.encode("utf-8", "surrogatepass"))
    return found.hexdigest()
