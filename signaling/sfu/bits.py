"""Bit strings as specifications write them: f(n), ns(n), Exp-Golomb."""

from __future__ import annotations


class Bits:
    """Reads from the first bit on. Raises ValueError beyond the end."""

    __slots__ = ("_number", "at", "size")

    def __init__(self, data: bytes) -> None:
        self._number = int.from_bytes(data, "big")
        self.size = 8 * len(data)
        self.at = 0

    def read(self, count: int) -> int:
        """f(count)"""
        self.at += count
        if self.at > self.size:
            raise ValueError("bits are short")
        return self._number >> (self.size - self.at) & ((1 << count) - 1)

    def flag(self) -> bool:
        return bool(self.read(1))

    def below(self, limit: int) -> int:
        """ns(limit): a number from 0 to limit - 1 in as few bits as it needs."""
        width = limit.bit_length()
        spare = (1 << width) - limit
        value = self.read(width - 1)
        return value if value < spare else (value << 1) - spare + self.read(1)

    def golomb(self) -> int:
        """ue(v), ITU-T H.264 9.1. Raises ValueError for more than 32 bits."""
        zeros = 0
        while not self.read(1):
            zeros += 1
            if zeros > 32:
                raise ValueError("an Exp-Golomb number is too long")
        return (1 << zeros) - 1 + self.read(zeros)

    def signed_golomb(self) -> int:
        """se(v), ITU-T H.264 9.1.1"""
        code = self.golomb()
        return (code + 1) // 2 if code & 1 else -(code // 2)
