from importlib import import_module

from django.apps import AppConfig


class AulaConfig(AppConfig):
    name = "aula"

    def ready(self) -> None:
        import_module("aula.checks")  # registers the system checks
