"""Response headers that Django has no setting for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), geolocation=(), usb=()"


def permissions_policy(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Allow devices to our own pages only (W3C Permissions Policy)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response

    return middleware
