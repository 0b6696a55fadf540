"""SCTP over a light client's DTLS: an association set up in earnest, then chunks that make no sense.

The chunks of the beginning are aiortc's; RFC 9260 names the fields of the others.
"""

from __future__ import annotations

import random
import struct

from aiortc.rtcsctptransport import (
    CookieAckChunk,
    CookieEchoChunk,
    InitAckChunk,
    InitChunk,
    parse_packet,
    serialize_packet,
)
from google_crc32c import value as crc32c
from OpenSSL import SSL

from bench.dtls import Handshake
from bench.fuzz import mutate

PORT = 5000
GOING_ON = (0, 0, 0, 0, 0, 0, 3, 4, 5, 9, 130, 192, 255)  # chunk types (RFC 9260 3.2)
ENDING = (1, 2, 6, 7, 8, 10, 11, 14)  # those that end or begin an association
DCEP, BINARY = 50, 53  # payload protocol identifiers (RFC 8831 8)


class Association:
    """Feed `heard` what DTLS brings; `established` once the engine acknowledged the cookie."""

    def __init__(self, handshake: Handshake, dice: random.Random) -> None:
        self.handshake, self.dice = handshake, dice
        self.tag = dice.getrandbits(32)  # what the engine puts into its packets
        self.theirs = 0
        self.number = dice.getrandbits(31)
        self.established = False

    def open(self) -> None:
        chunk = InitChunk()
        chunk.initiate_tag, chunk.advertised_rwnd = self.tag, 131_072
        chunk.outbound_streams = chunk.inbound_streams = 65_535
        chunk.initial_tsn = self.number + 1
        self.put(serialize_packet(PORT, PORT, 0, chunk))

    def heard(self, packet: bytes) -> None:
        try:
            _, _, _, chunks = parse_packet(packet)
        except ValueError:
            return
        for chunk in chunks:
            if isinstance(chunk, InitAckChunk):
                self.theirs = chunk.initiate_tag
                answer = CookieEchoChunk()
                answer.body = next(value for kind, value in chunk.params if kind == 7)
                self.put(serialize_packet(PORT, PORT, self.theirs, answer))
            elif isinstance(chunk, CookieAckChunk):
                self.established = True

    def send_damaged(self, message: bytes) -> None:
        """One chunk with a genuine tag and checksum, and something wrong in it."""
        kind = self.dice.choice(ENDING if self.dice.random() < 0.01 else GOING_ON)
        body = self._data(message) if kind == 0 else self.dice.randbytes(self.dice.randrange(60))
        if self.dice.random() < 0.4:
            body = mutate.octets(self.dice, body, 1150)
        flags = self.dice.choice((7, 7, 7, 7, 3, 3, 0, 1, 2, 255))  # mostly whole and unordered: it arrives
        length = len(body) + 4 if self.dice.random() < 0.9 else self.dice.getrandbits(16)
        chunk = struct.pack("!BBH", kind, flags, length) + body + bytes(-len(body) % 4)
        self.put(sealed(struct.pack("!HHI", PORT, PORT, self.theirs), chunk))

    def _data(self, message: bytes) -> bytes:
        """A DATA chunk's value: mostly the next number, and a message or a channel's opening."""
        if self.dice.random() < 0.8:
            self.number = self.number + 1 & 0xFFFFFFFF
        number = self.number if self.dice.random() < 0.9 else self.dice.getrandbits(32)
        protocol = self.dice.choice((DCEP, BINARY, BINARY, 51, 56, 57, 0, 99))
        if protocol == DCEP:
            message = struct.pack("!BBHIHH", 3, 0, 0, 0, 9, 0) + b"_reliable"
        stream = self.dice.choice((0, 1, 2, 3, 40_000))
        return struct.pack("!IHHI", number, stream, self.dice.getrandbits(2), protocol) + message[:1100]

    def put(self, packet: bytes) -> None:
        try:
            self.handshake.connection.send(packet)
        except SSL.Error:  # the engine has ended this session: that is its right
            return
        self.handshake.flush()


def sealed(head: bytes, chunk: bytes) -> bytes:
    """Head and chunk with their checksum (RFC 9260 appendix A)."""
    return head + struct.pack("<I", crc32c(head + bytes(4) + chunk)) + chunk
