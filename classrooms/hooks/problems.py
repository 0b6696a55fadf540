"""Why nothing was told, in words for whoever runs the school."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import requests
from django.utils.translation import gettext as _

from tenants import outgoing


def problem_of(error: Exception, url: str) -> str:
    """What came in place of an answer of `url`; never the words of a library."""
    host: dict[str, object] = {"host": urlsplit(url).hostname or url}
    causes = tuple(chain(error))
    if found(causes, outgoing.Forbidden):
        return _("%(host)s is not on the public internet.") % host
    if found(causes, outgoing.TooLarge):
        return _("%(host)s answered with more than 1 MB.") % host
    if found(causes, requests.exceptions.SSLError):
        return _("The certificate of %(host)s is not valid.") % host
    if found(causes, socket.gaierror, UnicodeError, requests.exceptions.InvalidURL):
        return _("%(host)s cannot be found.") % host
    if found(causes, ConnectionRefusedError):
        return _("%(host)s refused the connection.") % host
    if found(causes, requests.Timeout, TimeoutError):
        return _("%(host)s did not answer within %(n)d s.") % (host | {"n": waited(causes)})
    return _("%(host)s ended the connection without an answer.") % host


def waited(causes: tuple[BaseException, ...]) -> int:
    """Seconds."""
    if found(causes, outgoing.TooSlow):
        return round(outgoing.WHOLE)
    return round(outgoing.CONNECT if found(causes, requests.ConnectTimeout) else outgoing.READ)


def found(causes: tuple[BaseException, ...], *kinds: type[BaseException]) -> bool:
    return any(isinstance(each, kinds) for each in causes)


def chain(error: BaseException | None) -> list[BaseException]:
    """The error, what led to it, and what urllib3 wraps in it."""
    out: list[BaseException] = []
    while error is not None and error not in out:
        out.append(error)
        error = error.__cause__ or error.__context__
    return out
