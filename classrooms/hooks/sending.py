"""Telling what waits: each event of a class in its turn, tried for a day, to addresses of the internet alone.
Nobody waits for another's receiver: each delivery has a thread, and no school has all of them.

The rows are the queue. Whoever sends takes a row for a while; when that process is killed, the next one sends
it once more, under the same id (Standard Webhooks: receivers know an id they have had).
"""

from __future__ import annotations

import logging
import random
import threading
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests
from django.db import close_old_connections
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.sealed import unseal
from classrooms.hooks.problems import problem_of
from classrooms.hooks.signing import headers
from classrooms.models import Webhook, WebhookDelivery, WebhookEvent
from tenants import outgoing
from tenants.languages import spoken
from tenants.scope import every_tenant, tenant_scope

logger = logging.getLogger(__name__)

WAITS = [timedelta(seconds=5), timedelta(seconds=30)]
WAITS += [timedelta(minutes=each) for each in (2, 10, 30)]
WAITS += [timedelta(hours=each) for each in (1, 2, 4, 8)]  # and once more when the day is over
TRIED_FOR = timedelta(hours=24)
FAILS_FOR = timedelta(days=5)  # an address without any success is turned off
TAKEN_FOR = timedelta(minutes=2)  # longer than any request lasts (outgoing.WHOLE, and the resolver's time)
KEPT = timedelta(days=30)
FORGETS_EVERY = timedelta(hours=1)
AT_ONCE, OF_SCHOOL, OF_ONE = 24, 4, 2  # requests, those of one school, and those to one address
LOOKED_AT = 500  # rows
IDLE = 1.0  # seconds between looks
GONE = 410


@dataclass(frozen=True)
class Answer:
    """`status` 0: none came, and `problem` says why."""

    status: int
    problem: str = ""

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


class Sender:
    """A thread that tells what is due, until it is closed."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.forgets_at: datetime | None = None
        self.thread = threading.Thread(target=self.run, name="webhooks", daemon=True)

    def __enter__(self) -> Sender:
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self.thread.join(timeout=outgoing.WHOLE)

    def run(self) -> None:
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
            tellers = Tellers(pool)
            while not self.over.is_set():
                try:
                    self.clean(timezone.now())
                    found = tellers.turn(timezone.now())
                except Exception:  # the thread outlives a database that is away
                    logger.exception("Webhooks were not told; the next turn tries again")
                    self.over.wait(IDLE)
                    continue
                finally:
                    close_old_connections()
                if not found and not tellers.wait(IDLE):
                    self.over.wait(IDLE)

    def clean(self, now: datetime) -> None:
        """Now and then."""
        if self.forgets_at is None or now >= self.forgets_at:
            self.forgets_at = now + FORGETS_EVERY
            forget(now)


class Tellers:
    """The threads of `pool`, each of which tells one thing."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.pool = pool
        self.busy: dict[Future[None], WebhookDelivery] = {}

    def turn(self, now: datetime) -> int:
        """Begin to tell what is due, one event of each class and address; how many there were."""
        self.busy = {telling: each for telling, each in self.busy.items() if not telling.done()}
        taken = [each for each in due(now, self.busy.values()) if take(each, now)]
        self.busy |= {self.pool.submit(tell, each, now): each for each in taken}
        return len(taken)

    def wait(self, seconds: float) -> bool:
        """Until one of them has told what it tells, at most so long. False: they have nothing to tell."""
        wait_for(self.busy, seconds, FIRST_COMPLETED)
        return bool(self.busy)


def due(now: datetime, busy: Iterable[WebhookDelivery] = ()) -> list[WebhookDelivery]:
    """What is to be told beside what is being told."""
    shares = Shares(busy)
    if not shares.left:
        return []
    with every_tenant():
        rows = next_in_lane().filter(due_at__lte=now, webhook__state=Webhook.State.ON)
        rows = rows.exclude(tenant__in=shares.full_schools).exclude(webhook__in=shares.full_addresses)
        free = rows.exclude(taken_until__gt=now).select_related("webhook", "event", "tenant")
        return [each for each in free.order_by("due_at", "pk")[:LOOKED_AT] if shares.admit(each)]


class Shares:
    """Few at once of each school, fewer of each address: one that does not answer leaves room for others."""

    def __init__(self, busy: Iterable[WebhookDelivery]) -> None:
        self.left = AT_ONCE
        self.schools: Counter[int] = Counter()
        self.addresses: Counter[int] = Counter()
        for each in busy:
            self.count(each)

    @property
    def full_schools(self) -> list[int]:
        return [pk for pk, number in self.schools.items() if number >= OF_SCHOOL]

    @property
    def full_addresses(self) -> list[int]:
        return [pk for pk, number in self.addresses.items() if number >= OF_ONE]

    def admit(self, delivery: WebhookDelivery) -> bool:
        """Whether there is room for this one, which it then has."""
        has_room = (
            self.left > 0
            and self.schools[delivery.tenant_id] < OF_SCHOOL
            and self.addresses[delivery.webhook_id] < OF_ONE
        )
        if has_room:
            self.count(delivery)
        return has_room

    def count(self, delivery: WebhookDelivery) -> None:
        self.left -= 1
        self.schools[delivery.tenant_id] += 1
        self.addresses[delivery.webhook_id] += 1


def next_in_lane() -> QuerySet[WebhookDelivery]:
    """Of what waits, what nothing of the same class waits before, at the same address."""
    waiting = WebhookDelivery.objects.filter(state=WebhookDelivery.State.WAITING)
    before = waiting.filter(webhook=OuterRef("webhook"), lane=OuterRef("lane"), pk__lt=OuterRef("pk"))
    rows: QuerySet[WebhookDelivery] = waiting.filter(Q(lane="") | ~Exists(before))
    return rows


def take(delivery: WebhookDelivery, now: datetime) -> bool:
    """Whether it is ours for now."""
    with tenant_scope(delivery.tenant):
        same = WebhookDelivery.objects.filter(pk=delivery.pk, state=WebhookDelivery.State.WAITING)
        return same.filter(taken_until=delivery.taken_until).update(taken_until=now + TAKEN_FOR) == 1


def tell(delivery: WebhookDelivery, now: datetime) -> None:
    try:
        answer = attempt(delivery, now)
        with tenant_scope(delivery.tenant):
            settle(delivery, answer, now)
    except Exception:  # of the database: it is told again after TAKEN_FOR
        logger.exception("What came of a webhook was not written down; it is told again")
    finally:
        close_old_connections()


def attempt(delivery: WebhookDelivery, now: datetime) -> Answer:
    """Our own faults count as well: what can never be told is given up too."""
    with override(spoken(delivery.tenant.language)):
        try:
            return ask(delivery.webhook, delivery.event, now)
        except Exception:
            logger.exception("A webhook was not told; it is tried again")
            return Answer(0, _("Something went wrong in Aula."))


def ask(webhook: Webhook, event: WebhookEvent, now: datetime) -> Answer:
    """Send it once. The address is checked at each attempt: a name may lead elsewhere by now."""
    body = event.body.encode()
    try:
        secret = unseal(webhook.sealed_secret)
    except ValueError:
        return Answer(0, _("Its secret cannot be read any more: make a new one."))
    said = headers(secret, f"msg_{event.public_id}", now, body)
    said |= {"content-type": "application/json", "user-agent": "Aula-Webhooks"}
    try:
        answer = outgoing.session().post(webhook.url, data=body, headers=said, allow_redirects=False)
    except (requests.RequestException, ValueError) as error:  # of a name nobody can have
        return Answer(0, problem_of(error, webhook.url)[:200])
    if 300 <= answer.status_code < 400:
        return Answer(answer.status_code, _("It leads elsewhere: enter the address that it leads to."))
    return Answer(answer.status_code, "" if answer.ok else answer.reason[:200])


def settle(delivery: WebhookDelivery, answer: Answer, now: datetime) -> None:
    """What came of an attempt."""
    delivery.attempts += 1
    delivery.first_at = delivery.first_at or now
    delivery.status, delivery.problem = answer.status or None, answer.problem
    delivery.taken_until = None
    if answer.is_good:
        delivery.state, delivery.done_at = WebhookDelivery.State.DELIVERED, now
    else:
        over_at = delivery.first_at + TRIED_FOR
        delivery.due_at = min(now + wait(delivery.attempts), over_at)
        if now >= over_at:
            delivery.state, delivery.done_at = WebhookDelivery.State.GIVEN_UP, now
    fields = ("attempts", "first_at", "status", "problem", "taken_until", "state", "done_at", "due_at")
    same = WebhookDelivery.objects.filter(pk=delivery.pk)  # none where its webhook was deleted meanwhile
    same.update(**{name: getattr(delivery, name) for name in fields})
    judge(delivery.webhook, answer, now)


def wait(attempts: int) -> timedelta:
    """After so many attempts; spread, so that what failed together does not come again together."""
    return WAITS[min(attempts, len(WAITS)) - 1] * random.uniform(0.9, 1.1)


def judge(webhook: Webhook, answer: Answer, now: datetime) -> None:
    """An address that wants no more (410), or has failed for days, is turned off."""
    rows = Webhook.objects.filter(pk=webhook.pk)
    if answer.is_good:
        rows.exclude(failing_since=None).update(failing_since=None)
    elif answer.status == GONE:
        rows.filter(state=Webhook.State.ON).update(state=Webhook.State.REFUSED)
    else:
        rows.filter(failing_since=None).update(failing_since=now)
        rows.filter(state=Webhook.State.ON, failing_since__lt=now - FAILS_FOR).update(
            state=Webhook.State.FAILED
        )


def forget(now: datetime) -> None:
    """Events of long ago, with what came of them."""
    with every_tenant():
        WebhookEvent.objects.filter(at__lt=now - KEPT).delete()
