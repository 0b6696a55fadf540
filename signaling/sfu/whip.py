"""WHIP in (RFC 9725) and WHEP out (draft-ietf-wish-whep): one offer, one answer, over HTTP.

POST to `/whip` or `/whep` with an access token opens a session; its address, which nobody can guess, is all
it takes to trickle, restart ICE or end it. A session is a participant without a media socket.
"""

from __future__ import annotations

import math
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from signaling.sfu import display, ingest
from signaling.sfu.answer import candidate_lines
from signaling.sfu.auth import Claims
from signaling.sfu.http import Request, Response
from signaling.sfu.joining import read_query, read_token
from signaling.sfu.messages import Reason
from signaling.sfu.participant import Participant
from signaling.sfu.refusals import (
    BadRequest,
    NoPlace,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    Refusal,
    UnsupportedType,
)
from signaling.sfu.rooms import Rooms
from signaling.sfu.stages import refused

SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
RETRY_AFTER = 5  # seconds
LARGEST_OFFER = 64 * 1024  # bytes
CORS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "Location, ETag, Link, Retry-After, Accept-Post, Accept-Patch"),
)
PREFLIGHT = (
    ("Access-Control-Allow-Methods", "POST, PATCH, DELETE, OPTIONS"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match"),
    ("Access-Control-Max-Age", "86400"),
)
Open = Callable[[Rooms, Claims, str, dict[str, str]], tuple[Participant, str]]
DOORS: dict[str, Open] = {"/whip": ingest.publish, "/whep": display.watch}


@dataclass
class Session:
    """A SignalSocket that has nobody to talk to: the room may close it. `ufrag` is the client's own."""

    id: str
    participant: Participant
    ufrag: str
    forget: Callable[[str], None]
    etag: str = field(default_factory=lambda: f'"{secrets.token_hex(8)}"')

    def send(self, data: bytes) -> None:
        """What a media socket would be told, a WHIP client cannot hear."""

    def close(self, code: int = 1000) -> None:
        self.forget(self.id)


class Sessions:
    """All open ones by id; each leaves with its participant."""

    def __init__(self, rooms: Rooms) -> None:
        self.rooms = rooms
        self._open: dict[str, Session] = {}

    def __len__(self) -> int:
        return len(self._open)

    def respond(self, request: Request, path: str) -> Response | None:
        """The answer for a path of ours, None for any other."""
        door, _, id = path[1:].partition("/")
        if f"/{door}" not in DOORS:
            return None
        try:
            response = self._session(request, id) if id else self._endpoint(request, f"/{door}")
        except Refusal as refusal:
            if not id:
                refused(self.rooms.plane.tally, refusal.code, refusal.text)
            return _refused(refusal)
        return Response(response.status, response.body, response.content_type, (*CORS, *response.headers))

    # The endpoint

    def _endpoint(self, request: Request, path: str) -> Response:
        if request.method == "OPTIONS":
            return Response(200, b"", headers=(*PREFLIGHT, ("Accept-Post", SDP)))
        if request.method != "POST":
            return _not_allowed("POST, OPTIONS")
        _check_type(request, SDP)
        if len(request.body) > LARGEST_OFFER:
            raise BadRequest("The offer is too long.")
        try:
            return self._open_session(request, path)
        except NoPlace:
            if elsewhere := self.rooms.config.redirect:
                return Response(307, b"", headers=(("Location", _elsewhere(elsewhere, request, path)),))
            raise

    def _open_session(self, request: Request, path: str) -> Response:
        query = read_query(request.query)
        claims = self.rooms.admit(read_token(query, request.headers.get("authorization", "")))
        offer = _text(request.body)
        ufrag = _ufrag(offer)
        participant, answer = DOORS[path](self.rooms, claims, offer, query)
        session = Session(secrets.token_urlsafe(18), participant, ufrag, self._forget)
        self._open[session.id] = session
        participant.attach(session)
        participant.last_heard = math.inf  # it has no socket to be heard on
        headers = (("Location", f"{path}/{session.id}"), ("ETag", session.etag), ("Accept-Patch", FRAGMENT))
        links = [("Link", link) for link in _links(self.rooms.config.ice_servers(participant.sid))]
        return Response(201, answer.encode(), SDP, (*headers, *links))

    def _forget(self, id: str) -> None:
        self._open.pop(id, None)

    # A session

    def _session(self, request: Request, id: str) -> Response:
        if request.method == "OPTIONS":
            return Response(200, b"", headers=(*PREFLIGHT, ("Accept-Patch", FRAGMENT)))
        if request.method not in ("PATCH", "DELETE"):
            return _not_allowed("PATCH, DELETE, OPTIONS")
        session = self._open.get(id)
        if session is None:
            raise NotFound("There is no such session, or it has ended.")
        if request.method == "DELETE":
            session.participant.room.remove(session.participant, Reason.CLIENT_INITIATED)
            return Response(200, b"")
        _check_type(request, FRAGMENT)
        return self._patch(session, request)

    def _patch(self, session: Session, request: Request) -> Response:
        """Candidates are of no use to an ICE-lite server (RFC 8445 2.5); new credentials restart ICE."""
        match = request.headers.get("if-match", "")
        if not match:
            raise PreconditionRequired("The request needs an If-Match header.")
        if not _matches(match, session.etag):
            raise PreconditionFailed("The ICE session has been restarted since.")
        ufrag = _ufrag(_text(request.body))
        if ufrag == session.ufrag:
            return Response(204, b"")
        session.ufrag, session.etag = ufrag, f'"{secrets.token_hex(8)}"'
        ice = session.participant.link.publisher.restart_ice()
        lines = ["a=ice-lite", f"a=ice-ufrag:{ice.ufrag}", f"a=ice-pwd:{ice.pwd}"]
        lines += ["m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0", *candidate_lines(self.rooms.plane.candidates)]
        return Response(
            200, "".join(f"{line}\r\n" for line in lines).encode(), FRAGMENT, (("ETag", session.etag),)
        )


def without_session(path: str) -> str:
    """A path as it may be logged: whoever reads a session's id can end the session."""
    door, _, id = path[1:].partition("/")
    return f"/{door}/…" if id and f"/{door}" in DOORS else path


def _check_type(request: Request, wanted: str) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != wanted:
        raise UnsupportedType(f"The content type must be {wanted}.")


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise BadRequest("The body is not text.") from None


def _ufrag(text: str) -> str:
    found = re.search(r"^a=ice-ufrag:(\S{4,256})\s*$", text, re.MULTILINE)
    if not found or not re.search(r"^a=ice-pwd:\S{22,256}\s*$", text, re.MULTILINE):
        raise BadRequest("The body has no ice-ufrag or no ice-pwd.")
    return found.group(1)


def _links(servers: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """RFC 9725 4.6, one for each address."""
    for server in servers:
        for url in server["urls"]:
            link = f'<{url}>; rel="ice-server"'
            if "credential" in server:
                secret = f'username="{server["username"]}"; credential="{server["credential"]}"'
                link += f'; {secret}; credential-type="password"'
            yield link


def _matches(header: str, etag: str) -> bool:
    """RFC 9110 13.1.1. Clients write the star with and without quotes."""
    tags = [tag.strip() for tag in header.split(",")]
    return "*" in tags or '"*"' in tags or etag in tags


def _elsewhere(base: str, request: Request, path: str) -> str:
    query = request.query.decode("latin1")
    return base.rstrip("/") + path + (f"?{query}" if query else "")


def _not_allowed(allowed: str) -> Response:
    return Response(405, f"Only {allowed} are answered here.\n".encode(), headers=(("Allow", allowed),))


def _refused(refusal: Refusal) -> Response:
    more = {401: ("WWW-Authenticate", "Bearer"), 503: ("Retry-After", str(RETRY_AFTER))}
    extra = (more[refusal.status],) if refusal.status in more else ()
    return Response(refusal.status, f"{refusal.text}\n".encode(), headers=(*CORS, *extra))
