"""Where every page lives. Django admin answers on the base domain only (tenants.middleware)."""

from django.contrib import admin
from django.urls import include, path

from accounts.signin.views import to_sign_in
from aula.catalogues import catalogue

urlpatterns = [
    path("admin/login/", to_sign_in),
    path("admin/", admin.site.urls),
    path("api/v1/", include("classrooms.api.urls")),
    path("words/<slug:language>.js", catalogue, name="catalogue"),
    path("", include("accounts.urls")),
    path("", include("classrooms.urls")),
]
handler404 = "tenants.nowhere.page_not_found"
handler500 = "aula.errors.server_fault"
