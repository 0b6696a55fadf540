"""Datagrams on a byte stream: each has its length in two octets before it (RFC 4571 section 2)."""

from __future__ import annotations

from collections.abc import Iterator

PREFIX = 2  # octets


class Frames:
    """Cuts what arrives into datagrams. Keeps at most one that is not complete."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._rest = b""

    def cut(self, data: bytes) -> Iterator[memoryview]:
        """The datagrams `data` completes; empty ones are left out (RFC 4571: they carry nothing).

        Raises ValueError at a length no WebRTC peer sends: the stream makes no sense from there on.
        """
        stream = memoryview(self._rest + data)
        at = 0
        while len(stream) - at >= PREFIX:
            length = stream[at] << 8 | stream[at + 1]
            if length > self._largest:
                raise ValueError(f"a frame of {length} octets")
            end = at + PREFIX + length
            if end > len(stream):
                break
            if length:
                yield stream[at + PREFIX : end]
            at = end
        self._rest = bytes(stream[at:])


def framed(datagram: bytes | memoryview) -> bytes:
    return len(datagram).to_bytes(PREFIX, "big") + datagram
