from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClassroomsConfig(AppConfig):
    name = "classrooms"
    verbose_name = _("Classes")

    def ready(self) -> None:
        from classrooms import materials  # noqa: F401 (files go with their rows)
        from classrooms.recorded import keeping  # noqa: F401
