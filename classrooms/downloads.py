"""Stored files on their way to a browser: piece by piece, from any place in them, off the page loop."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import IO, Any

from asgiref.sync import sync_to_async
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

PIECE = 256 * 1024
LONGEST_PART = 4 * 1024 * 1024  # of a range without an end: daphne keeps all that a client does not read yet
ASK_EVERY = 30.0  # seconds
RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")


class NoLonger(OSError):
    """Whoever is being sent a file may not have it any more: the line is cut."""


def send_file(
    request: HttpRequest, file: FieldFile, *, name: str, kind: str = "", may: Callable[[], bool] | None = None
) -> HttpResponseBase:
    """The file as an attachment called `name`; with a `kind` (a media type) it is shown instead.

    Answers one range of bytes (RFC 9110, 14.2) with 206, one beyond the end with 416; several are answered
    with all of it. A range without an end gets its first 4 MiB: players ask on from there. `may` is asked
    again every half minute of a long answer.
    """
    size = file.size
    wanted = asked_range(request.headers.get("Range", ""), size)
    if wanted is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = wanted
    part = (first, last) != (0, size - 1) and size > 0
    response = StreamingHttpResponse(
        guarded(pieces(file, first, last + 1 - first), may),
        status=206 if part else 200,
        content_type=kind or OPAQUE,
    )
    response["Content-Length"] = str(last + 1 - first)
    response["Content-Disposition"] = content_disposition_header(not kind, name) or "attachment"
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-cache"
    if part:
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


OPAQUE = "application/octet-stream"


def asked_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte that `header` asks for; all where it asks for none; None: there is no such part."""
    found = RANGE.match(header)
    if not found or found[0] == "bytes=-":
        return 0, size - 1
    first, last = found[1], found[2]
    if not first:  # the last so many
        many = min(int(last), size)
        return (size - many, size - 1) if many else None
    if int(first) >= size:
        return None
    end = min(int(last) if last else int(first) + LONGEST_PART - 1, size - 1)
    return (int(first), end) if int(first) <= end else (0, size - 1)


async def guarded(parts: AsyncGenerator[bytes], may: Callable[[], bool] | None) -> AsyncGenerator[bytes]:
    """Raises NoLonger."""
    asked = time.monotonic()
    async with aclosing(parts):
        async for part in parts:
            if may and time.monotonic() - asked > ASK_EVERY:
                asked = time.monotonic()
                if not await aside(may)():
                    raise NoLonger
            yield part


async def pieces(file: FieldFile, first: int, length: int) -> AsyncGenerator[bytes]:
    """Read on threads that serve no pages."""
    if length <= 0:
        return
    handle = await aside(open_at)(file, first, length)
    try:
        while length > 0 and (piece := await aside(handle.read)(min(PIECE, length))):
            length -= len(piece)
            yield piece
    finally:
        await aside(handle.close)()


def open_at(file: FieldFile, first: int, length: int) -> IO[bytes]:
    """Reads from `first` on; a bucket (objects.py) is asked for these `length` bytes alone."""
    storage: Any = file.storage
    if hasattr(storage, "open_at"):
        part: IO[bytes] = storage.open_at(file.name, first, length)
        return part
    handle: IO[bytes] = storage.open(file.name, "rb")
    handle.seek(first)
    return handle


def aside(work: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    return sync_to_async(work, thread_sensitive=False)
