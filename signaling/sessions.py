"""Who a session's cookie belongs to, read anew each time it is asked."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.deactivated import is_over
from accounts.models import Membership
from accounts.sessions import session_at
from classrooms.joining import VISIT, visitor
from tenants.models import Tenant
from tenants.scope import tenant_scope


def person_of(
    session_key: str | None, *, host: str, school: Tenant, class_id: str, at: datetime
) -> AbstractBaseUser | AnonymousUser:
    """The person signed in under `session_key`, or let into this one class by a join link; nobody if signed
    out, expired, inactive, deactivated since, at another host, or if the password was changed since."""
    request = HttpRequest()
    request.session = session_at(host, session_key)
    user = get_user(request)
    with tenant_scope(school):
        if user.is_authenticated:
            member = Membership.objects.of(user)
            return AnonymousUser() if member and is_over(member, request.session) else user
        found = visitor(request.session.get(VISIT), tenant=school, session_public_id=class_id, at=at)
    return found.user if found else user


def still_signed_in(
    session_key: str, user: AbstractBaseUser, *, host: str, school: Tenant, class_id: str, at: datetime
) -> bool:
    """Whether the person of an open socket still is whom that session names."""
    return bool(person_of(session_key, host=host, school=school, class_id=class_id, at=at).pk == user.pk)
