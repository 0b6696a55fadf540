"""Our credentials at a real coturn that runs the configuration we write."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from tests.turn import coturn, soak
from tests.turn.coturn import FOREIGN, NEW, OLD, SFU, Coturn, credential
from turncreds.allocation import RefusedByRelay, allocated, mapped_address
from turncreds.coturn import Profile
from turncreds.credentials import Credential, expiry

KINDS = ("udp", "tcp", "tls")


def later(given: Credential) -> Credential:
    """The same password with an hour more in the username."""
    expiry, _, participant = given.username.partition(":")
    return Credential(f"{int(expiry) + 3600}:{participant}", given.password)


async def uclient(relay: Coturn, kind: str, given: Credential) -> tuple[int, str]:
    """coturn's own client: two allocations exchange packets. Returns its exit code and output."""
    # A cipher of TLS 1.2 keeps it from choosing TLS 1.1 at random, to which the relay does not answer.
    ways = {"udp": [], "tcp": ["-t"], "tls": ["-t", "-S", "-F", "ECDHE-ECDSA-AES256-GCM-SHA384"]}
    port = str(relay.url(kind).port)
    words = ["-y", "-c", *ways[kind], "-n", "2", "-m", "1", "-u", given.username, "-w", given.password]
    process = await asyncio.create_subprocess_exec(
        *("turnutils_uclient", *words, "-p", port, "127.0.0.1"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), 60)
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode or 0, output.decode()


async def test_coturns_own_client_allocates_and_loses_nothing_over_udp_tcp_and_tls(relay):
    done = await asyncio.gather(*(uclient(relay, kind, credential(f"ada-{kind}")) for kind in KINDS))
    for kind, (code, output) in zip(KINDS, done, strict=True):
        assert "Total lost packets 0 " in output, f"{kind}: {output[-500:]}"
        assert code == 0, kind


@pytest.mark.parametrize("kind", KINDS)
async def test_coturns_own_client_is_refused_with_an_expired_a_tampered_or_a_foreign_credential(relay, kind):
    bad = [credential("ada", ttl=-1), later(credential("ada")), credential("ada", secret=FOREIGN)]
    for given in bad:
        code, output = await uclient(relay, kind, given)
        assert code != 0
        assert "Cannot complete Allocation" in output


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (lambda: credential("ada"), 200),
        (lambda: credential("ada", ttl=2), 200),
        (lambda: credential("ada", ttl=-1), 401),
        (lambda: later(credential("ada")), 401),
        (lambda: Credential(credential("ada").username, credential("eve").password), 401),
        (lambda: Credential(credential("ada").username, ""), 401),
        (lambda: credential("ada", secret=FOREIGN), 401),
        (lambda: credential("ada", secret=NEW + "x"), 401),
    ],
    ids=["fresh", "last seconds", "expired", "longer", "another's", "empty", "foreign", "near miss"],
)
async def test_a_credential_opens_the_relay_only_as_it_was_issued(relay, kind, given, answer):
    assert await relay.answer(kind, given()) == answer


async def test_during_a_rotation_old_and_new_secret_both_work_and_afterwards_only_the_new_one(tmp_path):
    both = coturn.plan(tmp_path)
    for secrets, answers in (((OLD,), (401, 200)), ((NEW, OLD), (200, 200)), ((NEW,), (200, 401))):
        async with coturn.running(replace(both, secrets=secrets), tmp_path) as relay:
            found = [await relay.answer("udp", credential("ada", secret=secret)) for secret in (NEW, OLD)]
            assert tuple(found) == answers


async def test_the_fifth_allocation_of_one_participant_is_refused_and_others_are_unharmed(relay):
    async with AsyncExitStack() as held:
        for kind in ("udp", "tcp", "tls", "udp"):
            await held.enter_async_context(allocated(relay.url(kind), credential("ada"), tls=relay.tls))
        # Another expiry is another username, but the same participant.
        assert await relay.answer("udp", credential("ada", ttl=300)) == 486
        assert await relay.answer("tcp", credential("ada")) == 486
        assert [await relay.answer(kind, credential("bob")) for kind in KINDS] == [200, 200, 200]


async def test_an_allocation_outlives_its_credential_and_a_new_one_needs_a_fresh_credential(relay):
    """So a short TTL costs a long class nothing."""
    given = credential("ada", ttl=1)
    async with allocated(relay.url("udp"), given) as held:
        await asyncio.sleep(expiry(given) + 1.1 - time.time())  # coturn counts whole seconds
        assert await relay.answer("udp", given) == 401
        await held.permit(SFU)
        assert await relay.answer("udp", credential("ada")) == 200


async def test_who_renews_at_half_life_never_drops_and_can_always_allocate_anew(relay):
    """The quarter-hour over a TTL of 60 s in short; `make soak` is the long one."""
    report = await soak.run(relay, ttl=4, seconds=9)
    assert report.failures == []
    assert report.renewals >= 3
    assert report.allocations >= 15


async def test_stun_tells_us_our_own_address(relay):
    address, _ = await mapped_address(relay.url("udp"))
    assert address == "127.0.0.1"


async def test_a_relay_without_a_certificate_serves_udp_and_tcp_and_listens_for_no_tls(tmp_path):
    plan = replace(coturn.plan(tmp_path), tls_port=None)
    async with coturn.running(plan, tmp_path) as relay:
        assert await relay.answer("udp", credential("ada")) == 200
        assert await relay.answer("tcp", credential("ada")) == 200
    assert "TLS 1.2: Certificate" not in relay.log


@pytest.mark.parametrize("profile", list(Profile))
async def test_coturn_understands_every_line_of_the_configuration(tmp_path, profile):
    async with coturn.running(coturn.plan(tmp_path, profile), tmp_path) as relay:
        assert await relay.answer("udp", credential("ada")) == 200
    complaints = ("Bad configuration format", "CONFIG ERROR", "Unknown", "WARNING: cannot find")
    assert [line for line in relay.log.splitlines() if any(each in line for each in complaints)] == []


async def test_a_refusal_of_the_relay_carries_its_code(relay):
    with pytest.raises(RefusedByRelay, match="401") as refused:
        async with allocated(relay.url("udp"), credential("ada", secret=FOREIGN)):
            pass
    assert refused.value.code == 401
