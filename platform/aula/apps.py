from django.apps import AppConfig


class AulaConfig(AppConfig):
    name = "aula"

    def ready(self) -> None:
        pass  # noqa: F401 (registers the system checks)
