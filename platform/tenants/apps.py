from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = _("Schools")

    def ready(self) -> None:
        import_module("tenants.cors")  # listens
        build = import_module("tenants.wall").build
        post_migrate.connect(build, sender=self, dispatch_uid="second-wall")
