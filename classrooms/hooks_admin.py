"""A school's own pages about its webhooks: made, their secret shown once, tried, paused; what was told."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.requests import MemberRequest
from accounts.school_site import RefusableForm, SchoolRows, each_one, member, school
from classrooms.hooks import actions
from classrooms.hooks.events import EVENTS
from classrooms.models import Webhook, WebhookDelivery


class WebhookForm(RefusableForm):
    url = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("https://, on the public internet."),
    )
    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        choices=[(name, about) for name, about in EVENTS.items() if name != "webhook.test"],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("None: all of them."),
    )

    class Meta:
        model = Webhook
        fields = ("name",)  # the others are above


@admin.register(Webhook, site=school)
class SchoolWebhooks(SchoolRows):
    many = gettext_lazy("Webhooks")
    adds = gettext_lazy("Add webhook")
    changes = gettext_lazy("Webhook")
    asks = gettext_lazy("Delete this webhook? It is told nothing more, not even what waits.")
    does = gettext_lazy("Delete the webhook")
    may_add = may_change = may_delete = True
    form = WebhookForm
    first_step = gettext_lazy(
        "No webhooks yet. A webhook tells another system, such as the timetable, what happens here."
    )
    change_form_template = "admin/school/webhook.html"
    list_display = ("name", "url", "state", "failing_since")
    list_filter = ("state",)
    search_fields = ("name", "url", "public_id")
    fields = ("name", "url", "wanted")
    actions = ("send_test", "turn_on", "pause", "renew")

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:
        sent, by = form.cleaned_data, member(request)
        if change:
            if not form.changed_data:
                return
            actions.change_webhook(webhook=Webhook.objects.get(pk=obj.pk), by=by, **sent)
            return
        made, secret = actions.make_webhook(by=by, at=cast(MemberRequest, request).now, **sent)
        obj.pk, obj.public_id, obj.tenant = made.pk, made.public_id, made.tenant
        obj.secret = secret  # type: ignore[attr-defined]  # for the answer to this request alone

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return self.shown(request, obj, obj.secret)

    def response_change(self, request: HttpRequest, obj: Webhook) -> HttpResponse:
        """Saved, and tried where that was asked for: the page stays."""
        if "_test" not in request.POST:
            return super().response_change(request, obj)
        self.send_test(request, Webhook.objects.filter(pk=obj.pk))
        return redirect(request.path)

    def shown(self, request: HttpRequest, webhook: Webhook, secret: str) -> HttpResponse:
        """The secret, this once: on this page, in no message that a cookie would keep."""
        words = {**self.admin_site.each_context(request), "title": _("The secret"), "opts": self.opts}
        words |= {"webhook": webhook, "secret": secret}
        answer = render(request, "admin/classrooms/webhook/shown.html", words)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def delete_model(self, request: HttpRequest, obj: Webhook) -> None:
        actions.delete_webhook(webhook=obj, by=member(request))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return [str(each) for each in objs], {}, set(), []

    @admin.action(description=gettext_lazy("Send a test"), permissions=["change"])
    def send_test(self, request: HttpRequest, rows: QuerySet[Webhook]) -> None:
        by, at = member(request), cast(MemberRequest, request).now
        each_one(request, rows, lambda row: actions.send_test(webhook=row, by=by, at=at), _tests)

    @admin.action(description=gettext_lazy("Turn on"), permissions=["change"])
    def turn_on(self, request: HttpRequest, rows: QuerySet[Webhook]) -> None:
        by = member(request)
        each_one(request, rows, lambda row: actions.change_webhook(webhook=row, by=by, on=True), _on)

    @admin.action(description=gettext_lazy("Pause"), permissions=["change"])
    def pause(self, request: HttpRequest, rows: QuerySet[Webhook]) -> None:
        by = member(request)
        each_one(request, rows, lambda row: actions.change_webhook(webhook=row, by=by, on=False), _paused)

    @admin.action(description=gettext_lazy("Make a new secret"), permissions=["change"])
    def renew(self, request: HttpRequest, rows: QuerySet[Webhook]) -> HttpResponse | None:
        chosen = list(rows)
        if len(chosen) != 1:
            messages.warning(request, _("Choose one webhook: each secret is shown on a page of its own."))
            return None
        return self.shown(request, chosen[0], actions.renew_secret(webhook=chosen[0], by=member(request)))


@admin.register(WebhookDelivery, site=school)
class SchoolDeliveries(SchoolRows):
    """Looked at, and told once more."""

    many = gettext_lazy("What webhooks were told")
    changes = gettext_lazy("What a webhook was told")
    list_display = ("event_type", "webhook", "at", "state", "answer", "attempts")
    list_filter = ("state", "event__type", ("webhook", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("webhook", "event")
    search_fields = ("webhook__name", "event__public_id")
    fields = ("webhook", "event_type", "at", "state", "attempts", "status", "problem", "due_at", "body")
    actions = ("replay",)

    @admin.display(description=gettext_lazy("event"), ordering="event__type")
    def event_type(self, row: WebhookDelivery) -> str:
        return row.event.type

    @admin.display(description=gettext_lazy("when"), ordering="event__at")
    def at(self, row: WebhookDelivery) -> Any:
        return row.event.at

    @admin.display(description=gettext_lazy("answer"), ordering="status")
    def answer(self, row: WebhookDelivery) -> str:
        """“404 Not Found”, or why there was none."""
        return " ".join(str(each) for each in (row.status, row.problem) if each) or "–"

    @admin.display(description=gettext_lazy("what was told"))
    def body(self, row: WebhookDelivery) -> str:
        return row.event.body

    @admin.action(description=gettext_lazy("Tell once more"), permissions=["view"])
    def replay(self, request: HttpRequest, rows: QuerySet[WebhookDelivery]) -> None:
        by, at = member(request), cast(MemberRequest, request).now
        each_one(request, rows, lambda row: actions.replay(delivery=row, by=by, at=at), _replayed)


def _tests(n: int) -> str:
    """With a way to what came of it."""
    words = ngettext("%(n)d test is on its way.", "%(n)d tests are on their way.", n) % {"n": n}
    told = reverse("admin:classrooms_webhookdelivery_changelist")
    return format_html('{} <a href="{}">{}</a>', words, told, _("See what was told"))


def _on(n: int) -> str:
    return ngettext("%(n)d webhook is on.", "%(n)d webhooks are on.", n) % {"n": n}


def _paused(n: int) -> str:
    return ngettext("%(n)d webhook is paused.", "%(n)d webhooks are paused.", n) % {"n": n}


def _replayed(n: int) -> str:
    return ngettext("%(n)d event is told once more.", "%(n)d events are told once more.", n) % {"n": n}
