"""Relay servers over the classroom socket: for whom, when again, and that nobody is kept out without them."""

from datetime import timedelta

import pytest
from channels.layers import get_channel_layer
from django.db import connection

from tests.socket.conftest import Page, rows, wire
from turncreds.credentials import Credential, Verdict, check
from turncreds.models import RelayCount, RelayGrant, RelayPolicy

SECRET, OWN_SECRET = "platform" + "p" * 32, "own" + "o" * 32
URLS = ["turns:turn.example.org:443", "turn:turn.example.org"]


@pytest.fixture(autouse=True)
def platform(settings):
    settings.TURN_URLS, settings.TURN_SECRETS = URLS, [SECRET]
    settings.TURN_ISSUES_PER_MINUTE = 3


@pytest.fixture
def policy(live):
    """Sets the school's relay policy: `await policy(max_participants=1)`."""

    async def set_policy(**values):
        await rows(live, lambda: RelayPolicy.objects.create(tenant=live.tenant, **values))

    return set_policy


def credential(told):
    relay = told["servers"][-1]
    return Credential(relay["username"], relay["credential"])


def given(page):
    return [message for message in page.keep if message["type"] == "ice_servers"]


async def half_life(session):
    """Let every socket of the class do now what it does when half the credential's time is over."""
    group = f"classroom.{session.tenant.slug}.{session.public_id}"
    await get_channel_layer().group_send(group, {"type": "timer", "name": "relays"})


async def test_who_comes_in_is_given_relays_before_the_way_to_the_media_server(inside, teacher, live, clock):
    page = await inside(teacher, live)
    (told,) = given(page)
    assert told["servers"][0] == {
        "urls": ["stun:turn.example.org:3478"],
        "username": None,
        "credential": None,
    }
    assert [url for server in told["servers"] for url in server["urls"]][1:] == [
        "turn:turn.example.org:3478?transport=udp",
        "turns:turn.example.org:443?transport=tcp",
    ]
    assert credential(told).username == f"{int(clock.at.timestamp()) + 600}:{page.id}"
    assert check(credential(told), secrets=[SECRET], now=clock.at.timestamp()) is Verdict.GENUINE


async def test_at_half_life_everybody_inside_is_given_new_ones(inside, page, teacher, student, live, clock):
    leading = await inside(teacher, live)
    waiting = await page(student, live)
    clock.pass_by(seconds=300)
    await half_life(live)
    told = await leading.get("ice_servers")
    assert credential(told).username.startswith(f"{int(clock.at.timestamp()) + 600}:")
    await waiting.up_to_date()
    assert not given(waiting)


async def test_who_comes_back_after_a_lost_line_is_given_them_too(page, inside, teacher, live, clock):
    first = await inside(teacher, live)
    await first.close()
    again = await page(teacher, live)
    assert (await again.join(since=first.seq))["type"] == "resumed"
    assert len(given(again)) == 1


async def test_a_school_with_a_relay_of_its_own_gives_that(inside, teacher, live, policy, clock):
    await policy(urls="turn:turn.school.example", secrets=OWN_SECRET)
    told = given(await inside(teacher, live))[0]
    assert told["servers"][-1]["urls"] == ["turn:turn.school.example:3478?transport=udp"]
    assert check(credential(told), secrets=[OWN_SECRET], now=clock.at.timestamp()) is Verdict.GENUINE


async def test_who_gets_none_because_the_relay_is_full_is_in_the_class_all_the_same(
    inside, teacher, student, live, policy
):
    await policy(max_participants=1)
    assert given(await inside(teacher, live))
    assert not given(await inside(student, live))
    counted = await rows(live, lambda: RelayCount.objects.get())
    assert (counted.issued, counted.relay_full) == (1, 1)


async def test_a_page_that_reloads_again_and_again_gets_in_without_new_ones(page, teacher, live):
    got = []
    for _ in range(5):
        each = await page(teacher, live)
        assert (await each.join())["type"] == "joined"
        got.append(len(given(each)))
    assert got == [1, 1, 1, 0, 0]


async def test_who_was_refused_asks_again_after_a_while(inside, teacher, live, policy, monkeypatch):
    await policy(max_participants=0)
    monkeypatch.setattr("signaling.classroom.times.RELAYS_AGAIN", timedelta(seconds=0.05))
    page = await inside(teacher, live)
    await rows(live, lambda: RelayPolicy.objects.update(max_participants=None))
    assert (await page.get("ice_servers"))["servers"]


async def test_an_old_list_is_taken_back_once_its_time_is_over_and_not_before(
    inside, teacher, live, policy, clock
):
    page = await inside(teacher, live)
    await policy(max_participants=0)
    for seconds, taken_back in ((300, 0), (299, 0), (2, 1), (60, 0)):
        clock.pass_by(seconds=seconds)
        page.keep.clear()
        await half_life(live)
        if taken_back:
            assert (await page.get("ice_servers"))["servers"] == []
        await page.up_to_date()
        assert not given(page)


async def test_a_relay_that_is_no_longer_there_is_taken_back_at_once(inside, teacher, live, settings):
    page = await inside(teacher, live)
    settings.TURN_URLS, settings.TURN_SECRETS = [], []
    await half_life(live)
    assert (await page.get("ice_servers"))["servers"] == []


async def test_a_school_whose_policy_cannot_be_read_gets_the_platforms_relay(
    inside, teacher, live, policy, caplog
):
    await policy(urls="turn:turn.school.example", secrets=OWN_SECRET)
    spoil = "UPDATE turncreds_relaypolicy SET secrets = 'sealed under a key that was lost'"
    await rows(live, lambda: connection.cursor().execute(spoil))
    (told,) = given(await inside(teacher, live))
    assert "turns:turn.example.org:443?transport=tcp" in told["servers"][-1]["urls"]
    assert "Save it again" in caplog.text


async def test_where_there_is_no_relay_nothing_is_told_and_nothing_counted(inside, teacher, live, settings):
    settings.TURN_URLS, settings.TURN_SECRETS = [], []
    assert not given(await inside(teacher, live))
    assert not await rows(live, lambda: RelayCount.objects.exists())


async def test_an_outsider_gets_no_relay_of_another_school_and_is_not_counted_there(outsider, live, clock):
    socket = Page(wire(outsider, f"/ws/sessions/{live.public_id}/", clock))
    assert await socket.open() == (False, 4404)
    assert not await rows(live, lambda: RelayCount.objects.exists() or RelayGrant.objects.exists())
