"""WHIP and WHEP as their clients see them: the words over HTTP, and what they do to the room."""

from __future__ import annotations

import random
from typing import Any

import pytest
from livekit.protocol import models

from signaling.media_asgi import pages
from signaling.sfu.config import Limits
from signaling.sfu.http import Request, Response
from signaling.sfu.whip import FRAGMENT, SDP, Sessions
from tests.sfu.protocol.doubles import ROOM, Person, School, make_school, make_token, offer_text, sections_of

OPUS = ("111 opus/48000/2", "minptime=10;useinbandfec=1")
VP8, H264 = ("96 VP8/90000", ""), ("102 H264/90000", "packetization-mode=1;profile-level-id=42e01f")
AUDIO, VIDEO = ("audio", OPUS), ("video", H264)
PWD = "p" * 22


def offer(direction: str, *sections: Any, setup: str = "actpass") -> str:
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1"]
    for mid, (kind, *codecs) in enumerate(sections):
        lines.append(f"m={kind} 9 UDP/TLS/RTP/SAVPF {' '.join(name.split()[0] for name, _ in codecs)}")
        lines += [f"a=mid:{mid}", f"a={direction}", "a=ice-ufrag:abcd", f"a=ice-pwd:{PWD}"]
        lines += ["a=fingerprint:sha-256 AA", f"a=setup:{setup}", "a=msid:stream track"]
        for name, parameters in codecs:
            lines += [f"a=rtpmap:{name}", f"a=fmtp:{name.split()[0]} {parameters}"]
    return "\r\n".join(lines) + "\r\n"


BOTH = offer("sendonly", AUDIO, VIDEO)
WATCH = offer("recvonly", ("audio", OPUS), ("video", VP8, H264))


class Web:
    """A client of the two doors."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.sessions = Sessions(school.rooms)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        where, _, query = path.partition("?")
        answer = self.sessions.respond(Request(method, where, query.encode(), names, body.encode()), where)
        assert answer is not None
        return answer

    def post(self, path: str, body: str, identity: str = "obs", **more: Any) -> Response:
        token = more.pop("token", "") or make_token(identity, **more)
        return self.ask("POST", path, body, content_type=SDP, authorization=f"Bearer {token}")

    def patch(self, path: str, ufrag: str, **headers: str) -> Response:
        fragment = f"a=ice-ufrag:{ufrag}\r\na=ice-pwd:{PWD}\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n"
        return self.ask("PATCH", path, fragment, **{"content_type": FRAGMENT, **headers})


def header(response: Response, name: str) -> str:
    return dict(response.headers)[name]


@pytest.fixture
def web(school: School) -> Web:
    return Web(school)


def inside(school: School, identity: str = "obs", room: str = ROOM) -> Any:
    return school.rooms.get(room).participants[identity]


def test_a_publisher_is_a_participant_that_everybody_sees(web: Web, school: School, teacher: Person) -> None:
    answer = web.post("/whip", BOTH)
    assert (answer.status, answer.content_type) == (201, SDP)
    assert header(answer, "Location").startswith("/whip/")
    assert header(answer, "ETag").startswith('"')
    audio, video = sections_of(answer.body.decode())
    assert "a=recvonly" in audio
    assert "a=recvonly" in video
    assert "opus" in audio
    assert "H264" in video
    assert "usedtx" not in audio
    inside(school).connected()
    info = teacher.socket.last("update").participants[0]
    assert (info.identity, info.kind) == ("obs", models.ParticipantInfo.Kind.INGRESS)
    assert {(track.source, track.mime_type) for track in info.tracks} == {
        (models.TrackSource.MICROPHONE, "audio/opus"),
        (models.TrackSource.CAMERA, "video/H264"),
    }


def test_it_can_be_shown_as_a_shared_screen(web: Web, school: School) -> None:
    web.post("/whip?source=screen", BOTH)
    assert {publication.info.source for publication in inside(school).publishing} == {
        models.TrackSource.SCREEN_SHARE,
        models.TrackSource.SCREEN_SHARE_AUDIO,
    }


def test_the_answer_takes_the_other_role_when_the_client_waits_for_dtls(web: Web) -> None:
    assert b"a=setup:active" in web.post("/whip", offer("sendonly", AUDIO, setup="passive")).body
    assert b"a=setup:passive" in web.post("/whip", offer("sendonly", AUDIO, setup="active")).body


def test_a_silent_publisher_is_not_taken_for_a_dead_socket(web: Web, school: School) -> None:
    web.post("/whip", BOTH)
    inside(school).connected()
    school.clock.pass_(600)
    assert not inside(school).gone


def test_one_that_never_connects_is_let_go(web: Web, school: School) -> None:
    answer = web.post("/whip", BOTH)
    school.clock.pass_(31)
    assert web.ask("DELETE", header(answer, "Location")).status == 404
    assert len(web.sessions) == 0


def test_deleting_the_session_ends_the_participant_whatever_the_etag(
    web: Web, school: School, teacher: Person
) -> None:
    path = header(web.post("/whip", BOTH), "Location")
    inside(school).connected()
    assert web.ask("DELETE", path, if_match='"old"').status == 200
    assert teacher.socket.last("update").participants[0].identity == "obs"
    assert [web.ask("DELETE", path).status, len(web.sessions)] == [404, 0]


def test_the_same_identity_takes_the_place_of_its_former_session(web: Web, school: School) -> None:
    first, second = (header(web.post("/whip", BOTH), "Location") for _ in range(2))
    assert web.ask("DELETE", first).status == 404
    assert web.ask("DELETE", second).status == 200


@pytest.mark.parametrize(
    ("path", "body", "token", "status"),
    [
        ("/whip", BOTH, {"token": "nonsense"}, 401),
        ("/whip", BOTH, {"video": {"roomJoin": False}}, 401),
        ("/whip", BOTH, {"video": {"canPublish": False}}, 403),
        ("/whip", BOTH, {"video": {"canPublishSources": ["microphone"]}}, 403),
        ("/whep", WATCH, {"video": {"canSubscribe": False}}, 403),
        ("/whip", "nonsense", {}, 400),
        ("/whip", "é" * 40_000, {}, 400),
        ("/whip?source=window", BOTH, {}, 400),
        ("/whep?source=window", WATCH, {}, 400),
        ("/whip", WATCH, {}, 406),
        ("/whep", BOTH, {}, 406),
        ("/whip", offer("sendonly", AUDIO, VIDEO, VIDEO), {}, 406),
        ("/whip", offer("sendonly", AUDIO, ("video", ("99 H265/90000", ""))), {}, 406),
        ("/whep", offer("recvonly", ("video", ("99 H265/90000", ""))), {}, 406),
        ("/whep", "v=0\r\n", {}, 400),
    ],
)
def test_what_may_not_be_is_refused_and_leaves_nobody_behind(
    web: Web, school: School, path: str, body: str, token: dict[str, Any], status: int
) -> None:
    answer = web.post(path, body, **token)
    assert answer.status == status, answer.body
    assert header(answer, "Access-Control-Allow-Origin") == "*"
    assert all(not room.participants for room in school.rooms)
    assert len(web.sessions) == 0
    counted = {name: n for name, n in school.plane.tally.items() if name.startswith("refused_")}
    assert list(counted.values()) == [1]


def spoiled(text: str, chance: random.Random) -> str:
    """A few of its lines gone, doubled, cut off or with another character."""
    lines = text.splitlines()
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(lines))
        line = lines[at]
        cut = chance.randrange(len(line) + 1)
        lines[at : at + 1] = chance.choice(
            [[], [line, line], [line[:cut]], [line[:cut] + chance.choice("0 :;/-=~\0é😀") + line[cut + 1 :]]]
        ) or [""]
    return "\r\n".join(lines) + "\r\n"


@pytest.mark.parametrize("seed", range(200))
def test_a_spoiled_offer_is_answered_or_refused_and_leaves_nobody_behind(
    web: Web, school: School, seed: int
) -> None:
    chance = random.Random(seed)
    for path, body in (("/whip", BOTH), ("/whep", WATCH)):
        answer = web.post(path, spoiled(body, chance), path[1:])
        assert answer.status in (201, 400, 406), answer.body
    inside_now = sum(len(room.participants) for room in school.rooms)
    assert inside_now == len(web.sessions)


def test_content_types_are_those_of_the_standard(web: Web) -> None:
    token = f"Bearer {make_token('obs')}"
    assert web.ask("POST", "/whip", BOTH, content_type="text/plain", authorization=token).status == 415
    assert web.ask("POST", "/whip", BOTH, authorization=token).status == 415
    answer = web.ask(
        "POST", "/whip", BOTH, content_type="Application/SDP; charset=utf-8", authorization=token
    )
    assert answer.status == 201
    path = header(answer, "Location")
    assert web.patch(path, "abcd", content_type=SDP, if_match="*").status == 415


@pytest.mark.parametrize("door", ["/whip", "/whep"])
def test_methods_are_those_of_the_standard(web: Web, door: str) -> None:
    for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE"):
        assert web.ask(method, door).status == 405
    path = header(web.post(door, BOTH if door == "/whip" else WATCH), "Location")
    for method in ("GET", "HEAD", "PUT", "POST"):
        answer = web.ask(method, path)
        assert (answer.status, header(answer, "Allow")) == (405, "PATCH, DELETE, OPTIONS")


@pytest.mark.parametrize("path", ["/whip", "/whep", "/whip/any"])
def test_pages_of_any_origin_may_ask(web: Web, path: str) -> None:
    answer = web.ask("OPTIONS", path, origin="https://example.org", access_control_request_method="POST")
    assert answer.status == 200
    assert header(answer, "Access-Control-Allow-Origin") == "*"
    assert {"Authorization", "Content-Type", "If-Match"} <= set(
        header(answer, "Access-Control-Allow-Headers").split(", ")
    )
    assert {"Location", "ETag", "Link"} <= set(header(answer, "Access-Control-Expose-Headers").split(", "))
    wanted = ("Accept-Post", SDP) if path.count("/") == 1 else ("Accept-Patch", FRAGMENT)
    assert wanted in answer.headers


def test_candidates_are_taken_for_the_ice_session_they_name(web: Web) -> None:
    answer = web.post("/whip", BOTH)
    path, etag = header(answer, "Location"), header(answer, "ETag")
    taken = web.patch(path, "abcd", if_match=etag)
    assert (taken.status, taken.body) == (204, b"")
    assert "ETag" not in dict(taken.headers)
    assert web.patch(path, "abcd", if_match='"old"').status == 412
    assert web.patch(path, "abcd").status == 428
    assert web.ask("PATCH", path, "nonsense", content_type=FRAGMENT, if_match=etag).status == 400
    assert web.patch("/whip/nobody", "abcd", if_match=etag).status == 404


@pytest.mark.parametrize("star", ["*", '"*"'])
def test_new_credentials_restart_ice(web: Web, school: School, star: str) -> None:
    answer = web.post("/whip", BOTH)
    path, etag = header(answer, "Location"), header(answer, "ETag")
    again = web.patch(path, "efgh", if_match=star)
    transport = inside(school).link.publisher
    assert (again.status, again.content_type, transport.restarts) == (200, FRAGMENT, 1)
    lines = again.body.decode().splitlines()
    assert f"a=ice-ufrag:{transport.ice.ufrag}" in lines
    assert f"a=ice-pwd:{transport.ice.pwd}" in lines
    assert any(line.startswith("a=candidate:") for line in lines)
    assert header(again, "ETag") != etag
    assert web.patch(path, "efgh", if_match=etag).status == 412
    assert web.patch(path, "efgh", if_match=header(again, "ETag")).status == 204


def test_a_full_engine_says_when_to_come_again_or_where_else(school: School, web: Web) -> None:
    school.rooms.drain()
    answer = web.post("/whip", BOTH)
    assert (answer.status, header(answer, "Retry-After")) == (503, "5")
    other = Web(make_school(redirect="https://other.example.org/"))
    other.school.rooms.stop()
    answer = other.post("/whip?source=screen", BOTH)
    assert (answer.status, header(answer, "Location")) == (
        307,
        "https://other.example.org/whip?source=screen",
    )


def test_nobody_is_sent_elsewhere_from_where_the_room_is() -> None:
    web = Web(make_school(redirect="https://other.example.org/", limits=Limits(rooms=1, people=2)))
    web.school.rooms.create(ROOM).most = 1
    assert web.post("/whip", BOTH).status == 201
    full_room = web.post("/whip", BOTH, "another")
    assert (full_room.status, header(full_room, "Retry-After")) == (503, "5")
    assert web.post("/whip", BOTH, video={"room": "demo.second"}).status == 307
    web.school.rooms.get(ROOM).most = 200
    assert web.post("/whip", BOTH, "another").status == 201
    assert web.post("/whip", BOTH, "third").status == 503


async def test_what_fails_is_logged_without_the_address_of_the_session(
    school: School, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(Sessions, "respond", fail)
    scope = {"type": "http", "method": "DELETE", "query_string": b"access_token=secret", "headers": []}
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    for path, logged in (
        ("//whip/secret", "/whip/…"),
        ("/whep/secret/x", "/whep/…"),
        ("/healthz", "/healthz"),
    ):
        await pages(school.rooms)({**scope, "path": path}, receive, send)  # type: ignore[arg-type, typeddict-item]
        assert caplog.records[-1].getMessage() == f"a request to {logged} failed"
    assert [message["status"] for message in sent if "status" in message] == [500] * 3
    assert "secret" not in caplog.text


def test_relays_are_named_in_links() -> None:
    servers = [
        {"urls": ["stun:relay.example.org:3478"]},
        {
            "urls": [
                "turn:relay.example.org:3478?transport=udp",
                "turns:relay.example.org:5349?transport=tcp",
            ],
            "username": "1:PA_x",
            "credential": "c2VjcmV0",
        },
    ]
    web = Web(make_school(ice_servers=lambda sid: servers))
    links = [value for name, value in web.post("/whip", BOTH).headers if name == "Link"]
    secret = 'username="1:PA_x"; credential="c2VjcmV0"; credential-type="password"'
    assert links == [
        '<stun:relay.example.org:3478>; rel="ice-server"',
        f'<turn:relay.example.org:3478?transport=udp>; rel="ice-server"; {secret}',
        f'<turns:relay.example.org:5349?transport=tcp>; rel="ice-server"; {secret}',
    ]


def test_whoever_was_removed_needs_a_new_token_here_too(web: Web, school: School) -> None:
    token = make_token("obs", iat=school.clock.wall())
    path = header(web.post("/whip", BOTH, token=token), "Location")
    school.clock.pass_(1)
    school.rooms.withdraw(ROOM, "obs", school.clock.wall())
    school.rooms.get(ROOM).remove(inside(school), models.DisconnectReason.PARTICIPANT_REMOVED)
    assert web.ask("DELETE", path).status == 404
    assert web.post("/whip", BOTH, token=token).status == 401


# Displays


@pytest.fixture
def display(web: Web, school: School, teacher: Person) -> Any:
    """A player that came before anybody published."""
    assert web.post("/whep", WATCH, "display").status == 201
    participant = inside(school, "display")
    participant.connected()
    return participant


def shown(display: Any, kind: str) -> Any:
    """The track that goes out."""
    return next(down.source for down in display.link.subscriber.sent if down.source.kind == kind)


def publish(person: Person, *, screen: bool = False, mute: bool = False) -> tuple[Any, Any]:
    """The person's picture and sound, as tracks."""
    sources = (
        (models.TrackSource.SCREEN_SHARE, models.TrackSource.SCREEN_SHARE_AUDIO)
        if screen
        else (models.TrackSource.CAMERA, models.TrackSource.MICROPHONE)
    )
    kinds = (models.TrackType.VIDEO, models.TrackType.AUDIO)
    for kind, source, cid in zip(kinds, sources, ("CAMERA-VIDEO", "CAMERA-AUDIO"), strict=True):
        person.publish(cid, kind, source=source, muted=mute)
    by_kind = {publication.kind: publication.track for publication in person.participant.publishing}
    return by_kind["video"], by_kind["audio"]


def test_a_display_is_answered_before_anything_is_published_and_seen_by_nobody(
    display: Any, teacher: Person, school: School
) -> None:
    answer = [down.spec.mid for down in display.link.subscriber.sent]
    assert answer == ["0", "1"]
    assert display.hidden
    assert "display" not in [info.identity for info in school.rooms.get(ROOM).others(teacher.participant)]
    assert display.subscriptions.tracks() == []


def test_it_shows_what_begins_and_rests_when_it_ends(display: Any, teacher: Person) -> None:
    video, audio = publish(teacher)
    assert (shown(display, "video"), shown(display, "audio")) == (video, audio)
    teacher.offer(offer_text("chromium_publish").replace("a=sendonly", "a=inactive"), 9)
    assert video not in (shown(display, "video"), shown(display, "audio"))
    assert not any(down.closed for down in display.link.subscriber.sent)


def test_a_shared_screen_goes_before_every_face(
    display: Any, school: School, teacher: Person, student: Person
) -> None:
    publish(student)
    screen, _ = publish(teacher, screen=True)
    assert shown(display, "video") is screen


def test_sound_and_picture_follow_who_speaks(
    display: Any, school: School, teacher: Person, student: Person
) -> None:
    video, audio = publish(teacher)
    other_video, other_audio = publish(student)
    other_audio.speaking = True
    school.clock.pass_(3)
    assert (shown(display, "audio"), shown(display, "video")) == (other_audio, other_video)
    other_audio.speaking = False
    school.clock.pass_(3)
    assert (shown(display, "audio"), shown(display, "video")) == (other_audio, other_video)
    audio.speaking = True
    school.clock.pass_(3)
    assert (shown(display, "audio"), shown(display, "video")) == (audio, video)


def test_it_can_be_narrowed_to_one_person_and_one_source(
    web: Web, school: School, teacher: Person, student: Person
) -> None:
    video, _ = publish(teacher)
    publish(student, screen=True)
    web.post("/whep?identity=teacher&source=camera", WATCH, "display")
    assert shown(inside(school, "display"), "video") is video


def test_what_it_may_no_longer_have_is_gone_at_once(display: Any, school: School, teacher: Person) -> None:
    video, _ = publish(teacher)
    display.permission.can_subscribe = False
    school.rooms.get(ROOM).reconsider_all(display)
    assert shown(display, "video") is not video


def test_it_takes_every_codec_it_has_and_changes_between_them(
    web: Web, school: School, teacher: Person
) -> None:
    _, section = sections_of(web.post("/whep", WATCH, "display").body.decode())
    assert "m=video 7882 UDP/TLS/RTP/SAVPF 96 102" in section
    display = inside(school, "display")
    picture = next(down for down in display.link.subscriber.sent if down.source.kind == "video")
    video, _ = publish(teacher)
    assert (picture.source, picture.spec.payload_type) == (video, 96)
    web.post("/whip?source=screen", BOTH)
    inside(school).connected()
    assert (picture.source.mime, picture.spec.payload_type) == ("video/H264", 102)
