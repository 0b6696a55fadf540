"""What the media server tells the web process: believed when signed, acted on once."""

from __future__ import annotations

import base64
import hashlib
import time
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from django.http import HttpResponse
from django.test import Client
from google.protobuf import json_format
from livekit.protocol import models
from livekit.protocol.webhook import WebhookEvent

from classrooms.live import media
from classrooms.models import ClassSession, Participant
from signaling import media_hooks
from signaling.sfu.webhooks import Webhooks
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import MakeSession, Person

Closed = list[tuple[str, str | None]]


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Closed:
    """What the media server was asked to close: (room, identity)."""
    asked: Closed = []

    async def close(room: str, identity: str | None) -> None:
        asked.append((room, identity))

    monkeypatch.setattr(media, "_ask_to_close", close)
    return asked


class WallClock:
    wall = staticmethod(time.time)


def sign(settings: Any, body: bytes, **claims: Any) -> str:
    """As our engine signs; `claims` replace some."""
    clock: Any = WallClock()
    hooks = Webhooks([], settings.MEDIA_API_KEY, settings.MEDIA_API_SECRET, clock, lambda reason: None)
    if not claims:
        return hooks._sign(body)
    signed = jwt.decode(hooks._sign(body), options={"verify_signature": False})
    return jwt.encode({**signed, **claims}, settings.MEDIA_API_SECRET, algorithm="HS256")


def post(client: Client, body: bytes, token: str, host: str = "127.0.0.1") -> HttpResponse:
    return client.post(
        media_hooks.PATH,
        body,
        content_type="application/webhook+json",
        HTTP_AUTHORIZATION=token,
        HTTP_HOST=host,
    )


def tell(settings: Any, event: str, room: str, identity: str = "", id: str = "EV_1") -> HttpResponse:
    told = WebhookEvent(event=event, id=id, room=models.Room(name=room))
    if identity:
        told.participant.identity = identity
    body = json_format.MessageToJson(told).encode()
    return post(Client(enforce_csrf_checks=True), body, sign(settings, body))


def sit(session: ClassSession, person: Person, **more: Any) -> Participant:
    with tenant_scope(session.tenant):
        return Participant.objects.create(
            session=session, membership=person.member, name=person.member.name, **more
        )


@pytest.fixture
def live(make_session: MakeSession) -> ClassSession:
    return make_session(starts=timedelta(), state="live")


def test_it_is_taken_whatever_the_host_and_without_a_cross_site_token(
    db: None, settings: Any, client: Client
) -> None:
    body = b'{"event": "room_started", "id": "EV_1"}'
    for host in ("127.0.0.1", "web", "localhost", "bad_host!"):
        assert post(client, body, sign(settings, body), host).status_code == 200
    assert client.get(media_hooks.PATH).status_code == 405


@pytest.mark.parametrize(
    ("body", "claims"),
    [
        (b"{}", {"sha256": base64.b64encode(hashlib.sha256(b"[]").digest()).decode()}),
        (b"{}", {"sha256": ""}),
        (b"{}", {"exp": 1}),
        (b"{}", {"iss": "somebody"}),
        (b"not json", {}),
        (b"\xff\xff", {}),
    ],
)
def test_what_the_media_server_did_not_sign_is_refused(
    db: None, settings: Any, client: Client, body: bytes, claims: dict[str, Any]
) -> None:
    assert post(client, body, sign(settings, body, **claims)).status_code == 401
    assert post(client, body, "").status_code == 401


def test_whoever_guesses_is_paused(db: None, settings: Any, client: Client) -> None:
    for _ in range(media_hooks.MOST_FORGED):
        assert post(client, b"{}", "guess").status_code == 401
    answer = post(client, b"{}", "guess")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")


def test_whoever_guesses_does_not_silence_the_media_server_behind_the_same_address(
    db: None, settings: Any, client: Client
) -> None:
    for _ in range(media_hooks.MOST_FORGED + 1):
        post(client, b"{}", "guess")
    body = b'{"event": "room_started", "id": "EV_1"}'
    assert post(client, body, sign(settings, body)).status_code == 200


def test_what_is_too_large_is_not_read(db: None, client: Client) -> None:
    assert post(client, b"x" * (media_hooks.LARGEST + 1), "any").status_code == 413


@pytest.mark.parametrize(("event", "identity"), [("room_started", ""), ("participant_joined", "stranger")])
def test_a_media_room_whose_class_is_over_is_closed_again(
    closed: Closed, settings: Any, make_session: MakeSession, event: str, identity: str
) -> None:
    over = make_session(starts=timedelta(hours=-2), state="ended")
    assert tell(settings, event, f"demo.{over.public_id}", identity).status_code == 200
    assert closed == [(f"demo.{over.public_id}", None)]


def test_somebody_who_left_the_class_long_ago_is_put_out(
    closed: Closed, settings: Any, live: ClassSession, student: Person, now: datetime
) -> None:
    gone = sit(live, student, left_at=now - timedelta(days=900))
    tell(settings, "participant_joined", f"demo.{live.public_id}", gone.public_id)
    assert closed == [(f"demo.{live.public_id}", gone.public_id)]


def test_those_who_belong_there_stay(
    closed: Closed, settings: Any, live: ClassSession, student: Person, teacher: Person
) -> None:
    here = sit(live, teacher, connection="channel")
    reloading = sit(live, student, left_at=datetime.now().astimezone())
    room = f"demo.{live.public_id}"
    tell(settings, "room_started", room, id="EV_0")
    for number, identity in enumerate((here.public_id, reloading.public_id, "a-display")):
        tell(settings, "participant_joined", room, identity, id=f"EV_{1 + number}")
    assert closed == []


@pytest.mark.parametrize("room", ["", "demo", "demo.nothing", "nobody.room", "x" * 300])
def test_rooms_that_are_not_ours_are_left_alone(
    closed: Closed, settings: Any, tenant: Tenant, room: str
) -> None:
    assert tell(settings, "participant_joined", room, "somebody").status_code == 200
    assert closed == []


def test_a_class_of_another_school_is_not_found_through_ours(
    closed: Closed, settings: Any, make_session: MakeSession, other_tenant: Tenant
) -> None:
    over = make_session(starts=timedelta(hours=-2), state="ended")
    tell(settings, "room_started", f"other.{over.public_id}")
    assert closed == []


def test_an_event_that_comes_twice_is_acted_on_once(
    closed: Closed, settings: Any, make_session: MakeSession
) -> None:
    over = make_session(starts=timedelta(hours=-2), state="ended")
    for _ in range(2):
        assert tell(settings, "room_started", f"demo.{over.public_id}").status_code == 200
    assert len(closed) == 1


def test_an_event_that_failed_is_acted_on_when_it_comes_again(
    closed: Closed, settings: Any, make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = make_session(starts=timedelta(hours=-2), state="ended")
    with monkeypatch.context() as broken:
        broken.setattr(media_hooks, "media_room_started", lambda **given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tell(settings, "room_started", f"demo.{over.public_id}")
    tell(settings, "room_started", f"demo.{over.public_id}")
    assert len(closed) == 1
