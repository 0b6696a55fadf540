from django.apps import AppConfig


class ClassroomsConfig(AppConfig):
    name = "classrooms"

    def ready(self) -> None:
        from classrooms import materials  # noqa: F401 (files go with their rows)
        from classrooms.recorded import keeping  # noqa: F401
