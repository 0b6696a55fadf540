"""Guest links: made and revoked by those who lead a class, opened by guests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast
from urllib.parse import quote, unquote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import MemberRequest, member_required
from classrooms.downloads import send_file
from classrooms.effects import effects_told, runs_wasm
from classrooms.guests.actions import choose_waiting_room, come_in, make_link, may_invite, revoke_link
from classrooms.guests.addresses import found, path_of
from classrooms.guests.doors import check_link, class_of
from classrooms.guests.forms import GuestForm, LinkForm, WaitingRoomForm
from classrooms.guests.passes import cookie_name, guest_of, signed
from classrooms.guests.refusals import GuestsForbidden, NotYourLinks, TooManyTries, WrongPasscode
from classrooms.guests.shown import shown_links
from classrooms.live.recording import is_recorded
from classrooms.live.refusals import LinkOver, NotHere
from classrooms.models import ClassSession, GuestLink, Material, Participant
from classrooms.refusals import ClassOver
from classrooms.views.chat import shown
from classrooms.views.live import school_told, visible_session
from tenants.refusals import Refusal
from tenants.requests import TenantRequest

NAME_COOKIE = "guest-name"
REMEMBERED = timedelta(days=365)
View = Callable[..., HttpResponseBase]


def inviting_session(request: MemberRequest, public_id: str) -> ClassSession:
    """A class that this person may invite guests to. Raises GuestsForbidden, NotYourLinks; 404 where there is
    nothing for them."""
    session = visible_session(request, public_id)
    if not may_invite(request.membership, session.course, session):
        raise NotYourLinks
    if not request.tenant.guests:
        raise GuestsForbidden
    return session


@never_cache
@member_required
def links(request: MemberRequest, public_id: str) -> HttpResponse:
    """All links into a class, and a form for one more."""
    session = inviting_session(request, public_id)
    form = LinkForm(request.POST or None, session=session, by=request.membership, now=request.now)
    if request.method == "POST":
        if session.state == ClassSession.State.ENDED:
            raise ClassOver
        if form.is_valid():
            told = {name: form.cleaned_data[name] for name in ("name", "expires_at", "passcode")}
            course = session.course
            make_link(course=course, session=form.target, by=request.membership, at=request.now, **told)
            messages.success(request, _("The link is made. Copy it and send it to your guests."))
            return redirect("guests", session.public_id)
    words = {
        "session": session,
        "form": form,
        "waiting_room": WaitingRoomForm(session=session),
        "links": shown_links(request, session),
        "section": "courses",
    }
    return render(request, "classrooms/guests.html", words)


@require_POST
@member_required
def waiting_room(request: MemberRequest, public_id: str) -> HttpResponse:
    """Whether the guests of a class wait to be let in."""
    session = inviting_session(request, public_id)
    form = WaitingRoomForm(request.POST, session=session)
    if form.is_valid():
        choose_waiting_room(session=session, by=request.membership, wanted=form.cleaned_data["wait"])
        messages.success(request, _("Saved."))
    return redirect("guests", session.public_id)


@require_POST
@member_required
def revoke(request: MemberRequest, public_id: str, link: str) -> HttpResponse:
    session = inviting_session(request, public_id)
    leading_here = GuestLink.objects.leading_to(session).select_related("course", "session", "tenant")
    revoke_link(link=get_object_or_404(leading_here, public_id=link), by=request.membership, at=request.now)
    messages.success(request, _("The link is withdrawn. Whoever came by it is no longer in the class."))
    return redirect("guests", session.public_id)


def of_the_door(view: View) -> View:
    """A page that is reached by what stands in its address: kept by no cache, found by no search engine."""

    @never_cache
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "tenant", None) is None:
            raise Http404
        answer = view(cast(TenantRequest, request), *args, **kwargs)
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    return answered


@of_the_door
def door(request: TenantRequest, token: str) -> HttpResponse:
    """Where a link leads: asks for a name, and for the passcode where there is one."""
    link = found(token)
    if link is None:
        raise Http404
    try:
        check_link(link, request.now)
        session = class_of(link, request.now)
    except Refusal as no:
        return render(request, "classrooms/guest_no.html", {"refusal": no}, status=no.status)
    if (own := as_member(request, session)) is not None:
        return own
    guest = guest_of(request.tenant, session.public_id, request.COOKIES)
    if guest is not None and guest.guest_link_id == link.pk and "new" not in request.GET:
        return redirect("guest-room", session.public_id)
    initial = {"name": guest.name if guest else unquote(request.COOKIES.get(NAME_COOKIE, ""))}
    form = GuestForm(request.POST or None, asks_passcode=link.has_passcode, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            return entered(request, link, form.cleaned_data)
        except (WrongPasscode, TooManyTries) as no:
            form.add_error("passcode", str(no))
            status = no.status
        except Refusal as no:
            return render(request, "classrooms/guest_no.html", {"refusal": no}, status=no.status)
    return render(request, "classrooms/guest_door.html", {"form": form, "session": session}, status=status)


def as_member(request: TenantRequest, session: ClassSession) -> HttpResponse | None:
    """Whoever is signed in and may see the class comes as themselves."""
    member = getattr(request, "membership", None)
    if member is None or not ClassSession.objects.visible_to(member).filter(pk=session.pk).exists():
        return None
    return redirect(session)


def entered(request: TenantRequest, link: GuestLink, told: dict[str, str]) -> HttpResponse:
    """Before the room, with a pass for this one class. Raises what come_in raises."""
    address = request.META.get("REMOTE_ADDR", "")
    passcode = told.get("passcode", "")
    arrival = come_in(link=link, name=told["name"], passcode=passcode, address=address, at=request.now)
    answer = redirect("guest-room", arrival.session.public_id)
    name, shown = cookie_name(arrival.session.public_id), signed(request.tenant, arrival.key)
    keep(request, answer, name, shown, link.expires_at - request.now)
    keep(request, answer, NAME_COOKIE, quote(told["name"]), REMEMBERED)
    return answer


def keep(request: TenantRequest, answer: HttpResponse, name: str, value: str, lasts: timedelta) -> None:
    """In a cookie of this host alone, which no script reads."""
    secure = request.is_secure()
    answer.set_cookie(name, value, max_age=lasts, secure=secure, httponly=True, samesite="Lax")


def asked_guest(request: TenantRequest, public_id: str) -> Participant:
    """The guest whose browser asks, as long as their link holds. 404 without a pass; raises GuestsForbidden,
    LinkOver."""
    guest = guest_of(request.tenant, public_id, request.COOKIES)
    if guest is None or guest.guest_link is None:
        raise Http404
    if not request.tenant.guests:
        raise GuestsForbidden
    if not guest.guest_link.is_open(request.now):
        raise LinkOver
    return guest


@runs_wasm
@require_safe
@of_the_door
def room(request: TenantRequest, public_id: str) -> HttpResponse:
    """The room as guests see it, pre-join included; what is over says so."""
    try:
        guest = asked_guest(request, public_id)
    except Refusal as no:
        return render(request, "classrooms/guest_no.html", {"refusal": no}, status=no.status)
    session = guest.session
    words = {"session": session, "room_data": room_data(request, guest), "guest": True}
    return render(request, "classrooms/room.html", words)


@require_safe
@of_the_door
def material(request: TenantRequest, public_id: str, material: str) -> HttpResponseBase:
    found = asked_material(request, public_id, material)
    return send_file(request, found.file, name=found.name)


@require_safe
@of_the_door
def picture(request: TenantRequest, public_id: str, material: str) -> HttpResponseBase:
    return shown(request, asked_material(request, public_id, material))


def asked_material(request: TenantRequest, public_id: str, material: str) -> Material:
    """A file of the class, for a guest who is in it now. As asked_guest; raises NotHere."""
    guest = asked_guest(request, public_id)
    if not guest.is_here(request.now):
        raise NotHere
    found: Material = get_object_or_404(Material, session=guest.session, public_id=material)
    return found


def room_data(request: TenantRequest, guest: Participant) -> dict[str, Any]:
    """As live.room_data: nothing of it leads anywhere else in the school."""
    session = guest.session
    own = reverse("guest-room", args=[session.public_id])
    path = path_of(guest.guest_link) if guest.guest_link else None
    return {
        "session": {
            "id": session.public_id,
            "title": session.title,
            "course": session.course.title,
            "teacher": session.teacher.name,
            "startsAt": session.starts_at.isoformat(),
            "endsAt": session.ends_at.isoformat(),
            "state": session.state,
        },
        "you": {"name": guest.name, "role": "guest", "hue": guest.hue, "barred": guest.barred},
        "school": school_told(request.tenant),
        "recorded": is_recorded(session),
        "timeZone": request.tenant.time_zone,
        "csrf": get_token(request),
        "effects": effects_told(),
        "socket": f"/ws/sessions/{session.public_id}/guest/",
        "urls": {
            "class": own,
            "course": None,
            "dashboard": None,
            "recording": None,
            "probe": None,
            "check": None,
            "trouble": None,
            "materials": None,
            "guests": None,
            "door": f"{path}?new" if path else None,
            "fileWorker": static("js/files/worker.js"),
        },
    }
