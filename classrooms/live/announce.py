"""Telling the open sockets of a class, over the channel layer."""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from classrooms.models import ClassSession


def group_name(tenant_slug: str, session_public_id: str) -> str:
    """The group of a class's sockets; the tenant is part of it."""
    return f"classroom.{tenant_slug}.{session_public_id}"


def announce(session: ClassSession, event: dict[str, Any]) -> None:
    """Send an event to every socket of the class. Whoever does not get it notices the missing number."""
    group = group_name(session.tenant.slug, session.public_id)
    async_to_sync(get_channel_layer().group_send)(group, {"type": "session.event", "event": event})


def put_out(connection: str) -> None:
    """Tell one socket that its person has moved to another."""
    async_to_sync(get_channel_layer().send)(connection, {"type": "session.moved"})
