from contextlib import suppress
from importlib import import_module

from django.apps import AppConfig


class AulaConfig(AppConfig):
    name = "aula"

    def ready(self) -> None:
        import_module("aula.checks")  # registers the system checks
        import_module("aula.database_checks")
        import_module("aula.redis_checks")
        with suppress(OSError):  # which a check reports
            import_module("aula.catalogues").compile_stale()
