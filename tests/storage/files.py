"""What is in a bucket, and what a browser is sent."""

from __future__ import annotations

import asyncio
from typing import Any


def all_in(bucket: Any) -> set[str]:
    """The names of its objects."""
    return {each.key for each in bucket.bucket.objects.all()}


def content(answer: Any) -> bytes:
    """The body of a streamed answer."""

    async def collected() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    return asyncio.run(collected())
