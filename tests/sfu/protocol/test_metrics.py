"""What a running engine tells of itself: metrics, health, and one line for each stage of a join."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from signaling.sfu.lag import BEHIND, STALLED, Lag
from signaling.sfu.refusals import Refusal
from signaling.sfu.rooms import Rooms
from signaling.sfu.server import Request, respond
from tests.sfu.protocol.doubles import StillClock, make_school
from tests.sfu.protocol.engine import WITHIN, Engine, joined, running_engine, until

Values = dict[str, float]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running_engine(tmp_path_factory.mktemp("engine")) as engine:
        yield engine


def values(text: str) -> Values:
    """'name{label}' to number."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(value for _, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


async def metrics(engine: Engine) -> Values:
    status, text = await asyncio.to_thread(engine.get, "/metrics")
    assert status == 200
    assert not re.search(r"demo\.|teacher|student|127\.0\.0\.1", text), "rooms and people are no labels"
    return values(text)


async def metrics_when(engine: Engine, name: str, value: float) -> Values:
    """A reading may be a second old."""
    async with asyncio.timeout(WITHIN):
        while (found := await metrics(engine)).get(name) != value:  # noqa: ASYNC110 (a page)
            await asyncio.sleep(0.1)
    return found


def stages(engine: Engine, sid: str) -> list[str]:
    return re.findall(rf"stages: (\w+) room=\S+ participant={sid} ms=\d+", engine.log)


async def test_a_class_can_be_read_from_the_metrics_and_a_join_from_the_log(engine: Engine) -> None:
    async with joined(engine, "teacher") as teacher, joined(engine, "student") as student:
        await teacher.publish_camera()
        await until(lambda: student.see("teacher/camera") > 10, "the teacher's picture")
        await until(lambda: "picture" in stages(engine, student.room.local_participant.sid), "its line")
        found = await metrics_when(engine, "aula_media_participants{active}", 2)
        sids = [each.room.local_participant.sid for each in (teacher, student)]
    assert found["aula_media_rooms"] == 1
    assert found["aula_media_participants{active}"] == 2
    assert found["aula_media_tracks{video}"] == found["aula_media_subscriptions{video}"] == 1
    assert found["aula_media_in_packets_total{video}"] > 10
    assert found["aula_media_out_octets_total{video}"] > 1000
    assert found["aula_media_datagrams_total{in,udp}"] > found["aula_media_in_packets_total{video}"]
    assert found["aula_media_datagrams_total{out,udp}"] > 10
    assert sum(number for name, number in found.items() if name.startswith("aula_media_layers{vp8")) >= 1
    assert found["aula_media_joins_stage_total{active}"] == 2
    assert found["aula_media_loop_lag_seconds"] < STALLED
    assert found["aula_media_drops_total{srtp_auth}"] == 0
    assert found["process_resident_memory_bytes"] > 0

    await until(lambda: all("leave" in stages(engine, sid) for sid in sids), "the ends of both")
    way = stages(engine, sids[0])
    assert way[0] == "join"
    assert way[-1] == "leave"
    assert {"answer", "ice", "dtls", "active", "media"} <= set(way)
    assert way.index("ice") < way.index("dtls") < way.index("active") < way.index("media")
    assert len(way) == len(set(way))
    after = await metrics_when(engine, "aula_media_tracks{video}", 0)
    assert after["aula_media_in_packets_total{video}"] >= found["aula_media_in_packets_total{video}"]


async def test_who_is_refused_leaves_a_line_and_a_number(engine: Engine) -> None:
    token = engine.token("stranger", secret="another-secret-of-thirty-two-characters")
    async with asyncio.timeout(10):
        reader, writer = await asyncio.open_connection("127.0.0.1", engine.port)
        writer.write(
            f"GET /rtc/v1?access_token={token} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        assert b"401" in await reader.readline()
        writer.close()
    await metrics_when(engine, "aula_media_joins_refused_total{unauthenticated}", 1)
    assert re.search(r"refused code=unauthenticated why=\"The access token", engine.log)


def still() -> tuple[Rooms, StillClock]:
    school = make_school()
    return school.rooms, school.clock


def status(rooms: Rooms, path: str) -> int:
    return respond(rooms, Request("GET", path)).status


@pytest.mark.parametrize(
    ("late", "healthz", "readyz"), [(0.1, 200, 200), (BEHIND, 200, 503), (STALLED, 503, 503)]
)
def test_health_is_red_while_the_loop_is_late_and_green_when_that_is_over(
    late: float, healthz: int, readyz: int
) -> None:
    rooms, clock = still()
    rooms.lag.observe(clock.now(), late)
    assert (status(rooms, "/healthz"), status(rooms, "/readyz")) == (healthz, readyz)
    clock.pass_(6)
    rooms.lag.observe(clock.now(), 0.0)
    assert (status(rooms, "/healthz"), status(rooms, "/readyz")) == (200, 200)


def test_while_draining_no_new_room_is_opened_and_the_process_is_not_ready() -> None:
    rooms, _ = still()
    rooms.create("demo.before")
    rooms.drain()
    with pytest.raises(Refusal, match="stopping"):
        rooms.create("demo.after")
    assert rooms.create("demo.before")
    assert (status(rooms, "/healthz"), status(rooms, "/readyz")) == (200, 503)


def test_the_lag_of_the_last_seconds_counts_and_what_is_kept_is_bounded() -> None:
    lag = Lag()
    for second in range(10_000):
        lag.observe(float(second), 1.0 if second == 9_000 else 0.01)
    assert lag.worst(10_000.0) == 0.01
    assert lag.longest == 1.0
    assert len(lag._seen) <= 100


async def test_metrics_may_want_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_METRICS_TOKEN", "only-for-prometheus")
    with running_engine(tmp_path) as engine:
        assert (await asyncio.to_thread(engine.get, "/metrics"))[0] == 401


@pytest.mark.parametrize("shown", ["", "Bearer wrong", "Bearer \xe9", "Bearer only-for-prometheus\xff"])
async def test_any_octets_may_be_shown_for_the_token(shown: str) -> None:
    rooms = make_school(metrics_token="only-for-prometheus").rooms
    assert respond(rooms, Request("GET", "/metrics", headers={"authorization": shown})).status == 401
    right = {"authorization": "Bearer only-for-prometheus"}
    assert respond(rooms, Request("GET", "/metrics", headers=right)).status == 200


async def test_tracks_are_walked_once_a_second_however_often_metrics_are_read() -> None:
    rooms, clock = still()

    def known() -> float:
        return values(respond(rooms, Request("GET", "/metrics")).body.decode())["aula_media_rooms"]

    assert known() == 0
    rooms.create("demo.biology")
    assert known() == 0
    clock.pass_(1)
    assert known() == 1
