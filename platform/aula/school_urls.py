"""The same on a school's host (SCHOOL_URLCONF), where the admin is that of the school."""

from django.urls import path

from accounts.school_site import school
from aula.urls import everywhere, handler404, handler500

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [path("admin/", school.urls), *everywhere]
