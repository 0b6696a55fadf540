"""Valid octets and texts, damaged. Everything comes from one seeded die, so a run can be repeated."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

EXTREMES = (0, 1, 2, 3, 4, 127, 128, 254, 255)
WORDS = ("0", "-1", "65536", "4294967296", "1e9", "", " ", "\0", "é", "¹", "x" * 300, "a=mid:0", "m=audio 9")
Mutator = Callable[[random.Random, bytearray], None]


def flip(dice: random.Random, data: bytearray) -> None:
    if data:
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def extreme(dice: random.Random, data: bytearray) -> None:
    if data:
        data[dice.randrange(len(data))] = dice.choice(EXTREMES)


def word(dice: random.Random, data: bytearray) -> None:
    """A 16-bit field that could be a length."""
    if len(data) > 1:
        at = dice.randrange(len(data) - 1)
        value = dice.choice((0, 1, 3, len(data), len(data) - at, 0x7FFF, 0x8000, 0xFFFF))
        data[at : at + 2] = (value & 0xFFFF).to_bytes(2, "big")


def cut(dice: random.Random, data: bytearray) -> None:
    del data[dice.randrange(len(data) + 1) :]


def remove(dice: random.Random, data: bytearray) -> None:
    at = dice.randrange(len(data) + 1)
    del data[at : at + dice.choice((1, 2, 4, 8))]


def insert(dice: random.Random, data: bytearray) -> None:
    at = dice.randrange(len(data) + 1)
    data[at:at] = dice.randbytes(dice.choice((1, 2, 4, 16)))


def repeat(dice: random.Random, data: bytearray) -> None:
    at = dice.randrange(len(data) + 1)
    data[at:at] = data[at : at + dice.choice((4, 16, 64))] * dice.choice((1, 2, 8))


def noise(dice: random.Random, data: bytearray) -> None:
    at = dice.randrange(len(data) + 1)
    data[at : at + 16] = dice.randbytes(dice.randrange(17))


MUTATORS: Sequence[Mutator] = (flip, extreme, word, cut, remove, insert, repeat, noise)


def octets(dice: random.Random, valid: bytes, most: int = 1400) -> bytes:
    """`valid` after one to four injuries, at most `most` octets long."""
    data = bytearray(valid)
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 4))):
        dice.choice(MUTATORS)(dice, data)
    return bytes(data[:most])


def text(dice: random.Random, valid: str) -> str:
    """Lines lost, doubled, moved, and words exchanged: what a parser of lines has to bear."""
    lines = valid.split("\r\n")
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(lines))
        match dice.randrange(7):
            case 0:
                del lines[at : at + dice.choice((1, 1, 5, 50))]
            case 1:
                lines.insert(at, dice.choice(lines))
            case 2:
                lines[at:at] = lines[at : at + dice.choice((10, 40))]
            case 3:
                lines[at] = lines[at][: dice.randrange(len(lines[at]) + 1)]
            case 4:
                damaged = octets(dice, lines[at].encode(errors="replace"))
                lines[at] = damaged.decode("utf-8", "replace")
            case _:
                parts = lines[at].replace(":", ": ").split(" ")
                parts[dice.randrange(len(parts))] = dice.choice(WORDS)
                lines[at] = " ".join(parts).replace(": ", ":")
        lines = lines or [""]
    return "\r\n".join(lines)
