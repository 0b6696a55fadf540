"""What is forbidden stops at once: the real engine between stock clients, told by a teacher's socket."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from livekit import rtc

from accounts.models import Role
from classrooms.live.reconcile import joined_media
from classrooms.models import ClassSession
from tests.conftest import NOON, Person
from tests.sfu.protocol.doubles import KEY, SECRET
from tests.sfu.protocol.engine import Client, Engine, _paint, running_engine, until
from tests.socket.conftest import Page, rows
from tests.socket.test_leading import enrolled

AT_ONCE = float(os.environ.get("STOPPED_WITHIN", "1.5"))  # seconds; 0.5 in the soak, with nothing beside it
LOUD = 500  # amplitude, 16 bit


class Listener(Client):
    """Knows besides when it last saw a picture, or heard something, of each track."""

    def __init__(self, room: rtc.Room) -> None:
        super().__init__(room)
        self.last: dict[str, float] = {}

    async def _watch(self, track: rtc.Track, name: str) -> None:
        async for _ in rtc.VideoStream(track):
            self.frames[name] = self.frames.get(name, 0) + 1
            self.last[name] = time.monotonic()

    async def _hear(self, track: rtc.Track, name: str) -> None:
        async for event in rtc.AudioStream(track):
            if np.abs(np.frombuffer(event.frame.data, dtype=np.int16)).max() > LOUD:
                self.frames[name] = self.frames.get(name, 0) + 1
                self.last[name] = time.monotonic()

    def screens_of(self, identity: str) -> list[str]:
        """Tracks that the media server has of somebody's screen."""
        tracks = self.room.remote_participants[identity].track_publications.values()
        return [each.sid for each in tracks if each.source == rtc.TrackSource.SOURCE_SCREENSHARE]

    async def publish_screen(self) -> str:
        source = rtc.VideoSource(640, 360)
        track = rtc.LocalVideoTrack.create_video_track("screen", source)
        self._tasks.append(asyncio.ensure_future(_paint(source, 640, 360)))
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_SCREENSHARE)
        return (await self.room.local_participant.publish_track(track, options)).sid


@asynccontextmanager
async def connected(media: dict[str, str]) -> AsyncIterator[Listener]:
    client = Listener(rtc.Room())
    await asyncio.wait_for(client.room.connect(media["url"], media["token"]), 15)
    try:
        yield client
    finally:
        await asyncio.wait_for(client.close(), 15)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running_engine(tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.fixture
def second(person, tenant, course) -> Person:
    """Another student of the course."""
    return enrolled(person(tenant, Role.STUDENT, "Ben Second"), course)


@pytest.fixture
def on_now(engine: Engine, cast, make_session, settings, clock) -> ClassSession:
    """A class that is on by the real clock, as the engine's tokens are."""
    settings.MEDIA_API_URL = f"http://127.0.0.1:{engine.port}"
    settings.MEDIA_SERVER_URL = engine.url
    settings.MEDIA_API_KEY, settings.MEDIA_API_SECRET = KEY, SECRET
    clock.at = timezone.now()
    begins = clock.at - timedelta(minutes=5)
    session = make_session(starts=begins - NOON, ends_at=clock.at + timedelta(hours=1))
    return session


async def takes_screen(page: Page) -> None:
    await page.send("share_screen", on=True)
    await page.get("screen_granted")


async def goes_on(seen: Listener, names: list[str]) -> None:
    before = {name: seen.see(name) for name in names}
    await until(lambda: all(seen.see(name) > before[name] + 5 for name in names), "the rest goes on")


FORBIDDEN = [
    ("microphone", {"type": "set_rules", "mic": False}),
    ("camera", {"type": "set_rules", "camera": False}),
    ("screen", {"type": "set_rules", "screen": False}),
    ("microphone", {"type": "stop", "what": "mic"}),
    ("camera", {"type": "stop", "what": "camera"}),
    ("screen", {"type": "stop", "what": "screen"}),
    ("microphone", {"type": "stop", "what": "mic", "participant": "student"}),
    ("camera", {"type": "remove", "participant": "student"}),
]


@pytest.mark.parametrize(("track", "order"), FORBIDDEN, ids=lambda each: str(each))
async def test_packets_of_what_is_forbidden_stop_at_once_and_the_rest_goes_on(
    inside, teacher, student, on_now, track, order
):
    leading, listening = await inside(teacher, on_now), await inside(student, on_now)
    async with connected(leading.joined["media"]) as seen, connected(listening.joined["media"]) as sends:
        await sends.publish_microphone()
        await sends.publish_camera()
        await takes_screen(listening)
        await sends.publish_screen()
        names = [f"{listening.id}/{each}" for each in ("microphone", "camera", "screen")]
        await until(lambda: all(seen.see(name) > 5 for name in names), "everything the student sends")
        asked = time.monotonic()
        await leading.send(**{**order, **({"participant": listening.id} if "participant" in order else {})})
        await asyncio.sleep(AT_ONCE + 1)
        stopped = f"{listening.id}/{track}"
        assert seen.last[stopped] - asked < AT_ONCE
        if order["type"] != "remove":
            others = [name for name in names if name != stopped]
            await goes_on(seen, others)
            assert seen.last[stopped] - asked < AT_ONCE, "and it stays stopped"


async def test_what_may_be_sent_again_can_be(inside, teacher, student, on_now):
    leading, listening = await inside(teacher, on_now), await inside(student, on_now)
    async with connected(leading.joined["media"]) as seen, connected(listening.joined["media"]) as sends:
        await leading.send("set_rules", camera=False)
        await listening.get("rules_changed")
        await leading.send("set_rules", camera=True)
        await listening.get("rules_changed")
        await leading.up_to_date()
        await sends.publish_camera()
        await until(lambda: seen.see(f"{listening.id}/camera") > 5, "the camera again")


async def test_a_token_from_before_the_rule_is_no_way_round_it(inside, teacher, student, on_now, clock):
    """As after the engine has restarted: its webhook about who joined has them held to the rows."""
    leading, listening = await inside(teacher, on_now), await inside(student, on_now)
    old = listening.joined["media"]
    await leading.send("set_rules", camera=False)
    await listening.get("rules_changed")
    await leading.up_to_date()
    async with connected(leading.joined["media"]) as seen, connected(old) as sends:
        await sends.publish_camera()
        name = f"{listening.id}/camera"
        await until(lambda: seen.see(name) > 3, "what the old token allows")
        told = {"room": on_now.room_name, "identity": listening.id, "may_send": frozenset(("CAMERA",))}
        asked = time.monotonic()
        await rows(on_now, lambda: joined_media(**told, at=clock.at))
        await asyncio.sleep(AT_ONCE + 1)
        assert seen.last[name] - asked < AT_ONCE


async def test_only_the_student_who_has_the_screen_can_publish_one(inside, teacher, student, second, on_now):
    """Whatever a page does: the media server itself has the right from the class, and loses it again."""
    leading, one, two = [await inside(each, on_now) for each in (teacher, student, second)]
    media = [page.joined["media"] for page in (leading, one, two)]
    async with connected(media[0]) as seen, connected(media[1]) as first, connected(media[2]) as other:
        with pytest.raises(rtc.participant.PublishTrackError):
            await first.publish_screen()
        await takes_screen(one)
        await first.publish_screen()
        await until(lambda: seen.see(f"{one.id}/screen") > 5, "the student who has the screen")
        await seen.publish_screen()
        await until(lambda: first.see(f"{leading.id}/screen") > 5, "a teacher's beside it")
        await two.send("share_screen", on=True)
        assert (await two.get("refused"))["code"] == "screen_taken"
        with pytest.raises(rtc.participant.PublishTrackError):
            await other.publish_screen()
        await one.send("share_screen", on=False)
        await one.get("screen_granted")
        await takes_screen(two)
        await other.publish_screen()
        await goes_on(seen, [f"{two.id}/screen"])
        await until(lambda: not seen.screens_of(one.id), "what was given back ends")
        assert seen.screens_of(two.id)


async def shares(seen: Listener, page: Page, sends: Listener) -> None:
    await takes_screen(page)
    await sends.publish_screen()
    await until(lambda: seen.see(f"{page.id}/screen") > 5, "the screen")


@pytest.mark.parametrize("steps", [("join",), ("leave", "join")], ids=str)
async def test_a_changed_page_that_comes_anew_on_its_socket_shares_no_longer(
    inside, teacher, student, second, on_now, steps
):
    """An honest one has a new connection to the media server then; this one keeps the old one."""
    leading, one, two = [await inside(each, on_now) for each in (teacher, student, second)]
    async with connected(leading.joined["media"]) as seen, connected(one.joined["media"]) as sends:
        await shares(seen, one, sends)
        for step in steps:
            await one.send(step)
        await one.get("joined")
        await until(lambda: not seen.screens_of(one.id), "its screen ends")
        with pytest.raises(rtc.participant.PublishTrackError):
            await sends.publish_screen()
        await takes_screen(two)


OF_ALL = [
    ("microphone", {"type": "set_rules", "mic": False}),
    ("screen", {"type": "set_rules", "screen": False}),
    ("camera", {"type": "stop", "what": "camera"}),
    ("screen", {"type": "stop", "what": "screen"}),
]


@pytest.mark.parametrize(("track", "order"), OF_ALL, ids=lambda each: str(each))
async def test_what_is_taken_from_all_is_taken_too_from_who_has_just_lost_the_line(
    inside, teacher, student, on_now, track, order
):
    """What they send goes on until they are back or put out."""
    leading, listening = await inside(teacher, on_now), await inside(student, on_now)
    async with connected(leading.joined["media"]) as seen, connected(listening.joined["media"]) as sends:
        await sends.publish_microphone()
        await sends.publish_camera()
        await shares(seen, listening, sends)
        names = [f"{listening.id}/{each}" for each in ("microphone", "camera", "screen")]
        await until(lambda: all(seen.see(name) > 5 for name in names), "everything the student sends")
        await listening.close()
        await leading.get("participant_left")
        await goes_on(seen, names)
        asked = time.monotonic()
        await leading.send(**order)
        await asyncio.sleep(AT_ONCE + 1)
        stopped = f"{listening.id}/{track}"
        assert seen.last[stopped] - asked < AT_ONCE
        await goes_on(seen, [name for name in names if name != stopped])
        assert seen.last[stopped] - asked < AT_ONCE, "and it stays stopped"
