"""Guest links as the pages of those who lead a class show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.http import HttpRequest

from classrooms.guests.addresses import path_of
from classrooms.models import ClassSession, GuestLink, Participant
from tenants.requests import SiteRequest


@dataclass(frozen=True)
class Shown:
    """`address`: what is sent to guests, None where it cannot be shown any more; `came`: who was in the class
    by this link."""

    link: GuestLink
    address: str | None
    came: list[Participant]
    is_open: bool


def shown_links(request: SiteRequest, session: ClassSession) -> list[Shown]:
    """All that lead into `session`, open ones first, then the newest."""
    came = Participant.objects.filter(session=session).exclude(joined_at=None).order_by("joined_at", "pk")
    links = GuestLink.objects.leading_to(session).prefetch_related(Prefetch("guests", queryset=came))
    shown = [_shown(request, link, request.now) for link in links]
    return sorted(shown, key=lambda each: not each.is_open)


def _shown(request: HttpRequest, link: GuestLink, now: datetime) -> Shown:
    is_open = link.is_open(now)
    path = path_of(link) if is_open else None
    address = request.build_absolute_uri(path) if path else None
    return Shown(link, address, list(link.guests.all()), is_open)
