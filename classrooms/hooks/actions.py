"""What those who run a school do with its webhooks."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from accounts.actions import check_runs
from accounts.audit import note
from accounts.entries import Deed
from accounts.models import Membership
from accounts.sealed import seal
from classrooms.hooks.events import EVENTS, tell
from classrooms.hooks.refusals import NoSuchEvent, NotAnAddress, NotOn
from classrooms.hooks.signing import new_secret
from classrooms.models import Webhook, WebhookDelivery, WebhookEvent

CHANGES = ("name", "url", "wanted", "state")


@transaction.atomic
def make_webhook(
    *, by: Membership, name: str, url: str, wanted: list[str], at: datetime
) -> tuple[Webhook, str]:
    """The webhook, and its secret: it is shown this once. Raises NotAnAdmin, NotAnAddress, NoSuchEvent."""
    check_runs(by)
    secret = new_secret()
    webhook = Webhook(name=name, url=checked_url(url), wanted=checked_events(wanted), created_at=at)
    webhook.sealed_secret = seal(secret)
    webhook.save()
    note(deed=Deed.WEBHOOK_MADE, by=by, tenant=webhook.tenant, on=webhook, changes={"url": ["", url]})
    return webhook, secret


@transaction.atomic
def change_webhook(
    *,
    webhook: Webhook,
    by: Membership,
    name: str | None = None,
    url: str | None = None,
    wanted: list[str] | None = None,
    on: bool | None = None,
) -> None:
    """What is left out stays. Paused it is told nothing: what happens waits until it is turned on again."""
    check_runs(by)
    was = {each: getattr(webhook, each) for each in CHANGES}
    webhook.name = webhook.name if name is None else name
    webhook.url = webhook.url if url is None else checked_url(url)
    webhook.wanted = webhook.wanted if wanted is None else checked_events(wanted)
    if on is not None:
        webhook.state = Webhook.State.ON if on else Webhook.State.PAUSED
        webhook.failing_since = None
    webhook.save()
    now = {each: getattr(webhook, each) for each in CHANGES}
    changes = {each: [was[each], now[each]] for each in CHANGES if was[each] != now[each]}
    note(deed=Deed.WEBHOOK_CHANGED, by=by, tenant=webhook.tenant, on=webhook, changes=changes)


@transaction.atomic
def renew_secret(*, webhook: Webhook, by: Membership) -> str:
    """Another secret, from now on; it is shown this once."""
    check_runs(by)
    secret = new_secret()
    webhook.sealed_secret = seal(secret)
    webhook.save(update_fields=["sealed_secret"])
    note(deed=Deed.WEBHOOK_CHANGED, by=by, tenant=webhook.tenant, on=webhook, changes={"secret": ["", ""]})
    return secret


@transaction.atomic
def delete_webhook(*, webhook: Webhook, by: Membership) -> None:
    check_runs(by)
    note(deed=Deed.WEBHOOK_DELETED, by=by, tenant=webhook.tenant, on=webhook)
    webhook.delete()


@transaction.atomic
def send_test(*, webhook: Webhook, by: Membership, at: datetime) -> WebhookEvent:
    """To this address alone, whatever it wants. Raises NotOn."""
    check_runs(by)
    if webhook.state != Webhook.State.ON:
        raise NotOn
    note(deed=Deed.WEBHOOK_TESTED, by=by, tenant=webhook.tenant, on=webhook)
    about = {"webhook": {"id": webhook.public_id, "name": webhook.name}}
    return tell([webhook], "webhook.test", at, about, None)


@transaction.atomic
def replay(*, delivery: WebhookDelivery, by: Membership, at: datetime) -> None:
    """Once more, under the same id, with a day to succeed. What waits already comes at once."""
    check_runs(by)
    delivery.state, delivery.due_at = WebhookDelivery.State.WAITING, at
    delivery.attempts, delivery.first_at, delivery.done_at = 0, None, None
    delivery.save()
    changes = {"event": [None, delivery.event.public_id]}
    note(deed=Deed.WEBHOOK_REPLAYED, by=by, tenant=delivery.tenant, on=delivery.webhook, changes=changes)


def checked_url(url: str) -> str:
    """Raises NotAnAddress."""
    try:
        parts = urlsplit(url)
        host, _port = (parts.hostname or "").encode("idna"), parts.port
    except ValueError:
        raise NotAnAddress from None
    schemes = ("https", "http") if settings.OUTGOING_PRIVATE else ("https",)
    if parts.scheme not in schemes or not host or parts.username or parts.fragment:
        raise NotAnAddress
    return url


def checked_events(wanted: list[str]) -> list[str]:
    unknown = [each for each in wanted if each not in EVENTS]
    if unknown:
        raise NoSuchEvent(unknown[0])
    return sorted(set(wanted))
