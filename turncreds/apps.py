from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TurncredsConfig(AppConfig):
    name = "turncreds"
    verbose_name = _("Relay servers")

    def ready(self) -> None:
        from turncreds import checks  # noqa: F401
