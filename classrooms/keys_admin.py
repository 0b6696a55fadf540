"""Pages of Django admin about API keys: made, shown once, revoked. What a key may do never changes."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.audit import By
from accounts.models import User
from classrooms.keys import SCOPES, make_key, revoke_key
from classrooms.models import ApiKey
from tenants.admin import TenantRowsAdmin
from tenants.scope import TenantModel


class NewKeyForm(forms.ModelForm[ApiKey]):
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Scopes"),
        choices=[(name, format_lazy("{}: {}", name, about)) for name, about in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ApiKey
        fields = ("name",)  # the page adds the rest: choices of people are asked for in a scope

    def clean_expires_at(self) -> Any:
        at = self.cleaned_data["expires_at"]
        if at is not None and at <= timezone.now():
            raise forms.ValidationError(_("Choose a time to come, or leave it empty."))
        return at


@admin.register(ApiKey)
class ApiKeyAdmin(TenantRowsAdmin):
    form = NewKeyForm
    list_display = ("name", "shown", "member", "state", "last_used_at", "expires_at")
    list_filter: ClassVar[Any] = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related: ClassVar[Any] = ("member__user", "tenant")
    search_fields: ClassVar[Any] = (
        "name",
        "prefix",
        "member__user__name",
        "member__user__email",
        "tenant__name",
    )
    autocomplete_fields: ClassVar[Any] = ("tenant", "member")
    actions = ("revoke",)
    add_fields: ClassVar[tuple[str, ...]] = ("tenant", "name", "member", "scopes", "expires_at")
    shown_fields: ClassVar[tuple[str, ...]] = (
        *("tenant", "name", "shown", "member", "granted", "state", "created_by", "created_at", "expires_at"),
        *("last_used_at", "revoked_at"),
    )

    class Media:
        css = {"all": ("css/keys.css",)}

    @admin.display(description=gettext_lazy("key"), ordering="prefix")
    def shown(self, key: ApiKey) -> str:
        return f"aula_{key.prefix}…"

    @admin.display(description=gettext_lazy("scopes"))
    def granted(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @admin.display(description=gettext_lazy("state"))
    def state(self, key: ApiKey) -> str:
        if key.revoked_at:
            return _("revoked")
        return _("good") if key.is_good(timezone.now()) else _("expired")

    def maker(self, request: HttpRequest) -> By:
        """An operator."""
        return cast(User, request.user)

    def revoked_by(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
        """Of `keys` those that whoever asks may revoke."""
        return keys

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        return self.shown_fields if obj else self.add_fields

    def get_readonly_fields(self, request: HttpRequest, obj: TenantModel | None = None) -> list[Any]:
        return list(self.shown_fields) if obj else []

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """Looked at, never changed; the list's actions ask without a key."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """A revoked key stays, for whoever asks later what it was."""
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        made, key = make_key(
            member=obj.member,
            name=obj.name,
            scopes=form.cleaned_data["scopes"],
            expires_at=obj.expires_at,
            by=self.maker(request),
            at=timezone.now(),
        )
        obj.pk, obj.prefix, obj.public_id = made.pk, made.prefix, made.public_id
        obj.secret = key  # type: ignore[attr-defined]  # for the answer to this request alone

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: Any = None) -> HttpResponse:
        """The key, this once: on this page, in no message that a cookie would keep."""
        words = {
            **self.admin_site.each_context(request),
            "title": _("The key"),
            "key": obj,
            "opts": self.opts,
        }
        answer = render(request, "admin/classrooms/apikey/shown.html", words)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @admin.action(description=gettext_lazy("Revoke the keys that are chosen"), permissions=["change"])
    def revoke(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> None:
        chosen = list(self.revoked_by(request, keys).select_related("tenant"))
        for key in chosen:
            revoke_key(key=key, by=self.maker(request), at=timezone.now())
            self.log_change(request, key, _("Revoked."))
        words = ngettext("%(n)d key is revoked.", "%(n)d keys are revoked.", len(chosen))
        messages.success(request, words % {"n": len(chosen)})
