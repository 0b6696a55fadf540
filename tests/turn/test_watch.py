"""What a health endpoint says of the relay, and when it asks."""

from __future__ import annotations

import asyncio
import time

import pytest
from django.test import Client

from tests.turn.coturn import NEW, plan, running
from turncreds.reachability import Finding
from turncreds.watch import EVERY, RelayWatch

GOOD = Finding("turn:t.example", True, "relays")
BAD = Finding("turn:t.example", False, "does not answer", "start coturn")


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def asked(settings, clock):
    """A watch whose checks answer what `found` holds; `done()` waits for as many checks."""
    settings.TURN_URLS = ["turn:t.example"]
    asked = RelayWatch(lambda: answers.pop(0), clock)
    answers = asked.answers = []
    return asked


def until(condition):
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come about")


def test_the_first_to_ask_does_not_wait_for_the_answer(asked):
    asked.answers.append([GOOD])
    assert asked.state() == "unknown"
    until(lambda: asked.state() == "ok")


def test_it_is_asked_again_once_the_answer_is_old(asked, clock):
    asked.answers += [[GOOD], [GOOD, BAD]]
    asked.state()
    until(lambda: asked.state() == "ok")
    clock.now += EVERY - 1
    assert asked.state() == "ok"
    assert len(asked.answers) == 1
    clock.now += 1
    asked.state()
    until(lambda: asked.state() == "failing")


def test_what_fails_is_logged_once_with_its_mend_and_again_when_it_is_over(asked, caplog):
    asked.answers += [[BAD], [BAD], [GOOD]]
    with caplog.at_level("INFO"):
        for _ in range(3):
            asked.check()
    assert caplog.text.count("start coturn") == 1
    assert caplog.text.count("works again") == 1


@pytest.mark.parametrize("error", [OSError("no such file"), ValueError("wrong"), RuntimeError("bug")])
def test_a_check_that_breaks_is_a_failure_too(settings, error):
    settings.TURN_URLS = ["turn:t.example"]

    def breaks():
        raise error

    broken = RelayWatch(breaks)
    broken.check()
    assert broken.state() == "failing"


async def test_the_web_process_says_whether_a_real_relay_works(settings, tmp_path, monkeypatch):
    wanted = plan(tmp_path)
    async with running(wanted, tmp_path) as coturn:
        settings.TURN_URLS, settings.TURN_SECRETS = [str(coturn.url("udp")), str(coturn.url("tcp"))], [NEW]
        settings.MEDIA_ANNOUNCE, settings.TURN_ALLOWED_PEERS = ["127.0.0.1"], []
        fresh = RelayWatch()
        await asyncio.to_thread(fresh.check)
        assert fresh.state() == "ok", fresh._failed
    await asyncio.to_thread(fresh.check)
    assert fresh.state() == "failing"


def test_readiness_tells_it_and_is_not_changed_by_it(db, settings, asked, monkeypatch):
    settings.MEDIA_API_URL = "http://127.0.0.1:9"
    monkeypatch.setattr("aula.health.relay_watch", asked)
    asked.answers.append([BAD])
    asked.state()
    until(lambda: asked.state() == "failing")
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["relay"]) == (200, "failing")
