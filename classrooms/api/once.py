"""`Idempotency-Key`: a POST that is sent again, because its answer got lost, is done once.

The answer is stored in the transaction that does it: either both are there or neither. A second request that
comes meanwhile waits for the first; where the deed takes long it is refused (`once_apart`). What was refused
changed nothing, so it is tried anew. Bodies are sealed: some hold a secret that is told this once.
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
from accounts.sealed import seal, unseal
from classrooms.models import KeptAnswer
from tenants.refusals import Refusal

LOST = timedelta(minutes=15)  # without an answer: whoever did it is gone
SHAPE = re.compile(r"[\x21-\x7e]{1,255}")

Handler = Callable[..., Response]
Act = Callable[[], Response]


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


class BeingDone(Refusal):
    code = "being_done"
    status = 409
    title = _("This is being done just now")
    text = _("Another request with this Idempotency-Key has not been answered yet.")
    mend = _("Send it again in a moment.")


def once(handler: Handler) -> Handler:
    """Let a view's `post` keep its answers."""
    return _keeping(handler, _done_at_once)


def once_apart(handler: Handler) -> Handler:
    """Let one that takes long keep its answers: nobody waits for a transaction of it meanwhile. Where the
    process dies between deed and answer, the key is free again after LOST."""
    return _keeping(handler, _done_apart)


def _keeping(handler: Handler, do: Callable[[KeptAnswer, Act], Response]) -> Handler:
    @wraps(handler)
    def post(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Raises BadIdempotencyKey, KeyUsedBefore, BeingDone."""
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not SHAPE.fullmatch(key):
            raise BadIdempotencyKey
        return do(_asked(key, request), lambda: handler(view, request, *args, **kwargs))

    post.keeps_answers = True  # type: ignore[attr-defined]  # document.py asks for it
    return post


def _asked(key: str, request: Request) -> KeptAnswer:
    """The row for its answer, not saved yet."""
    asked = cast(MemberRequest, request._request)
    return KeptAnswer(
        tenant=asked.tenant,
        asker=asker_of(request),
        key=key,
        fingerprint=fingerprint_of(request),
        at=asked.now,
    )


def _done_at_once(kept: KeptAnswer, act: Act) -> Response:
    with transaction.atomic():
        if not _take(kept):
            return _kept_before(kept)
        answer = act()
        _keep(kept, answer)
        return answer


def _done_apart(kept: KeptAnswer, act: Act) -> Response:
    KeptAnswer.objects.filter(status=0, at__lt=kept.at - LOST).delete()
    if not _take(kept):
        return _kept_before(kept)
    try:
        answer = act()
    except BaseException:
        kept.delete()
        raise
    _keep(kept, answer)
    return answer


def _take(kept: KeptAnswer) -> bool:
    """Whether nobody else has used the key."""
    KeptAnswer.objects.old(kept.at).delete()
    try:
        with transaction.atomic():
            kept.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _keep(kept: KeptAnswer, answer: Response) -> None:
    kept.status, kept.location = answer.status_code, answer.headers.get("Location", "")
    kept.sealed_body = "" if answer.data is None else seal(JSONRenderer().render(answer.data).decode())
    kept.save()


def _kept_before(asked: KeptAnswer) -> Response:
    kept = KeptAnswer.objects.filter(asker=asked.asker, key=asked.key).first()
    if kept is not None and kept.fingerprint != asked.fingerprint:
        raise KeyUsedBefore
    if kept is None or not kept.status:
        raise BeingDone
    headers = {"Idempotency-Replayed": "true"} | ({"Location": kept.location} if kept.location else {})
    body = json.loads(unseal(kept.sealed_body)) if kept.sealed_body else None
    return Response(body, status=kept.status, headers=headers)


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
