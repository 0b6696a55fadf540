from django.apps import AppConfig


class TurncredsConfig(AppConfig):
    name = "turncreds"
    verbose_name = "Relay servers"

    def ready(self) -> None:
        from turncreds import checks  # noqa: F401
