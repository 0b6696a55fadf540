"""What Django has no setting for: a response header, and connections while a file is being sent."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import has_vary_header

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
