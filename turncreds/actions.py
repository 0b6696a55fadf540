"""Handing out ICE servers to people in a class."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from tenants.models import Tenant
from tenants.refusals import Refusal
from tenants.scope import tenant_scope
from turncreds.credentials import refresh_after
from turncreds.models import RelayCount, RelayGrant, RelayPolicy
from turncreds.refusals import NotInClass, RelayFull, TooManyCredentials
from turncreds.relays import Relay, platform_relay
from turncreds.servers import IceServer

log = logging.getLogger(__name__)

LOOK_AGAIN = timedelta(minutes=5)  # whether there are relays by now


@dataclass(frozen=True, slots=True)
class IceServers:
    """`servers` as RTCPeerConnection takes it; `call_servers` the same under a name of its own for a second
    connection, since the relay's quota goes by name. Send the next ones at `refresh_at`."""

    servers: list[IceServer]
    refresh_at: datetime
    expires_at: datetime
    call_servers: list[IceServer] = field(default_factory=list)


def issue_ice_servers(
    *, tenant: Tenant, participant: str, in_class: bool, now: datetime, ttl: int | None = None
) -> IceServers:
    """The ICE servers of one participant, with a credential that is good for `ttl` (TURN_TTL) seconds.

    `participant`: an opaque id, the same across reconnects, since the relay's quota goes by it. `in_class`:
    whether this person is in a class that is on now; the caller knows. Raises NotInClass, TooManyCredentials
    (with `retry_at`) and RelayFull; a class on our media server goes on without the list. Where there are no
    relays the list is empty and nothing is counted.
    """
    ttl = ttl or settings.TURN_TTL
    with tenant_scope(tenant):
        policy, own = read_policy()
        relay = own or platform_relay()
        try:
            if not in_class:
                raise NotInClass
            if not relay.relays:
                servers = relay.ice_servers(participant, now=now.timestamp(), ttl=ttl)
                again = now + LOOK_AGAIN
                return IceServers(servers, refresh_at=again, expires_at=again, call_servers=servers)
            is_first = grant(participant, policy=policy, now=now, ttl=ttl)
        except Refusal as refusal:
            count(now, **{refusal.code: 1})
            raise
        count(now, issued=1, participants=int(is_first))
    return IceServers(
        relay.ice_servers(participant, now=now.timestamp(), ttl=ttl),
        refresh_at=now + timedelta(seconds=refresh_after(ttl)),
        expires_at=now + timedelta(seconds=ttl),
        call_servers=relay.ice_servers(f"{participant}.call", now=now.timestamp(), ttl=ttl),
    )


def read_policy() -> tuple[RelayPolicy | None, Relay | None]:
    """The tenant's, and its own relay. As if there were none where it cannot be read, after a lost SECRET_KEY
    say: no class waits for that to be mended."""
    try:
        policy: RelayPolicy | None = RelayPolicy.objects.first()
        return policy, policy.own_relay if policy else None
    except ValueError as error:
        log.error("The relay policy of a school cannot be read: %s Save it again in the admin.", error)
        return None, None


@transaction.atomic
def grant(participant: str, *, policy: RelayPolicy | None, now: datetime, ttl: int) -> bool:
    """Take one credential from the limits of tenant and participant; True for one who had none before."""
    if policy and policy.max_participants is not None:
        RelayPolicy.objects.select_for_update().get(pk=policy.pk)  # one at a time may count
        others = RelayGrant.objects.living(now).exclude(participant=participant)
        if others.count() >= policy.max_participants:
            raise RelayFull
    held: RelayGrant
    is_first: bool
    held, is_first = RelayGrant.objects.select_for_update().get_or_create(
        participant=participant, defaults={"expires_at": now, "burst_started_at": now}
    )
    if retry_at := held.retry_at(now, settings.TURN_ISSUES_PER_MINUTE):
        raise TooManyCredentials(retry_at)
    held.renew(now, ttl)
    held.save()
    if is_first:
        RelayGrant.objects.filter(expires_at__lt=now - RelayGrant.KEPT).delete()
    return is_first


def count(now: datetime, **more: int) -> None:
    """Add to the tenant's counters of the day."""
    today, _ = RelayCount.objects.get_or_create(day=now.astimezone(UTC).date())
    RelayCount.objects.filter(pk=today.pk).update(**{name: F(name) + by for name, by in more.items()})
