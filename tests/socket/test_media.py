"""The media side of a class: what a token grants, when it is renewed, and that the room is closed."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import jwt
import pytest
from django.utils import timezone
from django_tasks import TaskResult
from django_tasks.signals import task_enqueued
from livekit.api import TokenVerifier
from livekit.protocol.room import DeleteRoomRequest, RoomParticipantIdentity

from classrooms.live.media import leave_media
from classrooms.models import Enrolment
from tests.socket.conftest import beat, rows, sign_of_life

SOURCES = ["camera", "microphone", "screen_share", "screen_share_audio"]


async def test_the_token_lets_one_person_into_one_room_for_ten_minutes(
    inside, teacher, live, settings, clock
):
    leading = await inside(teacher, live)
    media = leading.joined["media"]
    assert media["url"] == settings.MEDIA_SERVER_URL
    unchecked = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    claims = jwt.decode(media["token"], settings.MEDIA_API_SECRET, algorithms=["HS256"], options=unchecked)
    noon = int(clock.at.timestamp())
    assert claims == {
        "iss": settings.MEDIA_API_KEY,
        "sub": leading.id,
        "name": "Tom Teacher",
        "iat": noon,
        "nbf": noon - 60,
        "exp": noon + 600,
        "video": {
            "room": f"demo.{live.public_id}",
            "roomJoin": True,
            "canPublish": True,
            "canPublishSources": SOURCES,
            "canSubscribe": True,
            "canPublishData": False,
            "canUpdateOwnMetadata": False,
        },
    }


async def test_livekits_own_library_reads_the_token(inside, teacher, live, settings, clock):
    clock.at = timezone.now()
    await rows(
        live, lambda: type(live).objects.update(starts_at=clock.at, ends_at=clock.at.replace(year=9999))
    )
    leading = await inside(teacher, live)
    verifier = TokenVerifier(settings.MEDIA_API_KEY, settings.MEDIA_API_SECRET)
    claims = verifier.verify(leading.joined["media"]["token"])
    assert (claims.identity, claims.video.room) == (leading.id, f"demo.{live.public_id}")
    assert claims.video.can_publish_sources == SOURCES


async def test_a_fresh_token_comes_before_the_old_one_runs_out(inside, teacher, live, clock):
    leading = await inside(teacher, live)
    clock.pass_by(minutes=6)
    await beat(live)
    await sign_of_life(live, leading, clock.at)
    assert leading.keep == []
    clock.pass_by(minutes=1)
    await beat(live)
    fresh = await leading.get("media_token")
    assert fresh["media"]["token"] != leading.joined["media"]["token"]
    clock.pass_by(seconds=20)
    await beat(live)
    await sign_of_life(live, leading, clock.at)
    assert leading.keep == []


async def test_no_token_reaches_the_log(inside, teacher, live, caplog):
    caplog.set_level("DEBUG")
    leading = await inside(teacher, live)
    await leading.send("end_class")
    await leading.get("class_ended")
    assert leading.joined["media"]["token"] not in caplog.text


class MediaServer(HTTPServer):
    """Remembers what is asked of it, and answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.asked: list[tuple[str, str, bytes]] = []
        self.heard = threading.Event()
        self.status, self.answer = 200, b""


class Asked(BaseHTTPRequestHandler):
    server: MediaServer

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.asked.append((self.path, self.headers["authorization"], body))
        self.send_response(self.server.status)
        self.send_header("content-length", str(len(self.server.answer)))
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(self.server.answer)
        self.server.heard.set()

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def media_server(cast, settings):
    server = MediaServer()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.MEDIA_API_URL = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


async def test_the_end_of_a_class_closes_its_media_room(inside, media_server, teacher, live, settings):
    leading = await inside(teacher, live)
    await leading.send("end_class")
    await leading.get("class_ended")
    await leading.up_to_date()
    [(path, authorization, body)] = media_server.asked
    assert path == "/twirp/livekit.RoomService/DeleteRoom"
    assert DeleteRoomRequest.FromString(body).room == f"demo.{live.public_id}"
    token = authorization.removeprefix("Bearer ")
    claims = jwt.decode(token, settings.MEDIA_API_SECRET, algorithms=["HS256"])
    assert claims["video"]["roomCreate"]


async def test_who_may_no_longer_be_here_is_put_out_of_the_media_room(
    inside, media_server, teacher, student, live
):
    leading, gone = await inside(teacher, live), await inside(student, live)
    await rows(live, lambda: Enrolment.objects.filter(membership=student.member).delete())
    await beat(live)
    await gone.get("close")
    await leading.get("participant_left")
    [(path, _, body)] = media_server.asked
    assert path == "/twirp/livekit.RoomService/RemoveParticipant"
    asked = RoomParticipantIdentity.FromString(body)
    assert (asked.room, asked.identity) == (f"demo.{live.public_id}", gone.id)


async def test_who_left_the_class_is_put_out_of_the_media_room_unless_they_come_back(
    inside, media_server, teacher, student, live, settings
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    results: list[TaskResult] = []

    def keep(task_result: TaskResult, **_: object) -> None:
        results.append(task_result)

    task_enqueued.connect(keep)
    leading, gone = await inside(teacher, live), await inside(student, live)
    await gone.send("leave")
    await leading.get("participant_left")
    await leading.up_to_date()
    task_enqueued.disconnect(keep)
    (planned,) = results
    assert planned.task.run_after > timezone.now()

    await rows(live, lambda: leave_media.call(*planned.args))
    (asked,) = [RoomParticipantIdentity.FromString(body) for _, _, body in media_server.asked]
    assert (asked.room, asked.identity) == (f"demo.{live.public_id}", gone.id)

    await gone.send("join")
    await gone.get("joined")
    await rows(live, lambda: leave_media.call(*planned.args))
    assert len(media_server.asked) == 1


async def test_a_class_ends_though_the_media_server_is_away(inside, teacher, live, settings, caplog):
    settings.MEDIA_API_URL = "http://127.0.0.1:9"
    leading = await inside(teacher, live)
    await leading.send("end_class")
    assert (await leading.get("class_ended"))["by"] == leading.id
    await leading.up_to_date()
    assert "did not close demo." in caplog.text


async def test_a_media_room_that_never_was_is_closed_already(inside, media_server, teacher, live, caplog):
    media_server.status, media_server.answer = 404, b'{"code": "not_found", "msg": "no such room"}'
    leading = await inside(teacher, live)
    await leading.send("end_class")
    await leading.get("class_ended")
    await leading.up_to_date()
    assert media_server.asked
    assert "did not close" not in caplog.text
