"""The socket as it runs in production: two daphne processes, a real Redis between them, real connections."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import requests
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests import redis
from tests.conftest import NewSchool
from tests.journeys.aula import free_port
from tests.redis import Redis
from tests.socket.web import TALK, School, Web, get, send

WRONG = 10  # passwords for one email, then a pause
ASKS = 6  # of the API in a minute, for one person


@pytest.fixture(scope="module")
def between() -> Iterator[Redis]:
    with redis.running() as running:
        yield running


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, between: Redis, new_school: NewSchool) -> School:
    limits = {"API_REQUESTS_PER_MINUTE": str(ASKS)}
    return new_school(tmp_path_factory.mktemp("school"), students=3, REDIS_URL=between.url, **limits)


@pytest.fixture(scope="module")
def webs(school: School) -> Iterator[list[Web]]:
    running = [Web(school, free_port()) for _ in range(2)]
    for each in running:
        each.wait_until_ready()
    yield running
    for each in running:
        each.stop()


def address(web: Web, path: str) -> tuple[str, dict[str, str]]:
    """Where it is on this machine, and the host it is asked by."""
    return f"http://127.0.0.1:{web.port}{path}", {"Host": "demo.localhost"}


def guess(web: Web) -> int:
    """The status of an answer to a wrong password, from a browser of its own."""
    where, host = address(web, "/sign-in/")
    with requests.Session() as browser:
        browser.get(where, headers=host, timeout=30).raise_for_status()
        token = browser.cookies["csrftoken"]
        form = {"username": "teacher@demo.test", "password": "wrong horse", "csrfmiddlewaretoken": token}
        cookie = {"Cookie": f"csrftoken={token}"}
        return browser.post(where, form, headers=host | cookie, timeout=30).status_code


def test_wrong_passwords_are_counted_over_all_processes(webs):
    in_turn = itertools.cycle(webs)
    assert [guess(next(in_turn)) for _ in range(WRONG)] == [200] * WRONG
    assert [guess(each) for each in webs] == [429, 429]


def asks(school: School, web: Web) -> tuple[int, str]:
    """The status of an answer of the API, and how many requests are left by it."""
    where, host = address(web, "/api/v1/courses/")
    cookie = {"Cookie": f"sessionid={school.teacher}"}
    answer = requests.get(where, headers=host | cookie, timeout=30)
    return answer.status_code, answer.headers["RateLimit"].split(";")[1]


def test_requests_of_the_api_are_counted_over_all_processes(school, webs):
    def minute() -> int:
        return int(time.time() // 60)

    for _ in range(3):  # a minute may end meanwhile
        began, in_turn = minute(), itertools.cycle(webs)
        answers = [asks(school, next(in_turn)) for _ in range(ASKS + 2)]
        if minute() == began:
            break
    assert answers == [(200, f"r={left}") for left in reversed(range(ASKS))] + [(429, "r=0")] * 2


async def test_a_class_over_two_processes_is_one_class(school, webs):
    one, two = webs
    async with (
        asyncio.timeout(30),
        one.open(school.teacher) as teacher,
        two.open(school.students[0]) as student,
    ):
        await send(teacher, "join")
        leader = (await get(teacher, "joined"))["you"]
        while (await get(student, "hello"))["session"]["state"] != "live":
            pass
        await send(student, "join")
        joined = await get(student, "joined")
        assert [each["id"] for each in joined["participants"]] == [leader, joined["you"]]
        assert (await get(teacher, "participant_joined"))["participant"]["id"] == joined["you"]

        lines = [f"{who}-{n}" for n in range(5) for who in ("teacher", "student")]
        for n, key in enumerate(lines):
            await send((teacher, student)[n % 2], "say", key=key, text=key)
        heard = [[await get(each, "said") for _ in lines] for each in (teacher, student)]
        assert heard[0] == heard[1]
        assert [each["seq"] for each in heard[0]] == list(range(joined["seq"] + 1, joined["seq"] + 11))
        assert {each["message"]["key"] for each in heard[0]} == set(lines)

        async with one.open(school.students[0]) as second:
            await send(second, "join", since=heard[1][-1]["seq"])
            assert (await get(second, "resumed"))["you"] == joined["you"]
            await get(student, "moved")
            with pytest.raises(ConnectionClosed) as closed:
                await student.recv()
            assert closed.value.rcvd.code == 4409


async def test_captions_go_from_one_process_to_the_other(school, webs):
    one, two = webs
    async with (
        asyncio.timeout(30),
        one.open(school.teacher) as teacher,
        two.open(school.students[0]) as student,
    ):
        for page in (teacher, student):
            await send(page, "join")
        speaker = (await get(teacher, "joined"))["you"]
        await get(student, "joined")
        await send(student, "want_captions", wanted=True)
        assert (await get(teacher, "captions_changed"))["captions"]["wanted"] is True
        await send(teacher, "captioning", state="on")
        assert (await get(student, "captioning_now"))["by"] == speaker
        await send(teacher, "caption", line=0, text="Good morning", final=True)
        assert (await get(student, "subtitle"))["text"] == "Good morning"

        async with two.open(school.students[1]) as late:
            await send(late, "join")
            assert (await get(late, "joined"))["captions"]["wanted"] is True
            await send(late, "want_captions", wanted=True)
            assert (await get(late, "captioning_now"))["state"] == "on"


async def test_of_two_students_on_two_processes_one_has_the_screen(school, webs):
    one, two = webs
    async with (
        asyncio.timeout(30),
        one.open(school.teacher) as teacher,
        one.open(school.students[0]) as first,
        two.open(school.students[1]) as second,
    ):
        for page in (teacher, first, second):
            await send(page, "join")
            await get(page, "joined")
        for page in (first, second):
            await send(page, "share_screen", on=True)
        answers = [await get(page, "screen_granted", "refused") for page in (first, second)]
        assert sorted(answer["type"] for answer in answers) == ["refused", "screen_granted"]
        granted = [answer["type"] for answer in answers].index("screen_granted")
        has, waits = (first, second) if granted == 0 else (second, first)
        await send(has, "share_screen", on=False)
        await get(has, "screen_granted")
        await send(waits, "share_screen", on=True)
        await get(waits, "screen_granted")


@pytest.mark.parametrize("session", ["0" * 32, "nothing"])
async def test_a_class_that_does_not_exist_is_a_refused_handshake(school, webs, session):
    with pytest.raises(InvalidStatus) as refused:
        await webs[0].open(school.students[1], session)
    assert refused.value.response.status_code == 403


async def test_a_frame_far_too_large_is_cut_off_by_the_server_itself(school, webs):
    async with asyncio.timeout(20), webs[0].open(school.students[1]) as flooding:
        await get(flooding, "hello")
        await send(flooding, "say", key="k", text="x" * 40_000)
        assert (await get(flooding, "refused"))["code"] == "too_large"
        await flooding.send("x" * 70_000)
        with pytest.raises(ConnectionClosed):
            await flooding.recv()


async def test_a_class_that_has_talked_much_can_still_be_joined(tmp_path, new_school):
    """More than one frame of a page may hold; what is older is asked for."""
    talkative = new_school(tmp_path)
    talkative.run("-c", TALK, "400", "🙂" * 1000)
    web = Web(talkative, free_port())
    try:
        web.wait_until_ready()
        async with asyncio.timeout(20), web.open(talkative.teacher) as teacher:
            await send(teacher, "join")
            joined = await get(teacher, "joined")
            assert (joined["earlier"], joined["messages"][-1]["id"]) == (True, 400)
            await send(teacher, "history", before=joined["messages"][0]["id"])
            told = await get(teacher, "earlier")
            assert told["messages"][-1]["id"] == joined["messages"][0]["id"] - 1
    finally:
        web.kill()


async def test_a_process_told_to_stop_stops_though_a_class_is_on(school):
    web = Web(school, free_port())
    try:
        web.wait_until_ready()
        async with asyncio.timeout(40):
            for key in (school.teacher, *school.students):
                socket = await web.open(key)
                await send(socket, "join")
                await get(socket, "joined")
            web.process.terminate()
            await asyncio.to_thread(web.process.wait, 15)
    finally:
        web.kill()


@asynccontextmanager
async def media_server() -> AsyncIterator[tuple[str, list[str]]]:
    """Where it is, and what it is asked for, in order; it has nobody in any room."""
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.read(65536)).split(maxsplit=2)[1].decode().rpartition("/")[2])
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1") as server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}", asked


async def test_what_is_under_way_when_a_process_is_told_to_stop_is_done_to_its_end(school, webs, monkeypatch):
    """Whoever is removed just then is out of the media room as well."""
    async with asyncio.timeout(60), media_server() as (url, asked):
        monkeypatch.setitem(school.environment, "MEDIA_API_URL", url)
        stopping = Web(school, free_port())
        try:
            await asyncio.to_thread(stopping.wait_until_ready)
            async with (
                stopping.open(school.teacher) as teacher,
                stopping.open(school.students[1]) as other,
                webs[0].open(school.students[0]) as student,
            ):
                for page in (teacher, other, student):
                    await send(page, "join")
                    joined = await get(page, "joined")
                with school.held():
                    await send(teacher, "remove", participant=joined["you"])
                    for n in range(2):  # answered once that is with the database
                        await send(other, "ping", n=n)
                        await get(other, "pong")
                    stopping.process.terminate()
                    await asyncio.sleep(1)  # for the signal to arrive
                await get(student, "removed")
            await asyncio.to_thread(stopping.process.wait, 15)
        finally:
            stopping.kill()
    assert "RemoveParticipant" in asked


async def test_what_is_said_while_redis_is_away_is_told_once_it_is_back(school, webs, between: Redis):
    one, two = webs
    async with (
        asyncio.timeout(90),
        one.open(school.teacher) as teacher,
        two.open(school.students[1]) as student,
    ):
        for page in (teacher, student):
            await send(page, "join")
            await get(page, "joined")
        between.stop()
        await send(teacher, "say", key="while-away", text="Can you read me?")
        await send(teacher, "ping", n=1)
        await get(teacher, "pong")
        between.start()
        await send(student, "say", key="when-back", text="Now I can")
        for page in (teacher, student):
            heard = [(await get(page, "said"))["message"]["key"] for _ in range(2)]
            assert heard == ["while-away", "when-back"]


async def test_a_process_that_dies_loses_nobody_who_reconnects(school, webs):
    one, two = webs
    async with asyncio.timeout(40), one.open(school.teacher) as teacher:
        await send(teacher, "join")
        await get(teacher, "joined")
        async with two.open(school.students[2]) as student:
            await send(student, "join")
            joined = await get(student, "joined")
            two.kill()
            with pytest.raises(ConnectionClosed):
                await get(student, "never")
        await send(teacher, "say", key="meanwhile", text="Where are you?")
        async with one.open(school.students[2]) as back:
            await send(back, "join", since=joined["seq"])
            assert (await get(back, "resumed"))["you"] == joined["you"]
            assert (await get(back, "said"))["message"]["key"] == "meanwhile"
        await send(teacher, "end_class")
        await get(teacher, "class_ended")
