"""Django admin on the base domain: for operators, who look after schools and begin with them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class OperatorSite(admin.AdminSite):
    site_header = _("Aula operators")
    site_title = "Aula"
    index_title = _("Schools and their people")
    site_url = None
    GROUPS = (
        ("schools", _("Schools"), ("tenant", "schooldeletion")),
        ("people", _("People"), ("membership", "user")),
        ("classes", _("Classes"), ("course", "enrolment", "classsession")),
        ("support", _("Support"), ("connectionreport", "apikey", "relaypolicy", "relaycount")),
        ("logs", _("Logs"), ("operatorentry", "auditentry")),
    )

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """By what operators come for; what is in no group comes last, as Django has it."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        rows = {row["model"]._meta.model_name: row for each in apps for row in each["models"]}
        groups = [(key, words, [rows.pop(name) for name in names if name in rows])
                  for key, words, names in self.GROUPS]  # fmt: skip
        left = [{**each, "models": [row for row in each["models"] if row in rows.values()]} for each in apps]
        named = [
            {"name": words, "app_label": key, "app_url": reverse("admin:index"), "models": its}
            for key, words, its in groups
        ]
        return [each for each in (*named, *left) if each["models"]]
