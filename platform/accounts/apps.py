from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        import_module("accounts.sessions")  # they listen
        import_module("accounts.deactivated")
        import_module("accounts.operator_log")
        hide_from_admin()


def hide_from_admin() -> None:
    """allauth shows operators its tables, secrets among them. They look after people by our own pages."""
    from django.contrib import admin

    for model in apps.get_models():
        if model._meta.app_label in ("account", "mfa", "socialaccount") and admin.site.is_registered(model):
            admin.site.unregister(model)
