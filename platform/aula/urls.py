"""Where every page lives. On a school's host `aula.school_urls` answers, with the school's own admin."""

from django.contrib import admin
from django.urls import include, path

from accounts.signin.views import to_sign_in
from aula.catalogues import catalogue

everywhere = [
    path("api/v1/", include("classrooms.api.urls")),
    path("words/<slug:language>.js", catalogue, name="catalogue"),
    path("", include("accounts.urls")),
    path("", include("classrooms.urls")),
]
urlpatterns = [path("admin/login/", to_sign_in), path("admin/", admin.site.urls), *everywhere]
handler404 = "tenants.nowhere.page_not_found"
handler500 = "aula.errors.server_fault"
