"""Running an action from a socket: in the database's thread, inside the tenant's scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import connections
from tenants.models import Tenant
from tenants.scope import tenant_scope

P = ParamSpec("P")
R = TypeVar("R")


async def in_tenant(tenant: Tenant, action: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call `action` in `tenant`'s scope. The scope lasts for this call, not for the socket.

    One thread of the process serves all sockets and keeps its connection to the database: a new one for every
    message would cost more than the message. A broken one is closed, so that the next message gets a new one.
    """

    def scoped() -> R:
        try:
            with tenant_scope(tenant):
                return action(*args, **kwargs)
        finally:
            close_broken()

    return await sync_to_async(scoped, thread_sensitive=True)()


def close_broken() -> None:
    for connection in connections.all(initialized_only=True):
        if connection.errors_occurred and not connection.in_atomic_block:
            connection.close()
