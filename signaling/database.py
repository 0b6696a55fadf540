"""Reading and changing the database from a socket, in the one thread that does so for all sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import connections

from classrooms.live.announce import Letters, collect, post
from classrooms.live.holding import Order, carry_out, collect_orders
from tenants.models import Tenant
from tenants.scope import tenant_scope

P = ParamSpec("P")
R = TypeVar("R")


async def in_database(action: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call `action` in the database's thread.

    It keeps its connection: a new one for every message would cost more than the message. A broken one is
    closed, so that the next message gets a new one.
    """

    def call() -> R:
        try:
            return action(*args, **kwargs)
        finally:
            close_broken()

    return await sync_to_async(call, thread_sensitive=True)()


_under_way: set[asyncio.Task[Any]] = set()  # asyncio itself forgets a task that nobody holds


async def in_tenant(tenant: Tenant, action: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call `action` in `tenant`'s scope, which lasts for this call and not for the socket; then send what it
    announced, and have the media server do what it ordered. (Sent from here: a thread that waits for the loop
    would never end when the process stops.) All of it also when whoever asked is cancelled meanwhile: what is
    committed must be told."""
    task = asyncio.create_task(_in_tenant(tenant, partial(action, *args, **kwargs)))
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    return await asyncio.shield(task)


async def _in_tenant(tenant: Tenant, action: Callable[[], R]) -> R:
    letters: Letters = []
    orders: list[Order] = []

    def scoped() -> R:
        with tenant_scope(tenant), collect(letters), collect_orders(orders):
            return action()

    try:
        return await in_database(scoped)
    finally:
        await asyncio.gather(post(letters), carry_out(orders))


async def finish() -> None:
    """Wait for what is under way in tenants, for a process that stops."""
    if tasks := list(_under_way):
        await asyncio.wait(tasks)


def close_broken() -> None:
    for connection in connections.all(initialized_only=True):
        if connection.errors_occurred and not connection.in_atomic_block:
            connection.close()
