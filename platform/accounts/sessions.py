"""Sessions: each belongs to the one host it was begun at, and whoever signed in can see and end theirs.

The cookie is of one host by itself. What the host is stands in the session too, so that a cookie which was
copied to another school's host, or to the base domain, is no session there.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from datetime import datetime
from importlib import import_module
from typing import Any, cast

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import Membership, SignIn, User
from tenants.hosts import bare_host, hosts_of, on_base_domain
from tenants.requests import SiteRequest

HOST = "host"  # keys in a session
SIGN_IN = "sign-in"
SEEN_EVERY = 600  # seconds between two writes of when a session was seen
Answer = Callable[[HttpRequest], HttpResponse]


def store(key: str | None = None) -> SessionBase:
    return cast(SessionBase, import_module(settings.SESSION_ENGINE).SessionStore(key))


def session_at(host: str, key: str | None) -> SessionBase:
    """The session of that key, where it was begun at this host; an empty one otherwise."""
    found = store(key)
    return found if key and found.get(HOST) == bare_host(host) else store()


def own_sessions(answer: Answer) -> Answer:
    """Behind SessionMiddleware: a session of another host is none here, and a new one is this host's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        host = bare_host(request.get_host())
        if request.session.session_key and request.session.get(HOST) != host:
            request.session = store()
        key = request.session.session_key
        response = answer(request)
        if request.session.modified and not request.session.is_empty():
            request.session[HOST] = host
        _see(request, key)
        return response

    return middleware


def _see(request: HttpRequest, key_before: str | None) -> None:
    """Note now and then that the session is in use; and its new key, where it has one (a new password)."""
    row, key = request.session.get(SIGN_IN), request.session.session_key
    if not row:
        return
    if key and key_before and key != key_before:
        SignIn.objects.filter(pk=row).update(session_key=key)
    tenant = cast(SiteRequest, request).tenant
    if cache.add(f"session-seen-{tenant.pk if tenant else 'base'}-{row}", 1, SEEN_EVERY):
        SignIn.objects.filter(pk=row).update(seen_at=_now(request), place=coarse(_address(request)))


@receiver(user_logged_in, dispatch_uid="sessions-begin")
def begin(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Enter a sign-in into the person's list."""
    if "HTTP_HOST" not in request.META:  # no browser: a command or a test
        return
    if not request.session.session_key:
        request.session.save()
    forget_ended(user)
    row, _new = SignIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "host": bare_host(request.get_host()),
            "browser": request.headers.get("User-Agent", "")[:300],
            "place": coarse(_address(request)),
            "at": _now(request),
            "seen_at": _now(request),
        },
    )
    request.session[SIGN_IN] = row.pk
    if cast(SiteRequest, request).tenant is not None:
        Membership.objects.filter(user=user).update(signed_in_at=_now(request))


@receiver(user_logged_out, dispatch_uid="sessions-end")
def end(sender: Any, request: HttpRequest, **_: Any) -> None:
    SignIn.objects.filter(session_key=request.session.session_key or "").delete()


def listed(user: User, request: HttpRequest) -> list[SignIn]:
    """The person's sessions at this school (on the base domain: there), the latest seen first."""
    forget_ended(user)
    return list(SignIn.objects.filter(user=user, host__in=_hosts(request)))


def forget_ended(user: User) -> None:
    """Drop from the list what has run out, or ended with a former password."""
    rows = SignIn.objects.filter(user=user)
    kept = _kept([row.session_key for row in rows])
    good = list(_hashes(user))
    over = [row.pk for row in rows if not _is_alive(kept.get(row.session_key, {}), good)]
    if over:
        rows.filter(pk__in=over).delete()


def _kept(keys: list[str]) -> dict[str, dict[str, Any]]:
    """What the sessions of these keys hold, where they have not run out: read at once."""
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return {row.session_key: row.get_decoded() for row in rows}


def _is_alive(session: dict[str, Any], good: list[str]) -> bool:
    hashed = session.get(HASH_SESSION_KEY, "")
    return any(constant_time_compare(hashed, each) for each in good)


def _hashes(user: User) -> Iterable[str]:
    yield user.get_session_auth_hash()
    yield from user.get_session_auth_fallback_hash()


def end_one(user: User, request: HttpRequest, public_id: str) -> bool:
    """False where there is no such session, or it is the one that asks: that one signs out."""
    row = SignIn.objects.filter(user=user, host__in=_hosts(request), public_id=public_id).first()
    if row is None or row.pk == request.session.get(SIGN_IN):
        return False
    _end([row])
    return True


def end_others(user: User, request: HttpRequest, *, everywhere: bool = False) -> int:
    """How many others were ended: at this school, or at every one (after a new password)."""
    rows = SignIn.objects.filter(user=user).exclude(pk=request.session.get(SIGN_IN, 0))
    others = list(rows if everywhere else rows.filter(host__in=_hosts(request)))
    _end(others)
    return len(others)


def _end(rows: list[SignIn]) -> None:
    for row in rows:
        store().delete(row.session_key)
    SignIn.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _hosts(request: HttpRequest) -> list[str]:
    host = request.get_host()
    tenant = cast(SiteRequest, request).tenant
    return [bare_host(host)] if on_base_domain(host) or tenant is None else hosts_of(tenant)


def _now(request: HttpRequest) -> datetime:
    at: datetime = getattr(request, "now", None) or timezone.now()
    return at


def _address(request: HttpRequest) -> str:
    return get_client_ip(request) or ""


def coarse(address: str) -> str:
    """The network of an address, for a list that keeps nobody's trail: “203.0.113.0/24”; empty if unknown."""
    try:
        bits = 24 if ipaddress.ip_address(address).version == 4 else 48
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))
