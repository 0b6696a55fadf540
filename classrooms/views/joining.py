"""Following a join link: from another system straight into the room."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.requests import MemberRequest
from classrooms.joining import VISIT, VISIT_LASTS, Visit, use_join_link
from tenants.refusals import Refusal


class LinkUsedUp(Refusal):
    code = "link_used_up"
    status = 410
    title = _("This link is no longer good")
    text = _("A link into a class is good once, and for a few minutes.")
    mend = _("Go back to where you found it and choose the class again.")


@require_GET
@never_cache
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever is signed in as that person stays so; everybody else becomes a visitor of that one class."""
    asked = cast(MemberRequest, request)
    if asked.tenant is None:  # the base domain has no classes
        raise LinkUsedUp
    link = use_join_link(secret=secret, at=asked.now)
    if link is None:
        raise LinkUsedUp
    if asked.membership != link.member:
        logout(request)  # a new session: nothing of whoever used this browser before is left in it
        until = (asked.now + VISIT_LASTS).timestamp()
        visit = Visit(link.tenant_id, link.member_id, link.session.public_id, until)
        request.session[VISIT] = asdict(visit)
        request.session.set_expiry(VISIT_LASTS)
    return redirect("room", link.session.public_id)
