"""RTCP written and read again, and RTCP that is wrong."""

import os
import random
import struct

import pytest

from signaling.sfu import rtcp
from signaling.sfu.reception import Block
from tests.sfu.plane.stage import Stage

BLOCK = Block(ssrc=5, fraction=12, lost=-3, highest=70_000, jitter=8, lsr=0xABCD1234, dlsr=99)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rtcp.sender_report(1, ntp=3.5, timestamp=9, packets=1, octets=2), [rtcp.SenderReport(1, 3.5, 9)]),
        (rtcp.receiver_report(1, [BLOCK]), [rtcp.Report(BLOCK)]),
        (rtcp.description(1, "teacher"), []),
        (rtcp.picture_loss(1, 2), [rtcp.KeyFrameRequest(2)]),
        (rtcp.nack(1, 2, [3]), [rtcp.Nack(2, (3,))]),
        (rtcp.nack(1, 2, [65_535, 0, 15, 16, 40]), [rtcp.Nack(2, (65_535, 0, 15, 16, 40))]),
        (struct.pack("!BBHIIIBxxx", 0x84, rtcp.PSFB, 4, 1, 0, 7, 1), [rtcp.KeyFrameRequest(7)]),  # FIR
    ],
)
def test_what_is_written_is_read_again(written, read):
    assert rtcp.parse(written) == (read, 0)


def test_a_compound_is_read_to_its_end():
    compound = rtcp.receiver_report(1, []) + rtcp.description(1, "x") + rtcp.picture_loss(1, 2)
    assert rtcp.parse(compound) == ([rtcp.KeyFrameRequest(2)], 0)


def test_one_malformed_packet_does_not_hide_the_next():
    compound = bytes([0x9F, 201, 0, 1]) + bytes(4) + rtcp.picture_loss(1, 2)
    assert rtcp.parse(compound) == ([rtcp.KeyFrameRequest(2)], 1)


def test_at_most_31_blocks_are_written():
    assert rtcp.receiver_report(1, [BLOCK] * 40)[0] & 31 == 31


def test_no_bytes_make_the_parser_raise():
    dice = random.Random(7)
    good = rtcp.sender_report(1, ntp=3.5, timestamp=9, packets=1, octets=2) + rtcp.nack(1, 2, range(100))
    for _ in range(3000):
        data = bytearray(good if dice.random() < 0.7 else os.urandom(dice.randrange(60)))
        for _ in range(dice.randrange(8)):
            if data:
                data[dice.randrange(len(data))] = dice.randrange(256)
        rtcp.parse(bytes(data[: dice.randrange(len(data) + 1)]))


def test_compounds_fit_the_path():
    joined = rtcp.compounds([bytes(500)] * 5)
    assert [len(datagram) for datagram in joined] == [1000, 1000, 500]


def test_what_is_larger_than_a_datagram_never_reaches_the_slot():
    sealer = Stage().sealer
    assert not sealer.rtcp(bytes(1501))
    assert sealer.drops["send_oversized"] == 1
    assert sealer.sent == []
