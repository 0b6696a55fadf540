"""What Django has no setting for: who asks behind a proxy, response headers, and connections while a file is
being sent."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import has_vary_header

POLICY = "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), geolocation=(), usb=()"


def asker_address(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Behind a proxy whoever asks has the address that the proxy saw, the last one of `X-Forwarded-For` (any
    before it may be made up): limits count people, and the audit log names them, not the proxy."""
    if not settings.BEHIND_PROXY:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        last = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if is_address(last):
            request.META["REMOTE_ADDR"] = last
        return answer(request)

    return middleware


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def permissions_policy(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Allow devices to our own pages only (W3C Permissions Policy)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response

    return middleware


def private_pages(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """What was made for whoever asked is kept by no cache, not by their own browser's: nobody finds it there
    after they have signed out. Views that know better say so themselves."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if has_vary_header(response, "Cookie"):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def connection_given_back(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A file goes out for as long as a slow line takes: the database's connection waits for none of it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if response.streaming and not connection.in_atomic_block:
            connection.close()
        return response

    return middleware
