"""The web process's sockets, with everything a connection passes on its way."""

from __future__ import annotations

from channels.routing import URLRouter
from channels.sessions import CookieMiddleware
from django.urls import re_path

from signaling.consumer import ClassroomConsumer
from signaling.doors import SameOrigin, SignedIn, TenantOfHost, nothing_here

routes = [
    re_path(r"^ws/sessions/(?P<session>[0-9a-f]{32})/(?P<as_guest>guest/)?$", ClassroomConsumer.as_asgi()),
    re_path("", nothing_here),  # type: ignore[arg-type]  # an ASGI application, as URLRouter wants it
]
classroom = SameOrigin(TenantOfHost(CookieMiddleware(SignedIn(URLRouter(routes)))))
