"""Webhooks over the API: where the school is told, what was told, and how it went."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.actions import check_runs
from classrooms.api.doors import Door, Listed
from classrooms.api.fields import Id, Moment
from classrooms.api.filters import Filters
from classrooms.api.once import once
from classrooms.hooks import actions
from classrooms.hooks.events import NAMES
from classrooms.models import Webhook, WebhookDelivery


class Wanted(serializers.ListField):
    child = serializers.ChoiceField(NAMES)


class WebhookOut(serializers.ModelSerializer[Webhook]):
    id = Id(source="public_id")
    events = Wanted(source="wanted", help_text="None: all of them.")
    state = serializers.ChoiceField(Webhook.State.choices)
    failing_since = Moment(allow_null=True)
    created_at = Moment()

    class Meta:
        model = Webhook
        fields = ("id", "name", "url", "events", "state", "failing_since", "created_at")


class Secret(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="For checking signatures. It is answered this once.")


class WebhookMade(WebhookOut, Secret):
    class Meta:
        model = Webhook
        fields = ("id", "name", "url", "events", "state", "failing_since", "created_at", "secret")


class WebhookIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    url = serializers.CharField(max_length=500, help_text="https://, on the public internet.")
    events = Wanted(required=False, default=list, help_text="None: all of them.")


class WebhookChange(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80, required=False)
    url = serializers.CharField(max_length=500, required=False)
    events = Wanted(required=False)
    on = serializers.BooleanField(required=False, help_text="False: what happens waits. True: it is told.")


class WebhookFilter(Filters):
    state = django_filters.ChoiceFilter(choices=Webhook.State.choices)


class OfSchool(Door):
    """For owners and admins, and keys that act for one."""

    scope = "webhooks"

    def webhooks(self) -> QuerySet[Webhook]:
        """Raises NotYourPeople."""
        check_runs(self.member)
        rows: QuerySet[Webhook] = Webhook.objects.all()
        return rows

    def webhook(self) -> Webhook:
        found: Webhook = self.found(self.webhooks(), public_id=self.kwargs["public_id"])
        return found


def told_to(webhook: Webhook) -> QuerySet[WebhookDelivery]:
    rows: QuerySet[WebhookDelivery] = WebhookDelivery.objects.filter(webhook=webhook)
    return rows.select_related("event", "webhook")


class Webhooks(Listed, OfSchool):
    """Addresses that are told what happens (Standard Webhooks)."""

    serializer_class = WebhookOut
    filters = WebhookFilter
    sorts = {"name": "name", "created_at": "created_at"}
    sort = "name"

    def rows(self) -> QuerySet[Webhook]:
        return self.webhooks()

    @extend_schema(request=WebhookIn, responses={201: WebhookMade})
    @once
    def post(self, request: Request) -> Response:
        """Have an address told. The answer holds the secret that signs, this once."""
        sent = self.sent(WebhookIn)
        webhook, secret = actions.make_webhook(
            by=self.member, name=sent["name"], url=sent["url"], wanted=sent["events"], at=self.now
        )
        place = reverse("api-webhook", args=[webhook.public_id], request=request)
        return Response(self.told(webhook) | {"secret": secret}, status=201, headers={"Location": place})


class WebhookOne(OfSchool):
    serializer_class = WebhookOut

    def get(self, request: Request, public_id: str) -> Response:
        """One address that is told."""
        return self.tagged(self.told(self.webhook()))

    @extend_schema(request=WebhookChange)
    def patch(self, request: Request, public_id: str) -> Response:
        """Change it, pause it, or turn it on again. What happened during the pause is told then."""
        sent = self.sent(WebhookChange)
        wanted = {"wanted": sent.pop("events")} if "events" in sent else {}
        with self.changing(self.webhooks(), public_id=public_id) as webhook:
            actions.change_webhook(webhook=webhook, by=self.member, **sent, **wanted)
        return self.tagged(self.told(webhook))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Tell it nothing more, not even what waits."""
        with self.changing(self.webhooks(), public_id=public_id) as webhook:
            actions.delete_webhook(webhook=webhook, by=self.member)
        return Response(status=204)


class RenewSecret(OfSchool):
    serializer_class = Secret

    @extend_schema(request=None, responses={200: Secret})
    def post(self, request: Request, public_id: str) -> Response:
        """Sign with another secret from now on. It is answered this once."""
        return Response({"secret": actions.renew_secret(webhook=self.webhook(), by=self.member)})


class DeliveryOut(serializers.ModelSerializer[WebhookDelivery]):
    id = serializers.CharField(source="event.public_id", help_text="`webhook-id` is msg_ and this.")
    event = serializers.ChoiceField(NAMES, source="event.type")
    at = Moment(source="event.at")
    state = serializers.ChoiceField(WebhookDelivery.State.choices)
    status = serializers.IntegerField(allow_null=True, help_text="HTTP status of the last attempt.")
    due_at = Moment()
    done_at = Moment(allow_null=True)

    class Meta:
        model = WebhookDelivery
        fields = ("id", "event", "at", "state", "attempts", "status", "problem", "due_at", "done_at")


class DeliveryFilter(Filters):
    state = django_filters.ChoiceFilter(choices=WebhookDelivery.State.choices)
    event = django_filters.ChoiceFilter("event__type", choices=NAMES)


class Deliveries(Listed, OfSchool):
    """What was told to one address in the last 30 days, and what waits."""

    serializer_class = DeliveryOut
    filters = DeliveryFilter
    sorts = {"at": "event__at"}
    sort = "-at"

    def rows(self) -> QuerySet[WebhookDelivery]:
        return told_to(self.webhook())


class SendTest(OfSchool):
    serializer_class = DeliveryOut

    @extend_schema(request=None, responses={202: DeliveryOut})
    @once
    def post(self, request: Request, public_id: str) -> Response:
        """Tell it `webhook.test`, to see whether it arrives."""
        webhook = self.webhook()
        event = actions.send_test(webhook=webhook, by=self.member, at=self.now)
        return Response(self.told(told_to(webhook).get(event=event)), status=202)


class Replay(OfSchool):
    serializer_class = DeliveryOut

    @extend_schema(request=None, responses={202: DeliveryOut})
    @once
    def post(self, request: Request, public_id: str, event: str) -> Response:
        """Tell it once more, under the same id."""
        delivery = self.found(told_to(self.webhook()), event__public_id=event)
        actions.replay(delivery=delivery, by=self.member, at=self.now)
        return Response(self.told(delivery), status=202)
