"""What is answered before any page: middleware that has addresses of its own, at every host."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.access.schools import Asker, School, operator
from tests.access.walk import undone

OWN_ADDRESSES = {"aula.health.health", "signaling.media_hooks.media_hooks", "tenants.look.look_files",
                 "whitenoise.middleware.WhiteNoiseMiddleware"}  # fmt: skip
NONE = {
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "aula.middleware.asker_address",
    "aula.middleware.connection_given_back",
    "aula.middleware.permissions_policy",
    "aula.middleware.private_pages",
    "tenants.middleware.TenantMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.sessions.own_sessions",
    "tenants.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.MembershipMiddleware",
    "classrooms.middleware.VisitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "aula.errors.RefusalMiddleware",
}
HOSTS = ("demo.localhost", "localhost", "nobody.localhost")
DOORS = {  # at a school, at the platform, at a host that is nobody's; whoever asks
    ("GET", "/healthz"): (200, 200, 200),
    ("GET", "/readyz"): (200, 200, 200),
    ("GET", "/media/webhooks/"): (405, 405, 405),
    ("POST", "/media/webhooks/"): (401, 401, 401),
    ("GET", "/look/theme-0123456789abcdef.css"): (200, 404, 404),
    ("POST", "/look/theme-0123456789abcdef.css"): (404, 404, 404),
    ("GET", "/look/logo-0123456789abcdef.png"): (404, 404, 404),
    ("GET", "/static/nothing.css"): (404, 404, 404),
    ("GET", "/static/../aula/settings.py"): (404, 404, 404),
    ("GET", "/metrics"): (404, 404, 404),
    ("GET", "/rtc/v1"): (404, 404, 404),
    ("POST", "/twirp/livekit.RoomService/ListRooms"): (404, 404, 404),
}


def test_every_middleware_is_declared() -> None:
    assert set(settings.MIDDLEWARE) == OWN_ADDRESSES | NONE


@pytest.mark.parametrize(("verb", "path"), DOORS, ids=lambda each: each)
def test_everybody_is_answered_alike(verb: str, path: str, ours: School) -> None:
    everybody = [*ours.people.values(), operator()]
    for host, expected in zip(HOSTS, DOORS[verb, path], strict=True):
        for who in everybody:
            with undone():
                assert Asker(host, who.browser).ask(verb, path).status_code == expected, host
