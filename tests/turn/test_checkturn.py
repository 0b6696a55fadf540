"""`check_relay` says what is wrong with a real relay, and what to do about it; the commands around it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.turn import coturn
from tests.turn.coturn import FOREIGN, NEW, OLD, SFU, Coturn
from turncreds import mends
from turncreds.coturn import Profile
from turncreds.credentials import Credential
from turncreds.mends import Trouble
from turncreds.peers import networks
from turncreds.reachability import Finding, Target, check_relay
from turncreds.relays import Relay
from turncreds.servers import ServerUrl

SFU_ONLY = tuple(networks([SFU]))


async def findings(relay: Coturn, /, **other: object) -> list[Finding]:
    known = {"relay": relay.relay, "allowed": SFU_ONLY, "ttl": 60, "tls": relay.tls} | other
    return await check_relay(Target(**known))


def troubles(found: list[Finding]) -> set[str]:
    assert all(each.mend for each in found if not each.ok)
    return {each.text for each in found if not each.ok}


def secrets(*found: str):
    return lambda relay: {"relay": replace(relay.relay, secrets=found)}


async def test_a_sound_relay_has_nothing_but_good_findings_for_each_transport(relay):
    found = await findings(relay)
    assert troubles(found) == set()
    transports = [
        each.url.partition(":")[0] + each.url.rpartition("=")[2][:3]
        for each in found
        if "allocates" in each.text
    ]
    assert transports == ["turnudp", "turntcp", "turnstcp"]
    assert sum(f"lets {SFU} through, and no private address" in each.text for each in found) == 3
    assert any("sees us as 127.0.0.1" in each.text for each in found)


@pytest.mark.parametrize(
    ("other", "trouble"),
    [
        (secrets(FOREIGN), mends.FOREIGN_SECRET),
        (secrets(FOREIGN, NEW), mends.OLD_SECRET),
        (secrets(NEW, FOREIGN), mends.RETIRED_SECRET),
        (lambda relay: {"ttl": -3600}, mends.CLOCK_AHEAD),
        (lambda relay: {"relay": Relay((), (NEW,))}, mends.NO_RELAY),
        (secrets(), mends.NO_RELAY),
    ],
    ids=["foreign secret", "newest secret unknown", "retired secret", "clock", "no address", "no secret"],
)
async def test_each_cause_of_a_refusal_is_told_apart(relay, other, trouble: Trouble):
    found = await findings(relay, **other(relay))
    assert troubles(found) == {trouble.text}


async def test_a_media_server_that_the_relay_does_not_know_is_named(relay):
    found = await findings(relay, allowed=tuple(networks([SFU, "198.51.100.7"])))
    assert troubles(found) == {mends.NO_WAY_TO_MEDIA.text.format(peer="198.51.100.7")}


async def test_a_relay_into_the_private_network_is_an_alarm(tmp_path):
    plan = replace(coturn.plan(tmp_path), allowed=tuple(networks([SFU, "10.0.0.0/8"])))
    async with coturn.running(plan, tmp_path) as relay:
        assert troubles(await findings(relay)) == {mends.INTO_THE_NETWORK.text.format(peer="10.0.0.1")}


async def test_an_open_relay_is_an_alarm(tmp_path):
    """Somebody "mended" the relay with a line that lets everybody in."""
    async with coturn.running(coturn.plan(tmp_path), tmp_path, change=opened) as relay:
        assert mends.OPEN_RELAY.text in troubles(await findings(relay))


def opened(text: str) -> str:
    kept = [line for line in text.splitlines() if "auth-secret" not in line]
    return "\n".join([*kept, "no-auth"])


async def test_a_certificate_that_browsers_do_not_trust_is_named(relay):
    found = [each for each in await findings(relay, tls=None) if not each.ok]
    assert [each.url for each in found] == [str(relay.url("tls"))]
    assert "will not trust the certificate: self-signed" in found[0].text


async def test_a_certificate_about_to_end_is_named(tmp_path):
    plan = coturn.plan(tmp_path, days=3)
    async with coturn.running(plan, tmp_path) as relay:
        assert troubles(await findings(relay)) == {"its certificate ends in 2 days"}


async def test_where_nobody_answers_the_port_to_open_is_named(monkeypatch, relay):
    monkeypatch.setattr("turncreds.reachability.PATIENCE", 1.0)
    dead = relay.plan.port + 5
    urls = tuple(
        ServerUrl.parse(text)
        for text in (
            f"turn:127.0.0.1:{dead}",
            f"turn:127.0.0.1:{dead}?transport=tcp",
            "turns:nowhere.invalid",
        )
    )
    found = await findings(relay, relay=Relay(urls, (NEW,)))
    assert troubles(found) == {
        f"no answer from 127.0.0.1:{dead}/udp",
        f"nothing listens on 127.0.0.1:{dead}/tcp",
        "the name nowhere.invalid is not known",
    }
    assert any(f"open {dead}/udp in every firewall" in each.mend for each in found)


async def test_a_port_without_tls_is_named(tmp_path):
    async with coturn.running(replace(coturn.plan(tmp_path), tls_port=None), tmp_path) as relay:
        plain = ServerUrl("turns", "localhost", relay.plan.port, "tcp")
        found = await findings(relay, relay=Relay((plain,), (NEW,)))
        assert len(troubles(found)) == 1
        assert all(each.url == str(plain) for each in found)


async def test_no_finding_and_no_repr_shows_a_secret(relay):
    shown = f"{await findings(relay)} {relay.relay} {relay.plan}"
    shown += f"{await findings(relay, relay=replace(relay.relay, secrets=(FOREIGN, OLD)))}"
    assert not any(secret in shown for secret in (NEW, OLD, FOREIGN))


@pytest.fixture
def turn_settings(settings, relay: Coturn):
    settings.TURN_URLS = [str(url) for url in reversed(relay.urls)]
    settings.TURN_SECRETS = [NEW, OLD]
    settings.TURN_CA_FILE = relay.plan.certificate
    settings.MEDIA_ANNOUNCE = [SFU]
    return settings


async def command(*words: str) -> str:
    out = StringIO()
    await asyncio.to_thread(call_command, *words, stdout=out, stderr=out, no_color=True)
    return out.getvalue()


async def test_checkturn_prints_every_finding_and_fails_where_one_is_bad(turn_settings, relay):
    assert (await command("checkturn")).count("ok   ") == 7
    turn_settings.TURN_SECRETS = [FOREIGN + "x" * 32]
    with pytest.raises(SystemExit) as ended:
        await command("checkturn")
    assert ended.value.code == 1


async def test_checkturn_speaks_json_to_a_health_check(turn_settings, relay):
    found = json.loads(await command("checkturn", "--json"))
    assert {each["ok"] for each in found} == {True}


async def test_the_list_that_iceservers_prints_opens_the_relay(turn_settings, relay):
    stun, turn = json.loads(await command("iceservers", "--participant", "ada"))
    assert stun == {"urls": [f"stun:127.0.0.1:{relay.plan.port}"]}
    assert turn["urls"] == [str(url) for url in relay.urls]
    credential = Credential(turn["username"], turn["credential"])
    assert [await relay.answer(kind, credential) for kind in ("udp", "tcp", "tls")] == [200] * 3


async def test_iceservers_refuses_an_id_the_relay_could_misread(turn_settings):
    with pytest.raises(CommandError, match="letters, digits"):
        await command("iceservers", "--participant", "a b")


async def test_without_a_relay_iceservers_prints_an_empty_list(settings):
    settings.TURN_URLS = []
    assert "[]" in await command("iceservers")


async def test_what_coturnconf_writes_runs_a_relay_that_checkturn_finds_sound(turn_settings, relay, tmp_path):
    turn_settings.TURN_CERTIFICATE, turn_settings.TURN_KEY = relay.plan.certificate, relay.plan.key
    turn_settings.TURN_RELAY_PORTS = "27010-27099"
    folder = tmp_path / "own"
    folder.mkdir()
    turn_settings.TURN_URLS = [
        "turn:127.0.0.1:27000",
        "turn:127.0.0.1:27000?transport=tcp",
        "turns:localhost:27001",
    ]
    await command("coturnconf", "--output", str(folder / "turnserver.conf"))
    assert (folder / "turnserver.conf").stat().st_mode & 0o777 == 0o640
    with coturn.started(folder, ("127.0.0.1",)) as process:
        await coturn.until_it_listens(process, 27000, folder)
        assert "FAIL" not in await command("checkturn")


async def test_coturnconf_writes_both_profiles(turn_settings):
    closed, direct = await command("coturnconf"), await command("coturnconf", "--profile", Profile.DIRECT)
    assert "denied-peer-ip=0.0.0.0-255.255.255.255" in closed
    assert "denied-peer-ip=10.0.0.0-10.255.255.255" in direct
    for text in (closed, direct):
        assert f"static-auth-secret={NEW}\nstatic-auth-secret={OLD}\n" in text
        assert {"user-quota=4", "no-tcp-relay", "no-cli", f"allowed-peer-ip={SFU}"} <= set(text.splitlines())


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TURN_SECRETS", [], "openssl rand -hex 32"),
        ("TURN_URLS", ["stun:s.example"], "holds no turn: address"),
        ("TURN_URLS", ["turn:a.example:1", "turn:b.example:2"], "one coturn listens on one"),
        ("MEDIA_ANNOUNCE", [], "MEDIA_ANNOUNCE names no address"),
        ("MEDIA_ANNOUNCE", ["local"], "MEDIA_ANNOUNCE names no address"),
        ("TURN_RELAY_PORTS", "9", "write first-last"),
    ],
)
async def test_coturnconf_says_what_is_missing(turn_settings, name, value, says):
    setattr(turn_settings, name, value)
    with pytest.raises(CommandError, match=says):
        await asyncio.to_thread(call_command, "coturnconf", skip_checks=True)
