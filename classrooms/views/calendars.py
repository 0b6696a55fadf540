"""Classes in people's own calendars: the feed, one class as a file, and each person's choices."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import MemberRequest, member_required
from classrooms.feed import choose_mails, feed, new_address, no_address
from classrooms.invitations.events import single
from classrooms.invitations.ics import Sheet, write
from classrooms.views.live import visible_session
from tenants.hosts import site_of
from tenants.requests import TenantRequest

ICS = "text/calendar; charset=utf-8"


@require_safe
def read_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Read by calendar programs, which sign in nowhere: the address is the key."""
    found = feed(secret, cast(TenantRequest, request).now)
    if found is None:
        raise Http404
    etag, changed = f'"{found.tag}"', int(found.changed_at.timestamp())
    answer = get_conditional_response(request, etag=etag, last_modified=changed)
    if answer is None:
        answer = HttpResponse(found.text(), content_type=ICS)
    answer.headers["ETag"] = etag
    answer.headers["Last-Modified"] = http_date(changed)
    answer.headers["Cache-Control"] = "private, no-cache"  # asked for anew each time: an address may be gone
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@member_required
def one_class(request: MemberRequest, public_id: str) -> HttpResponse:
    """“Add to calendar”: one class as a file, for who may see it."""
    session = visible_session(request, public_id)
    happening = single(session, site=site_of(request.tenant))
    text = write(Sheet([happening], "PUBLISH"), zone=request.tenant.zone, stamp=request.now)
    answer = HttpResponse(text, content_type=ICS)
    answer.headers["Content-Disposition"] = 'attachment; filename="class.ics"'
    return answer


@require_POST
@member_required
def address(request: MemberRequest) -> HttpResponse:
    """Make, renew or remove the address of one's feed."""
    if "remove" in request.POST:
        no_address(request.membership)
        messages.success(
            request, _("The calendar address is removed. Calendars that had it read nothing more.")
        )
    else:
        new_address(request.membership)
        messages.success(request, _("Your calendar has a new address."))
    return redirect(reverse("account") + "#calendar")


@require_POST
@member_required
def mails(request: MemberRequest) -> HttpResponse:
    """Whether invitations and changes come by mail."""
    wanted = "mails" in request.POST
    choose_mails(request.membership, wanted)
    messages.success(
        request,
        _("Invitations and changes come by mail.")
        if wanted
        else _("No more mails about classes are sent to you."),
    )
    return redirect(reverse("account") + "#calendar")
