"""The short form of `python -m bench.fuzz`: damaged traffic of every kind, and nobody minds."""

import random

import pytest

from bench.fuzz import fields, mutate, seeds, wire
from bench.fuzz.__main__ import GROWTH, judge
from bench.fuzz.messages import Messages
from signaling.sfu import dependency, ice, rtcp, rtp, vp8, vp9
from signaling.sfu.framing import Frames
from signaling.sfu.plane import Plane
from signaling.sfu.sctp import is_sane
from signaling.sfu.sdp import parse_offer

MESSAGES, DATAGRAMS, PARSED = 1500, 6000, 3000
DESCRIPTOR = bytes.fromhex("800001801080e1d22a4a")  # flags, a number, a structure
GAP = 3.0  # seconds; the machine may be busy


def accepts(parse, *given) -> None:
    """A parser may say no by ValueError and by nothing else."""
    try:
        parse(*given)
    except ValueError:
        return


@pytest.mark.parametrize(
    ("parse", "valid"),
    [
        (ice.parse_check, lambda dice: seeds.check("ufrag", "password", dice)),
        (rtcp.parse, lambda dice: seeds.rtcp(dice, 1, 2)),
        (lambda data: rtp.parse(memoryview(data), 0, len(data)), lambda dice: seeds.rtp(dice, 1, 96)),
        (vp8.describe, lambda dice: seeds.rtp(dice, 1, 96)[24:]),
        (vp9.describe, lambda dice: b"\xaf\x81\x01\x20\x05" + dice.randbytes(9)),
        (lambda data: dependency.Reader().read(data), lambda dice: DESCRIPTOR),
        (lambda data: list(Frames(1500).cut(data)), lambda dice: b"\0\x05hello\0\x03you"),
        (lambda data: is_sane(data, 9), lambda dice: bytes(12) + b"\4\0\0\x0c\0\1\0\x08user"),
    ],
    ids=["stun", "rtcp", "rtp", "vp8", "vp9", "dependency descriptor", "framing", "sctp"],
)
def test_a_parser_of_octets_refuses_by_value_error_alone(parse, valid):
    dice = random.Random(1)
    for _ in range(PARSED):
        accepts(parse, mutate.octets(dice, valid(dice)))


def test_the_parser_of_offers_refuses_by_value_error_alone():
    dice = random.Random(2)
    for _ in range(PARSED // 10):
        damaged = mutate.text(dice, dice.choice(seeds.OFFERS))
        accepts(lambda text: parse_offer(text, most_sections=450), damaged)


def test_every_damaged_message_can_still_be_written():
    dice = random.Random(3)
    for _ in range(PARSED):
        message = dice.choice(seeds.requests(["TR_x"], dice))
        fields.damage(dice, message)
        assert type(message).FromString(message.SerializeToString()) is not None


async def test_damaged_messages_offers_and_join_requests_raise_nothing():
    plane = Plane(hosts=["127.0.0.1"], port=0)
    await plane.start()
    fuzz = Messages(plane, seed=4)
    await fuzz.run(MESSAGES)
    fuzz.close()
    await plane.close()
    assert {"signal", "offer", "data", "join", "page"} <= set(fuzz.counts)
    assert plane.drops["internal"] == 0


async def test_damaged_datagrams_under_genuine_keys_leave_a_class_alone():
    seen = await wire.run(DATAGRAMS, seed=5)
    assert {"stun", "dtls", "rtp", "rtcp", "unsealed", "sctp_chunk", "tcp", "http"} <= set(seen.sent)
    assert seen.alive
    assert seen.complaints == []
    assert seen.sent_away == 0
    assert seen.gap < GAP
    assert seen.picture_gap < GAP


@pytest.mark.parametrize(
    "minded",
    [
        {"alive": False},
        {"complaints": ["Traceback"]},
        {"sent_away": 1.0},
        {"growth": GROWTH},
        {"gap": 1.0},
        {"picture_gap": 1.0},
    ],
    ids=lambda minded: next(iter(minded)),
)
def test_whatever_the_engine_or_the_class_minds_is_judged(minded):
    good = {"alive": True, "gap": 0.9, "picture_gap": 0.9, "growth": 1}
    assert judge(wire.Outcome(**good), 1)
    assert not judge(wire.Outcome(**{**good, **minded}), 1)
    assert not judge(wire.Outcome(**good), GROWTH)
